package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.List;

/// Which rule turns gradients into steps. What all of them have in common (learning rate, decoupled decay, clipping)
/// stands in [OptimizerConfig], so do `betas` and `eps` of the Adam family; here is what only one of them has.
///
/// Symbols: `w` a weight, `g` its gradient, `r` the learning rate, `d` the weight decay, `m` and `v` moments, `b1` and
/// `b2` the betas, `t` the number of its steps. Everything is float32 but the codes of [Adamw8bit].
public sealed interface OptimizerMethod {
    /// `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g g`,
    /// `w = (1 - r d) w - r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)`; 8 bytes of state a weight.
    /// Source: Loshchilov and Hutter 2017, arXiv:1711.05101.
    record Adamw() implements OptimizerMethod {}

    /// The same with moments of 8 bits: 2 bytes of state a weight. Blocks of 256 numbers are divided by their largest
    /// size and rounded to the nearest of 256 values spaced evenly in each power of ten (the dynamic map, signed for
    /// `m`). Source: Dettmers et al. 2021, arXiv:2110.02861; map and block are bitsandbytes'.
    ///
    /// @param min8bitSize weights of fewer numbers keep moments of 32 bits, as in bitsandbytes
    @Alias("adamw_8bit")
    record Adamw8bit(@Default("4096") @Alias("min_8bit_size") int min8bitSize) implements OptimizerMethod {
        public Adamw8bit {
            Limits.atLeast("min8bit_size", min8bitSize, 0);
        }
    }

    /// A second moment of rows and one of columns in place of one a weight: `v[i, j] = row[i] col[j] / mean(row)`,
    /// `b2 = 1 - t^(-decay_rate)`, `u = g / sqrt(v)`, `w = (1 - r d) w - r u / max(1, rms(u) / clip_threshold)`; a
    /// few bytes a row. Weights of one axis have a whole second moment. Source: Shazeer and Stern 2018,
    /// arXiv:1804.04235. Deviation: the rate is the config's, not `1 / sqrt(t)`.
    ///
    /// @param decayRate      how fast the second moment forgets less
    /// @param eps            added to `g g`
    /// @param clipThreshold  largest root mean square of an update
    /// @param beta1          decay of a first moment of the updates; 0 for none, which saves 4 bytes a weight
    /// @param scaleParameter whether the rate is multiplied by `max(0.001, rms(w))`
    record Adafactor(@Default("0.8") double decayRate, @Default("1e-30") double eps,
            @Default("1.0") double clipThreshold, @Default("0.0") double beta1,
            @Default("false") boolean scaleParameter) implements OptimizerMethod {
        public Adafactor {
            above("decay_rate", decayRate);
            above("eps", eps);
            above("clip_threshold", clipThreshold);
            beta("beta1", beta1);
        }
    }

    /// For the matrices of layers: `m = mu m + (1 - mu) g`, `u` the nearest orthogonal matrix to `(1 - mu) g + mu m`
    /// by five Newton-Schulz steps, `w = (1 - r d) w - r a u`, `a` by `adjust_lr_fn`; 4 bytes of state a weight.
    /// Embedding, head and vectors take [Adamw] with `betas` and `eps`. Source: Jordan et al. 2024,
    /// https://kellerjordan.github.io/posts/muon; names, coefficients and momentum are `torch.optim.Muon`'s. Deviation:
    /// the steps are made in float32, not bfloat16.
    ///
    /// @param momentum   `mu`
    /// @param nesterov   otherwise `u` is of `m` alone
    /// @param nsSteps    Newton-Schulz steps
    /// @param adjustLrFn `match_rms_adamw`: `a = 0.2 sqrt(max(rows, columns))`, so that rate and decay are those of
    ///                   AdamW, which the other weights take too (Liu et al. 2025, arXiv:2502.16982); `original`:
    ///                   `a = sqrt(max(1, rows / columns))`
    record Muon(@Default("0.95") double momentum, @Default("true") boolean nesterov, @Default("5") int nsSteps,
            @Default("match_rms_adamw") AdjustLr adjustLrFn) implements OptimizerMethod {
        public Muon {
            beta("momentum", momentum);
            Limits.atLeast("ns_steps", nsSteps, 1);
        }

        /// @param shape of a matrix
        /// @return `a`
        public double adjusted(long rows, long columns) {
            return switch (adjustLrFn) {
                case MATCH_RMS_ADAMW -> 0.2 * Math.sqrt(Math.max(rows, columns));
                case ORIGINAL -> Math.sqrt(Math.max(1, (double) rows / columns));
            };
        }
    }

    /// `w = (1 - r d) w - r sign(b1 m + (1 - b1) g)`, then `m = b2 m + (1 - b2) g`; 4 bytes of state a weight. Its rate
    /// is 3 to 10 times smaller than AdamW's, its decay as much larger. Source: Chen et al. 2023, arXiv:2302.06675.
    ///
    /// @param betas of the update and of the moment
    record Lion(@Default("[0.9, 0.99]") List<Double> betas) implements OptimizerMethod {
        public Lion {
            betas = List.copyOf(betas);
            requireBetas("betas", betas);
        }
    }

    /// AdamW whose rate need not fall, for it averages: with `z` the steps and `x` their average, gradients are taken
    /// at `y = (1 - b1) z + b1 x`; `c = s_t / sum s`, `s_t = t^r (largest rate so far)^p`, `x = (1 - c) x + c z`.
    /// Evaluation and the saved student use `x`; the run goes on from `y` and `z`. 8 bytes of state a weight. Source:
    /// Defazio et al. 2024, arXiv:2405.15682; names are those of the package `schedulefree`.
    ///
    /// @param r             power of `t`
    /// @param weightLrPower `p`
    record ScheduleFreeAdamw(@Default("0.0") double r, @Default("2.0") double weightLrPower)
            implements OptimizerMethod {}

    /// How Muon's step is scaled by a matrix's shape.
    enum AdjustLr {
        MATCH_RMS_ADAMW,
        ORIGINAL
    }

    /// @return whether `betas` and `eps` of the config around it are read
    default boolean readsBetas() {
        return switch (this) {
            case Adamw ignored -> true;
            case Adamw8bit ignored -> true;
            case Adafactor ignored -> false;
            case Muon ignored -> true;
            case Lion ignored -> false;
            case ScheduleFreeAdamw ignored -> true;
        };
    }

    /// @throws IllegalArgumentException if these are not two shares below 1
    static void requireBetas(String name, List<Double> betas) {
        if (betas.size() != 2 || betas.stream().anyMatch(b -> !(b >= 0 && b < 1))) {
            throw new IllegalArgumentException(
                    "%s must be two numbers from 0 to below 1, such as [0.9, 0.95]; got %s".formatted(name, betas));
        }
    }

    private static void beta(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("%s must be from 0 to below 1; got %s".formatted(name, value));
        }
    }

    private static void above(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("%s must be above 0; got %s".formatted(name, value));
        }
    }
}
