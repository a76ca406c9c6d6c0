package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.List;

/// How gradients become steps, and how long these are: the rule, its learning rate over the run, decay and clipping.
///
/// Weight decay is left off every weight with one axis (norm gains, biases): they set scales, and pulling those to
/// zero shrinks the signal.
///
/// @param learningRate peak learning rate
/// @param method       the rule: AdamW, or another
/// @param betas        decay of the first and the second moment, of the rules of the Adam family
/// @param eps          added to the root of the second moment, of the same
/// @param weightDecay  decoupled decay a step, times the learning rate
/// @param warmup       how long the learning rate rises
/// @param decay        its shape afterwards
/// @param maxGradNorm  largest global gradient norm; a larger one is scaled down to it; 0 turns this off
/// @param groups       weights that learn at another rate or decay otherwise
/// @param rounding     what the weights are held in while they learn: `none` is float32; `stochastic` bfloat16, each
///                     step rounded up or down at random; `nearest` bfloat16, rounded to the nearest
public record OptimizerConfig(
        @Default("0.001") double learningRate,
        @Default("adamw") OptimizerMethod method,
        @Default(BETAS) List<Double> betas,
        @Default(EPS) double eps,
        @Default("0.1") double weightDecay,
        @Default("{ratio: {of: 0.03}}") Warmup warmup,
        @Default("cosine") Decay decay,
        @Default("1.0") @Alias("clip") double maxGradNorm,
        @Default("[]") List<WeightGroup> groups,
        @Default("none") Rounding rounding) {
    private static final String BETAS = "[0.9, 0.95]";
    private static final String EPS = "1e-8";

    public OptimizerConfig {
        betas = List.copyOf(betas);
        groups = List.copyOf(groups);
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learning_rate must be above 0; got " + learningRate);
        }
        OptimizerMethod.requireBetas("betas", betas);
        if (!(eps > 0)) {
            throw new IllegalArgumentException("eps must be above 0; got " + eps);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weight_decay must not be negative; got " + weightDecay);
        }
        if (!(maxGradNorm >= 0)) {
            throw new IllegalArgumentException(
                    "max_grad_norm must not be negative; got " + maxGradNorm + "; 0 turns clipping off");
        }
        if (!method.readsBetas() && !(betas.toString().equals(BETAS) && eps == Double.parseDouble(EPS))) {
            throw new IllegalArgumentException(("betas and eps: left out, for this method has numbers of its own; got "
                    + "%s and %s; write them into method, such as {lion: {betas: [0.9, 0.99]}}").formatted(betas, eps));
        }
        if (method instanceof OptimizerMethod.ScheduleFreeAdamw && !(decay instanceof Decay.Constant)) {
            throw new IllegalArgumentException("decay: constant, for schedule_free_adamw averages in its place; got "
                    + "another (cosine where none is written); write decay: constant");
        }
        if (method instanceof OptimizerMethod.ScheduleFreeAdamw && betas.getFirst() == 0) {
            throw new IllegalArgumentException("betas: a first above 0 for schedule_free_adamw, the share of the "
                    + "average that gradients are taken at; got " + betas + "; 0.9 is usual");
        }
    }

    /// AdamW, all weights alike.
    public OptimizerConfig(double learningRate, List<Double> betas, double eps, double weightDecay, Warmup warmup,
            Decay decay, double maxGradNorm) {
        this(learningRate, new OptimizerMethod.Adamw(), betas, eps, weightDecay, warmup, decay, maxGradNorm, List.of(),
                Rounding.NONE);
    }

    /// @param progress share of the budget done when this step ends, from 0 to 1
    /// @param step     number of this step, from 1
    /// @return learning rate of this step
    public double rate(double progress, long step) {
        double done = Math.min(1, progress);
        return switch (warmup) {
            case Warmup.Ratio share when done < share.of() -> learningRate * done / share.of();
            case Warmup.Ratio share -> learningRate * decay.factor((done - share.of()) / (1 - share.of()));
            case Warmup.Steps steps when step <= steps.n() -> learningRate * step / steps.n();
            case Warmup.Steps steps -> learningRate * decay.factor(done);
        };
    }
}
