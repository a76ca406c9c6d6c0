package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.List;

/// AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101) and its learning rate.
///
/// Weight decay is left off every weight with one axis (norm gains, biases): they set scales, and pulling those to
/// zero shrinks the signal.
///
/// @param learningRate peak learning rate
/// @param betas        decay of the first and the second moment
/// @param eps          added to the root of the second moment
/// @param weightDecay  decoupled decay a step, times the learning rate
/// @param warmup       how long the learning rate rises
/// @param decay        its shape afterwards
/// @param maxGradNorm  largest global gradient norm; a larger one is scaled down to it; 0 turns this off
public record OptimizerConfig(
        @Default("0.001") double learningRate,
        @Default("[0.9, 0.95]") List<Double> betas,
        @Default("1e-8") double eps,
        @Default("0.1") double weightDecay,
        @Default("{ratio: {of: 0.03}}") Warmup warmup,
        @Default("cosine") Decay decay,
        @Default("1.0") @Alias("clip") double maxGradNorm) {
    public OptimizerConfig {
        betas = List.copyOf(betas);
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learning_rate must be above 0; got " + learningRate);
        }
        if (betas.size() != 2 || betas.stream().anyMatch(b -> !(b >= 0 && b < 1))) {
            throw new IllegalArgumentException(
                    "betas must be two numbers from 0 to below 1, such as [0.9, 0.95]; got " + betas);
        }
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
