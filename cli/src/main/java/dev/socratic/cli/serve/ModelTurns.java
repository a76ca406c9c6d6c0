package dev.socratic.cli.serve;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The one thread that has a model which does one small thing at a time, and the queue before it.
final class ModelTurns implements AutoCloseable {
    private final int most;
    private final ThreadPoolExecutor thread;

    /// @param most things that may wait
    ModelTurns(int most) {
        this.most = most;
        // Native code computes, and pins a virtual thread's carrier all the while: a platform thread.
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(most),
                Thread.ofPlatform().daemon().name("embedder-", 0).factory());
    }

    int waiting() {
        return thread.getQueue().size();
    }

    /// Has something done and waits for it; a client that leaves meanwhile is not waited for.
    ///
    /// @throws ApiFailure if too many wait already, or it takes too long
    <T> T await(ServedRequest exchange, Callable<T> body, ServeLimits limits) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(body);
        exchange.whenLost(() -> task.cancel(false));
        try {
            thread.execute(task);
            return task.get(limits.answer().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException full) {
            throw thread.isShutdown() ? ApiFailure.closing() : ApiFailure.overload(String.format(Locale.ROOT,
                    "%,d requests are waiting already; try again later, or ask for fewer at once", most));
        } catch (ExecutionException failed) {
            throw ApiFailure.of(failed.getCause());
        } catch (TimeoutException late) {
            throw ApiFailure.late("the answer took more than %s seconds; ask for less".formatted(limits.answer()
                    .toSeconds()));
        } catch (CancellationException gone) {
            throw thread.isShutdown() ? ApiFailure.closing() : ApiFailure.unavailable("the client has gone");
        } finally {
            task.cancel(false);
            thread.remove(task);
        }
    }

    /// Takes nothing more and fails what waits; what is under way goes on.
    void drain() {
        thread.shutdown();
        for (Runnable left : thread.getQueue().toArray(Runnable[]::new)) {
            if (left instanceof Future<?> task) {
                task.cancel(false);
            }
        }
    }

    @Override
    public void close() {
        drain();
        try {
            boolean unused = thread.awaitTermination(10, TimeUnit.SECONDS); // a part takes less
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
