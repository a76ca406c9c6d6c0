package dev.socratic.trainer.rollout;

import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Steps whose text is written while others are learned from: *asynchronous* rollouts, `staleness` of them.
///
/// The text of step k is begun when step k - staleness begins to learn, with a copy of the weights as they are then,
/// on a thread of its own; step k waits for it. So a text is at most `staleness` updates old, which text it is depends
/// on the seed and the number of the step alone and on no clock, and a checkpoint holds what is written ahead.
///
/// One thread writes, step after step; a copy of the weights stays as it is until its text is written, so there are as
/// many as `staleness`.
public final class RolloutsAhead implements AutoCloseable {
    private final int staleness;
    private final IntFunction<Decoder> copies;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon()
            .name("rollouts").factory());
    private final int threads = Engines.threads();
    private final Deque<Coming> coming = new ArrayDeque<>();
    private Optional<Coming> taken = Optional.empty();

    /// @param weights the step after which they were the student's
    private record Coming(long step, long weights, Future<Rollouts.RolloutStep> text) {}

    /// @param staleness how many steps, at least 1
    /// @param copies    gives a copy of the student as it is now, of a number below `staleness`; the one of that number
    ///                  from before is not used any more
    public RolloutsAhead(int staleness, IntFunction<Decoder> copies) {
        this.staleness = staleness;
        this.copies = copies;
    }

    /// A step that was written ahead, as a checkpoint has it.
    ///
    /// @param step    its number
    /// @param weights the step after which the weights that wrote it were the student's
    /// @param origin  where its text comes from
    public record Ahead(long step, long weights, Rollouts.Origin origin, List<RolloutBuffer.Batch> batches) {
        public Ahead {
            batches = List.copyOf(batches);
        }
    }

    /// @param text  what the step learns from
    /// @param stale how many updates were made between its writing and its learning
    public record Taken(Rollouts.RolloutStep text, long stale) {}

    /// Takes up what a checkpoint holds, unless something is known already.
    public void restore(List<Ahead> kept, RolloutState state) {
        if (coming.isEmpty()) {
            kept.forEach(one -> coming.add(new Coming(one.step(), one.weights(), CompletableFuture
                    .completedFuture(new Rollouts.RolloutStep(
                            one.batches().stream().map(RolloutBuffer.Batch::batch).toList(), state, one.origin())))));
        }
    }

    /// @return the next step to be written, where the step of this number has begun; empty where all are
    public Optional<Long> missing(long now) {
        long next = coming.isEmpty() ? now : coming.getLast().step() + 1;
        return coming.size() < staleness ? Optional.of(next) : Optional.empty();
    }

    /// Begins to write a step with the weights as they are.
    ///
    /// @param weights the step after which they are the student's
    /// @param writing given the copy
    public void begin(long step, long weights, Function<Decoder, Rollouts.RolloutStep> writing) {
        Decoder copy = copies.apply((int) (step % staleness));
        coming.add(new Coming(step, weights, writer.submit(() -> {
            Engines.threads(threads); // of this thread
            return writing.apply(copy);
        })));
    }

    /// Waits for the first of the steps that were begun, and takes it out.
    ///
    /// @return empty where none was begun
    public Optional<Taken> take(long now) {
        taken = Optional.ofNullable(coming.poll());
        return taken.map(one -> new Taken(finished(one), now - 1 - one.weights()));
    }

    /// @return how many are begun
    public int size() {
        return coming.size();
    }

    /// Waits for all of them.
    ///
    /// @param learned the last step that was learned from; one that was taken and not learned from is kept too
    /// @return what a checkpoint holds
    public List<Ahead> kept(long learned) {
        return Stream.concat(taken.filter(one -> one.step() > learned).stream(), coming.stream()).map(one -> {
            Rollouts.RolloutStep text = finished(one);
            return new Ahead(one.step(), one.weights(), text.origin(),
                    text.batches().stream().map(RolloutBuffer.Batch::of).toList());
        }).toList();
    }

    /// An interrupt ends a run after its step: what is being written is waited for all the same.
    private static Rollouts.RolloutStep finished(Coming one) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return one.text().get();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException ours ? ours
                    : new CompletionException(failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Waits for the text that is being written, and forgets the rest.
    @Override
    public void close() {
        coming.forEach(one -> one.text().cancel(false));
        coming.clear();
        writer.close();
    }
}
