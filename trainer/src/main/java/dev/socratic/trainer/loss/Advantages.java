package dev.socratic.trainer.loss;

import dev.socratic.trainer.objective.Estimate;
import java.util.Arrays;

/// What a drawn token is worth: the returns of MiniLLM, Gu et al. 2023, arXiv:2306.08543, and of on-policy
/// distillation, which are those of discount 0.
///
/// Numbers of the host, for nothing here has a gradient. One sum in double, so that the order of the tokens is the
/// only order there is.
final class Advantages {
    /// One token's reward at most, in nats: a token the teacher rules out must not outweigh all others. MiniLLM's
    /// code cuts at the same.
    static final double BOUND = 50;

    private Advantages() {}

    /// @param rewards  `log p - log q` of each counting token, in the order of the text
    /// @param answer   number of the answer each belongs to, ascending
    /// @return advantages, `[tokens]`
    static double[] of(double[] rewards, int[] answer, Estimate.Sampled how) {
        double[] all = raw(rewards, answer, how);
        return how.whiten() ? Moments.of(all).whitened(all) : all;
    }

    /// The same before they are whitened.
    static double[] raw(double[] rewards, int[] answer, Estimate.Sampled how) {
        double[] all = new double[rewards.length];
        double later = 0;
        int length = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            boolean last = t == rewards.length - 1 || answer[t + 1] != answer[t];
            later = last ? 0 : later;
            length = last ? 1 : length + 1;
            double reward = Math.clamp(rewards[t], -BOUND, BOUND);
            double all0 = how.split() ? how.discount() * later : reward + how.discount() * later;
            all[t] = how.perToken() ? all0 / length : all0;
            later = reward + how.discount() * later;
        }
        return how.prefixGamma() == 0 ? all : weighed(all, rewards, answer, how.prefixGamma());
    }

    /// Each times `1 + gamma (1 - what the answer differed by before it / by in all)`.
    private static double[] weighed(double[] all, double[] rewards, int[] answer, double gamma) {
        double[] weighed = new double[all.length];
        for (int from = 0, to; from < all.length; from = to) {
            double total = 0;
            for (to = from; to < all.length && answer[to] == answer[from]; to++) {
                total += Math.abs(Math.clamp(rewards[to], -BOUND, BOUND));
            }
            double before = 0;
            for (int t = from; t < to; t++) {
                weighed[t] = all[t] * (1 + gamma * (1 - before / Math.max(total, 1e-8)));
                before += Math.abs(Math.clamp(rewards[t], -BOUND, BOUND));
            }
        }
        return weighed;
    }

    /// @param variance unbiased
    record Moments(double mean, double variance) {
        static Moments of(double[] x) {
            double mean = Arrays.stream(x).average().orElse(0);
            return new Moments(mean,
                    Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / Math.max(1, x.length - 1));
        }

        /// @return with mean 0 and variance 1, if these are its moments
        double[] whitened(double[] x) {
            return Arrays.stream(x).map(v -> (v - mean) / Math.sqrt(variance + 1e-8)).toArray();
        }
    }
}
