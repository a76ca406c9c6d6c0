package dev.socratic.trainer.run;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import dev.socratic.trainer.run.checkpoint.TrainState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/// What a training tells of itself while it goes: how much of its budget is done, loss and learning rate of the last
/// step, tokens a second over the last ones.
final class Throughput {
    /// Steps that the speed is told over.
    private static final int STEPS = 20;

    private record Timed(long millis, int tokens) {}

    private final Progress progress;
    private final BudgetTracker budget;
    private final Deque<Timed> steps = new ArrayDeque<>();
    private String line = "";
    private long done;

    /// @param from where the run begins, or goes on
    Throughput(Progress progress, BudgetTracker budget, TrainState from) {
        this.progress = progress;
        this.budget = budget;
        this.done = budget.done(from);
        progress.unit(budget.unit());
        progress.total(budget.goal());
        progress.done(done);
    }

    /// @param loss of a step, nats a token of the loss mask
    /// @param rate learning rate
    void learned(double loss, double rate) {
        line = String.format(Locale.ROOT, "loss %.4f  lr %.2e", loss, rate);
    }

    void skipped(String why) {
        line = why;
    }

    /// A step is over.
    void after(TrainState state, long millis, int tokens) {
        progress.state(line + speed(millis, tokens));
        progress.done(budget.done(state) - done);
        done = budget.done(state);
        progress.spent(new Usage(tokens, 0, 0));
    }

    private String speed(long millis, int tokens) {
        steps.addLast(new Timed(Math.max(1, millis), tokens));
        if (steps.size() > STEPS) {
            steps.removeFirst();
        }
        long time = steps.stream().mapToLong(Timed::millis).sum();
        double speed = 1000.0 * steps.stream().mapToLong(Timed::tokens).sum() / time;
        return String.format(Locale.ROOT, speed < 1000 ? "  %.0f tokens/s" : "  %,.0f tokens/s", speed);
    }
}
