package dev.socratic.trainer.objective;

/// A number over the progress of training. A bare number is constant.
public sealed interface Schedule {
    /// @param progress share of the budget used, from 0 to 1
    double at(double progress);

    /// Always the same.
    record Constant(double value) implements Schedule {
        @Override
        public double at(double progress) {
            return value;
        }
    }

    /// From one value to another in a straight line.
    record Linear(double from, double to) implements Schedule {
        @Override
        public double at(double progress) {
            return from + (to - from) * progress;
        }
    }

    /// From one value to another along half a cosine: slow at both ends.
    record Cosine(double from, double to) implements Schedule {
        @Override
        public double at(double progress) {
            return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
        }
    }
}
