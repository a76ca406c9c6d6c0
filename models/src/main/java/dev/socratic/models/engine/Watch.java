package dev.socratic.models.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Somebody who is told of every call of a program in this process: for laws that hold for all programs, and for
/// counting. Told on the calling thread, after a call that succeeded; calls made meanwhile are not told.
public final class Watch implements AutoCloseable {
    private static final List<Watch> ALL = new CopyOnWriteArrayList<>();
    private static final ThreadLocal<Boolean> TELLING = ThreadLocal.withInitial(() -> false);

    private final Consumer<Call> told;

    /// Watches until it is closed.
    public Watch(Consumer<Call> told) {
        this.told = told;
        ALL.add(this);
    }

    static void tell(Program program, String method, boolean graph, Program.Arg... args) {
        if (ALL.isEmpty() || TELLING.get()) {
            return;
        }
        TELLING.set(true);
        try {
            Call call = new Call(program, method, List.of(args), graph);
            ALL.forEach(watch -> watch.told.accept(call));
        } finally {
            TELLING.remove();
        }
    }

    @Override
    public void close() {
        ALL.remove(this);
    }
}
