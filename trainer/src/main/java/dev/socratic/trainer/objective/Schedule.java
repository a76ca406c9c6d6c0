package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

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

    /// From one value to another in a straight line, which may begin late and end early.
    ///
    /// @param start progress until which it is `from`
    /// @param end   progress from which on it is `to`
    record Linear(double from, double to, @Default("0") double start, @Default("1") double end) implements Schedule {
        public Linear {
            if (!(start >= 0 && start < end && end <= 1)) {
                throw new IllegalArgumentException(
                        "linear needs 0 <= start < end <= 1; got start %s, end %s".formatted(start, end));
            }
        }

        @Override
        public double at(double progress) {
            return from + (to - from) * Math.clamp((progress - start) / (end - start), 0.0, 1.0);
        }
    }

    /// From one value to another along half a cosine: slow at both ends.
    record Cosine(double from, double to) implements Schedule {
        @Override
        public double at(double progress) {
            return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
        }
    }

    /// Up by a step whenever the held-out loss is at least `tolerance` above what it was when the value last changed
    /// (at first: before training). For the share of a student's rollout. Source: DistiLLM, Ko et al. 2024,
    /// arXiv:2402.03898, whose code begins at 0 and adds 0.1 for a loss 0.1 higher.
    ///
    /// @param from      at first
    /// @param by        what is added
    /// @param tolerance nats by which the loss must have risen
    /// @param to        at most
    record Driven(@Default("0") double from, @Default("0.1") double by, @Default("0.1") double tolerance,
            @Default("1") double to) implements Schedule {
        public Driven {
            if (!(from >= 0 && from <= to && to <= 1 && by > 0 && tolerance >= 0)) {
                throw new IllegalArgumentException(
                        ("driven needs 0 <= from <= to <= 1, by > 0, tolerance >= 0; got from %s, to %s, by %s, "
                                + "tolerance %s")
                        .formatted(from, to, by, tolerance));
            }
        }

        /// What it is before any loss is known; from then on the run's own state says it.
        @Override
        public double at(double progress) {
            return from;
        }

        /// @param rises how often the loss has risen
        public double after(int rises) {
            return Math.min(to, from + by * rises);
        }
    }

    /// Up at least in a straight line, and faster while the loss of its own term falls: after a step of loss J, `m =
    /// momentum m + (1 - momentum) (J_before - J) / J_before` and `t = min(to, max(line, t + rate sigmoid(m) (1 -
    /// t)))`; it begins to move after the second step. For the share of a blend. Source: TAID, Shing et al. 2025,
    /// arXiv:2501.16937, with its code's numbers.
    record Adaptive(@Default("0.4") double from, @Default("1") double to, @Default("0.0005") double rate,
            @Default("0.99") double momentum) implements Schedule {
        public Adaptive {
            if (!(from >= 0 && from < 1 && to >= from && to <= 1 && rate >= 0 && rate <= 1 && momentum >= 0
                    && momentum < 1)) {
                throw new IllegalArgumentException(
                        ("adaptive needs 0 <= from <= to <= 1, from < 1, 0 <= rate <= 1, 0 <= momentum < 1; got from "
                                + "%s, to %s, rate %s, momentum %s")
                        .formatted(from, to, rate, momentum));
            }
        }

        /// The line, below which it never is for long; the run's own state says where it stands.
        @Override
        public double at(double progress) {
            return from + (to - from) * progress;
        }
    }

    /// One value before a moment, another from it on: two of them make two stages.
    ///
    /// @param at share of the budget
    record Step(double at, double before, double after) implements Schedule {
        public Step {
            if (!(at > 0 && at < 1)) {
                throw new IllegalArgumentException(
                        "step.at must lie between 0 and 1; got %s; write the number alone for a constant".formatted(
                                at));
            }
        }

        @Override
        public double at(double progress) {
            return progress < at ? before : after;
        }
    }

    /// Up in equal stairs: `from` on the first, `to` on the last. Source: Annealing-KD, Jafari et al. 2021,
    /// arXiv:2104.07163, where the teacher's logits are scaled by 1/7, 2/7, ..., 1.
    ///
    /// @param count stairs, at least 2
    /// @param end   progress at which the last stair ends; it stays there
    record Stairs(double from, double to, int count, @Default("1") double end) implements Schedule {
        public Stairs {
            if (count < 2 || !(end > 0 && end <= 1)) {
                throw new IllegalArgumentException(
                        "stairs need count >= 2 and 0 < end <= 1; got count %s, end %s".formatted(count, end));
            }
        }

        @Override
        public double at(double progress) {
            int stair = (int) Math.clamp(Math.floor(progress / end * count), 0, count - 1);
            return from + (to - from) * stair / (count - 1);
        }
    }
}
