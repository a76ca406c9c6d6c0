package dev.socratic.cli.serve;

import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Watcher;
import dev.socratic.models.generate.Writing;
import dev.socratic.models.network.Draws;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one thread that has the model: it lets answers join as soon as there is a row for them, writes all of them a few
/// tokens further, and lets those go that are finished or that nobody waits for. Between two such steps it does one
/// piece of other work (log probabilities of a prompt).
///
/// Of the answers that wait, the next is of the request that has the fewest under way, so one that wants a hundred does
/// not keep out the others.
final class Batcher implements AutoCloseable {
    private final LiveModel model;
    private final int mostWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final List<Pending> waiting = new ArrayList<>();
    private final List<Work> works = new ArrayList<>();
    private final List<Pending> open = new ArrayList<>();
    private final Thread worker;
    private boolean draining;
    private volatile boolean closed;
    private volatile long cacheBytes;

    private record Pending(LiveModel.Ready prompt, Watcher watcher, Mailbox mailbox) {}

    private record Work(Runnable body, CompletableFuture<?> outcome) {}

    Batcher(LiveModel model, int mostWaiting) {
        this.model = model;
        this.mostWaiting = mostWaiting;
        // Native code computes, and pins a virtual thread's carrier all the while: a platform thread.
        this.worker = Thread.ofPlatform().daemon().name("batcher").start(this::work);
    }

    /// Has all answers of a request written.
    ///
    /// @param prompts one for each answer
    /// @throws ApiFailure if too many wait already
    void submit(List<LiveModel.Ready> prompts, Mailbox mailbox) {
        List<Watcher> watchers = mailbox.watchers();
        lock.lock();
        try {
            requireRoom(prompts.size());
            for (int i = 0; i < prompts.size(); i++) {
                waiting.add(new Pending(prompts.get(i), watchers.get(i), mailbox));
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Has something else done with the model, on the same thread.
    ///
    /// @return the outcome, later; cancelling it takes it out of the queue
    /// @throws ApiFailure if too many wait already
    <T> CompletableFuture<T> submit(Callable<T> body) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Runnable run = () -> {
            try {
                outcome.complete(body.call());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                outcome.completeExceptionally(ApiFailure.closing());
            } catch (Exception | Error failed) {
                outcome.completeExceptionally(failed);
            } finally {
                // whatever happened: nobody waits for ever
                outcome.completeExceptionally(ApiFailure.bug("nothing came of it"));
            }
        };
        lock.lock();
        try {
            requireRoom(1);
            works.add(new Work(run, outcome));
            arrived.signal();
        } finally {
            lock.unlock();
        }
        return outcome;
    }

    private void requireRoom(int more) {
        if (draining) {
            throw ApiFailure.closing();
        }
        waiting.removeIf(asked -> !asked.mailbox().wanted());
        if (waiting.size() + works.size() + more > mostWaiting) {
            throw ApiFailure.overload(String.format(Locale.ROOT,
                    "%,d answers are waiting already, of at most %,d; try again later, or ask for fewer at once",
                    waiting.size() + works.size(), mostWaiting));
        }
    }

    /// @return answers and other work that wait for their turn
    int waiting() {
        lock.lock();
        try {
            return waiting.size() + works.size();
        } finally {
            lock.unlock();
        }
    }

    /// @return answers that are being written
    int active() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /// @return bytes that the cache took after the last step
    long cacheBytes() {
        return cacheBytes;
    }

    private void work() {
        while (!closed) {
            try (Writing writing = model.writing()) {
                while (!closed) {
                    step(writing);
                }
            } catch (InterruptedException closing) {
                failOpen(ApiFailure.closing());
            } catch (RuntimeException | Error broken) {
                // Errors too, memory that ran out above all: whoever waits is told, and whoever comes next finds a
                // fresh start.
                failOpen(broken instanceof OutOfMemoryError ? ApiFailure.of(broken)
                        : ApiFailure.bug("the model failed: " + broken));
            }
        }
    }

    private void step(Writing writing) throws InterruptedException {
        Optional<Work> work = Optional.empty();
        List<Pending> joining = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            leave();
            while (waiting.isEmpty() && works.isEmpty() && open.isEmpty()) {
                arrived.await();
            }
            if (!works.isEmpty()) {
                work = Optional.of(works.removeFirst());
            }
            while (!waiting.isEmpty() && open.size() < model.card().unit()) {
                Pending next = waiting.stream().min(Comparator.comparingInt(asked -> asked.mailbox().open))
                        .orElseThrow();
                waiting.remove(next);
                if (next.mailbox().wanted()) {
                    next.mailbox().open++;
                    open.add(next);
                    joining.add(next);
                }
            }
        } finally {
            lock.unlock();
        }
        work.filter(one -> !one.outcome().isDone()).ifPresent(one -> one.body().run());
        joining.forEach(asked -> writing.join(asked.prompt(), new Leaving(asked)));
        if (writing.open() > 0) {
            writing.advance();
            cacheBytes = writing.cacheBytes();
        }
    }

    /// Forgets answers that nobody wants any more; the model does so by itself.
    private void leave() {
        for (Iterator<Pending> all = open.iterator(); all.hasNext();) {
            Mailbox mailbox = all.next().mailbox();
            if (!mailbox.wanted()) {
                mailbox.open--;
                all.remove();
            }
        }
    }

    /// Frees an answer's place once it is finished.
    private final class Leaving implements Watcher {
        private final Pending asked;

        Leaving(Pending asked) {
            this.asked = asked;
        }

        @Override
        public boolean wanted() {
            return asked.watcher().wanted();
        }

        @Override
        public boolean watches() {
            return asked.watcher().watches();
        }

        @Override
        public OptionalInt likeliest() {
            return asked.watcher().likeliest();
        }

        @Override
        public void drew(long token, Draws.Noted noted) {
            asked.watcher().drew(token, noted);
        }

        @Override
        public void wrote(String piece) {
            asked.watcher().wrote(piece);
        }

        @Override
        public void done(Completion completion, long[] tokens) {
            lock.lock();
            try {
                if (open.remove(asked)) {
                    asked.mailbox().open--;
                }
            } finally {
                lock.unlock();
            }
            asked.watcher().done(completion, tokens);
        }
    }

    private void failOpen(ApiFailure reason) {
        List<Pending> failed;
        lock.lock();
        try {
            failed = List.copyOf(open);
            open.forEach(asked -> asked.mailbox().open--);
            open.clear();
        } finally {
            lock.unlock();
        }
        failed.forEach(asked -> asked.mailbox().fail(reason));
    }

    /// Takes nothing more and fails what waits; what is being written goes on.
    void drain() {
        List<Pending> failed;
        List<Work> undone;
        lock.lock();
        try {
            draining = true;
            failed = List.copyOf(waiting);
            waiting.clear();
            undone = List.copyOf(works);
            works.clear();
        } finally {
            lock.unlock();
        }
        failed.forEach(asked -> asked.mailbox().fail(ApiFailure.closing()));
        undone.forEach(work -> work.outcome().completeExceptionally(ApiFailure.closing()));
    }

    /// Ends what is being written too, and waits until the model is free.
    @Override
    public void close() {
        drain();
        closed = true;
        failOpen(ApiFailure.closing());
        worker.interrupt();
        try {
            worker.join(10_000); // a step takes less
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
