package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Somebody who is told of every call of a program in this process: for laws that hold for all programs, for counting,
/// and for the self-test. Told on the calling thread, before a call and after one that succeeded; calls made meanwhile
/// are not told.
public final class Watch implements AutoCloseable {
    private static final List<Watch> ALL = new CopyOnWriteArrayList<>();
    private static final ThreadLocal<Boolean> TELLING = ThreadLocal.withInitial(() -> false);

    private final Consumer<Call> before;
    private final BiConsumer<Call, List<NDArray>> after;

    /// Watches until it is closed.
    ///
    /// @param after is told of a call that succeeded
    public Watch(Consumer<Call> after) {
        this(ignored -> { }, (call, results) -> after.accept(call));
    }

    /// @param before is told of a call, the very one that the other is told of
    /// @param after  is told of one that succeeded, and of its results, which are the caller's
    public Watch(Consumer<Call> before, BiConsumer<Call, List<NDArray>> after) {
        this.before = before;
        this.after = after;
        ALL.add(this);
    }

    /// @return the call, if anybody is to be told of it
    static Optional<Call> begins(Program program, String method, boolean graph, Program.Arg... args) {
        if (ALL.isEmpty() || TELLING.get()) {
            return Optional.empty();
        }
        Call call = new Call(program, method, List.of(args), graph);
        tell(watch -> watch.before.accept(call));
        return Optional.of(call);
    }

    static void ended(Call call, List<NDArray> results) {
        tell(watch -> watch.after.accept(call, results));
    }

    private static void tell(Consumer<Watch> told) {
        TELLING.set(true);
        try {
            ALL.forEach(told);
        } finally {
            TELLING.remove();
        }
    }

    @Override
    public void close() {
        ALL.remove(this);
    }
}
