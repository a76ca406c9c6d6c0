package dev.socratic.trainer.config;

import dev.socratic.models.engine.FloatType;

/// What the weights that learn are held in, and how a step is rounded to that. Steps are computed in float32 whatever
/// is written here.
public enum Rounding {
    /// float32: the masters of what is computed with.
    NONE,
    /// bfloat16, to the nearest. A step smaller than half the distance to the next number is lost, however often it is
    /// made; distances are 1/256 to 1/128 of a weight.
    NEAREST,
    /// bfloat16, up or down at random: up as often as the number is near to what lies above, so that on average nothing
    /// is lost. Source: Gupta et al. 2015, arXiv:1502.02551; with AdamW in bfloat16, Zamirai et al. 2020,
    /// arXiv:2010.06192. What is drawn hangs on the run's seed, the weight's name, the step and the place in the weight
    /// alone.
    STOCHASTIC;

    /// @return the type of the weights
    public FloatType held() {
        return switch (this) {
            case NONE -> FloatType.FLOAT32;
            case NEAREST, STOCHASTIC -> FloatType.BFLOAT16;
        };
    }
}
