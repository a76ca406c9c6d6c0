package dev.socratic.models.generate;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// One scheduler for the requests of many threads: whoever has the turn writes the answers of all a few tokens further.
final class SharedScheduler implements AutoCloseable {
    private final Scheduler scheduler;
    private final ReentrantLock turn;
    private final Queue<Answer> arrived = new ConcurrentLinkedQueue<>();

    /// @param turn held while the model computes
    SharedScheduler(Scheduler scheduler, ReentrantLock turn) {
        this.scheduler = scheduler;
        this.turn = turn;
    }

    /// Writes answers to their ends.
    ///
    /// @throws InterruptedException if the thread was interrupted; the answers are written on as long as others ask
    void finish(List<Answer> answers) throws InterruptedException {
        arrived.addAll(answers);
        boolean open = true;
        while (open) {
            turn.lockInterruptibly();
            try {
                for (Answer next = arrived.poll(); next != null; next = arrived.poll()) {
                    scheduler.submit(next);
                }
                open = answers.stream().anyMatch(answer -> !answer.finished());
                if (open) {
                    scheduler.advance();
                }
            } finally {
                turn.unlock();
            }
        }
    }

    SchedulerCounts counts() {
        return scheduler.counts();
    }

    /// Called with the turn.
    @Override
    public void close() {
        scheduler.close();
    }
}
