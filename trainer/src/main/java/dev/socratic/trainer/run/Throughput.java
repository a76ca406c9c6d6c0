package dev.socratic.trainer.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/// What a training says of itself while it goes: loss and learning rate of the last step, tokens a second over the last
/// ones.
final class Throughput {
    /// Steps that the speed is told over.
    private static final int STEPS = 20;

    private record Timed(long millis, int tokens) {}

    private final Deque<Timed> steps = new ArrayDeque<>();
    private String learned = "";

    /// @param loss of a step, nats a counting token
    /// @param rate learning rate
    void learned(double loss, double rate) {
        learned = String.format(Locale.ROOT, "loss %.4f  lr %.2e", loss, rate);
    }

    void skipped(String why) {
        learned = why;
    }

    /// @return the line
    String after(long millis, int tokens) {
        steps.addLast(new Timed(Math.max(1, millis), tokens));
        if (steps.size() > STEPS) {
            steps.removeFirst();
        }
        long time = steps.stream().mapToLong(Timed::millis).sum();
        double speed = 1000.0 * steps.stream().mapToLong(Timed::tokens).sum() / time;
        return learned + String.format(Locale.ROOT, speed < 1000 ? "  %.0f tokens/s" : "  %,.0f tokens/s", speed);
    }
}
