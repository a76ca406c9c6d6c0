package dev.socratic.trainer.optim;

import dev.socratic.models.engine.FloatType;

/// What a loss is multiplied by before its gradients are taken, and the gradients divided by before they are used:
/// `gradient = d(factor loss) / d weight / factor`.
///
/// Float16 has no number below 6e-8, where most gradients of a mean loss are: they would be 0. Multiplied by as much as
/// goes without an infinite one they are not. How much that is changes during a run, so the factor follows: it is
/// halved at a step whose gradients are not finite, which is skipped, and doubled after 2,000 good ones in a row
/// (constants and rule of torch.amp.GradScaler; Micikevicius et al. 2017, arXiv:1710.03740). It is a power of two, so
/// that dividing loses nothing. Other types need none: bfloat16 has the range of float32.
///
/// @param dynamic whether it follows; otherwise the factor is 1
/// @param factor  a power of two, at least 1
/// @param good    steps taken since it changed last
public record LossScale(boolean dynamic, double factor, int good) {
    /// Every loss as it is.
    public static final LossScale NONE = new LossScale(false, 1, 0);
    private static final double FIRST = 65536;
    private static final int DOUBLED_AFTER = 2000;

    /// @return what a run in this type begins with
    public static LossScale of(FloatType type) {
        return switch (type) {
            case FLOAT32, BFLOAT16 -> NONE;
            case FLOAT16 -> new LossScale(true, FIRST, 0);
        };
    }

    /// @return whether gradients that are not finite may be so because the factor is too large
    public boolean reducible() {
        return dynamic && factor > 1;
    }

    /// @return after a step that was taken
    public LossScale taken() {
        if (!dynamic) {
            return this;
        }
        return good + 1 < DOUBLED_AFTER ? new LossScale(true, factor, good + 1) : new LossScale(true, 2 * factor, 0);
    }

    /// @return after a step whose gradients were not finite
    public LossScale reduced() {
        return reducible() ? new LossScale(true, factor / 2, 0) : this;
    }
}
