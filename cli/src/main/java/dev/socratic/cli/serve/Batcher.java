package dev.socratic.cli.serve;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Gathers requests that arrive at the same time into units of the model's size, so that many clients are answered as fast as one batch is.
///
/// A unit is complete when it is full or a short while after its first request; while the model is busy, requests gather without waiting.
/// `card().parallel()` threads hand units to the model.
final class Batcher implements AutoCloseable {
    private final TextModel model;
    private final Duration gather;
    private final BlockingQueue<Waiting> queue;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Thread> workers;

    /// What is to be done and whoever waits for it; a cancelled future takes it out of the queue.
    private sealed interface Waiting {
        CompletableFuture<?> outcome();

        /// Answered together with others.
        record Asked(GenerationRequest request, CompletableFuture<GenerationOutcome> outcome) implements Waiting {}

        /// Done by itself.
        record Work(Runnable body, CompletableFuture<?> outcome) implements Waiting {}
    }

    Batcher(TextModel model, Duration gather, int mostWaiting) {
        this.model = model;
        this.gather = gather;
        this.queue = new LinkedBlockingQueue<>(mostWaiting);
        // Native code computes, and pins a virtual thread's carrier all the while: platform threads.
        this.workers = IntStream.range(0, model.card().parallel())
                .mapToObj(i -> Thread.ofPlatform().daemon().name("batcher-" + i).start(this::work))
                .toList();
    }

    /// @return the outcome, later; cancelling it is allowed
    /// @throws ApiFailure if too many wait already
    CompletableFuture<GenerationOutcome> submit(GenerationRequest request) {
        CompletableFuture<GenerationOutcome> outcome = new CompletableFuture<>();
        submit(new Waiting.Asked(request, outcome));
        return outcome;
    }

    /// Has something else done with the model, on the same threads.
    ///
    /// @return the outcome, later; cancelling it is allowed
    /// @throws ApiFailure if too many wait already
    <T> CompletableFuture<T> submit(Callable<T> body) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        submit(new Waiting.Work(() -> {
            try {
                outcome.complete(body.call());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                outcome.completeExceptionally(ApiFailure.unavailable("the server is closing"));
            } catch (Exception | LinkageError failed) {
                outcome.completeExceptionally(failed);
            }
        }, outcome));
        return outcome;
    }

    private void submit(Waiting waiting) {
        underWay.incrementAndGet();
        var unused = waiting.outcome().whenComplete((outcome, thrown) -> underWay.decrementAndGet());
        if (closed.get() || !queue.offer(waiting)) {
            waiting.outcome().cancel(false);
            throw ApiFailure.unavailable(closed.get()
                    ? "the server is closing"
                    : String.format(Locale.ROOT, "%,d requests are waiting already; try again later", queue.size()));
        }
    }

    /// @return whether nobody waits for anything; then the caller has the model to itself until [#leave()], as far as a new request goes
    boolean enterAlone() {
        return underWay.compareAndSet(0, 1);
    }

    void leave() {
        underWay.decrementAndGet();
    }

    private void work() {
        while (!closed.get()) {
            List<Waiting> unit = List.of();
            try {
                unit = gathered();
                answer(unit);
            } catch (InterruptedException stopped) {
                fail(unit, "the server is closing", true);
            } catch (RuntimeException | LinkageError broken) {
                fail(unit, "the model failed: " + broken, false);
            }
        }
    }

    private List<Waiting> gathered() throws InterruptedException {
        List<Waiting> unit = new ArrayList<>();
        unit.add(queue.take());
        int size = model.card().unit();
        long end = System.nanoTime() + gather.toNanos();
        while (unit.size() < size) {
            queue.drainTo(unit, size - unit.size());
            if (unit.size() < size) {
                Waiting next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                unit.add(next);
            }
        }
        unit.removeIf(waiting -> waiting.outcome().isDone());
        return unit;
    }

    private void answer(List<Waiting> unit) throws InterruptedException {
        List<Waiting.Asked> asked = new ArrayList<>();
        List<Waiting.Work> work = new ArrayList<>();
        for (Waiting waiting : unit) {
            switch (waiting) {
                case Waiting.Asked one -> asked.add(one);
                case Waiting.Work one -> work.add(one);
            }
        }
        work.forEach(one -> one.body().run());
        if (!asked.isEmpty()) {
            together(asked);
        }
    }

    private void together(List<Waiting.Asked> unit) throws InterruptedException {
        // Ids must differ within one call, and clients' do not.
        List<GenerationRequest> requests = IntStream.range(0, unit.size())
                .mapToObj(i -> new GenerationRequest("r" + i, unit.get(i).request().messages(), unit.get(i).request().sampling()))
                .toList();
        List<GenerationOutcome> outcomes = model.generate(requests);
        for (int i = 0; i < unit.size(); i++) {
            unit.get(i).outcome().complete(renamed(outcomes.get(i), unit.get(i).request().id()));
        }
    }

    private static GenerationOutcome renamed(GenerationOutcome outcome, String id) {
        return switch (outcome) {
            case Completion done -> new Completion(id, done.text(), done.reasoning(), done.finish(), done.usage());
            case Failure failed -> new Failure(id, failed.problem(), failed.temporary());
        };
    }

    private static void fail(List<Waiting> unit, String problem, boolean temporary) {
        unit.forEach(waiting -> waiting.outcome().completeExceptionally(temporary ? ApiFailure.unavailable(problem) : ApiFailure.bug(problem)));
    }

    @Override
    public void close() {
        closed.set(true);
        workers.forEach(Thread::interrupt);
        List<Waiting> rest = new ArrayList<>();
        queue.drainTo(rest);
        fail(rest, "the server is closing", true);
    }
}
