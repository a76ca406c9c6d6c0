package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;

/// The shape of the learning rate after warm-up, as a factor of the peak. `t` is the share of the time after warm-up,
/// from 0 to 1.
public sealed interface Decay {

    /// @param t share of the time after warm-up that has passed, from 0 to 1
    /// @return factor of the peak learning rate
    double factor(double t);

    /// `r + (1 - r) (1 + cos(pi t)) / 2`. Source: Loshchilov and Hutter 2016, arXiv:1608.03983, without
    /// restarts.
    record Cosine(@Default("0.1") @Alias("floor") double minLrRate) implements Decay {
        public Cosine {
            share("min_lr_rate", minLrRate);
        }

        @Override
        public double factor(double t) {
            return minLrRate + (1 - minLrRate) * 0.5 * (1 + Math.cos(Math.PI * t));
        }
    }

    /// `1 - (1 - r) t`, r the `min_lr_rate`.
    record Linear(@Default("0.0") @Alias("floor") double minLrRate) implements Decay {
        public Linear {
            share("min_lr_rate", minLrRate);
        }

        @Override
        public double factor(double t) {
            return 1 - (1 - minLrRate) * t;
        }
    }

    /// Always 1.
    record Constant() implements Decay {
        @Override
        public double factor(double t) {
            return 1;
        }
    }

    /// 1 until the last `decay` share of the time, then linear to `min_lr_rate`. Source: MiniCPM, Hu et al. 2024,
    /// arXiv:2404.06395; the last phase is linear here, exponential there.
    record WarmupStableDecay(@Default("0.2") double decay,
            @Default("0.0") @Alias("floor") double minLrRate) implements Decay {
        public WarmupStableDecay {
            share("decay", decay);
            share("min_lr_rate", minLrRate);
        }

        @Override
        public double factor(double t) {
            return t <= 1 - decay ? 1 : 1 - (1 - minLrRate) * (t - (1 - decay)) / decay;
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1; got " + value);
        }
    }
}
