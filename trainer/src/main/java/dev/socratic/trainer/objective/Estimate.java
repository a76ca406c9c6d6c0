package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

/// How an expectation over the student is taken.
public sealed interface Estimate {
    /// The sum over the vocabulary, token by token.
    record Dense() implements Estimate {}

    /// Policy gradient on text the student wrote itself. With the reward `r_t = log p - log q` of the token drawn at
    /// t, taken without gradient and cut to +-50 nats, its advantage is the return to go, `A_t = sum_{u >= t}
    /// discount^(u-t) r_u`, and the loss `-A_t rho_t`; `rho_t` is the ratio of the student's probability now to that
    /// of the distribution the token was drawn from: 1 in value, unless the rollout mixes the teacher in or the
    /// student has made an update since (`rollout.student.updates`), whose rewards stay those of the student that
    /// drew. With discount 0 the loss is an unbiased estimate of reverse KL token by token (Lu et al. 2025, Thinking
    /// Machines); with discount 1 it is the policy gradient of reverse KL over whole answers (MiniLLM, Gu et al.
    /// 2023, arXiv:2306.08543).
    ///
    /// @param discount of rewards that come later, from 0 to 1
    /// @param split    whether `A_t` leaves its own token's reward out, `u > t`, for a dense reverse KL beside it:
    ///                 the paper's equation 3; the authors' code keeps it in
    /// @param perToken whether the return is divided by the tokens it runs over, so that long answers do not outweigh
    ///                 short ones
    /// @param whiten   whether advantages get mean 0 and variance 1 over the drawn tokens of the step; one of several
    ///                 micro-batches takes a forward pass of both models more, to see them all before
    /// @param prefixGamma by how much earlier tokens count more: `A_t` is weighed by `1 + gamma (1 - sum_{u < t} |r_u|
    ///                 / sum_u |r_u|)`, both sums over its answer, from `1 + gamma` for the first token down to 1:
    ///                 the teacher knows less of a text the more it differed from it before. Source: IW-OPD, Xie et
    ///                 al. 2026, arXiv:2606.22600 (0.5)
    /// @param clip     loss `-min(A rho, A clip(rho, 1 - c, 1 + c))`; 0 for none
    record Sampled(
            @Default("0") double discount,
            @Default("false") boolean split,
            @Default("false") boolean perToken,
            @Default("false") boolean whiten,
            @Default("0") double clip,
            @Default("0") double prefixGamma)
            implements Estimate {
        public Sampled(double discount, boolean split, boolean perToken, boolean whiten, double clip) {
            this(discount, split, perToken, whiten, clip, 0);
        }

        public Sampled {
            if (!(discount >= 0 && discount <= 1)) {
                throw new IllegalArgumentException(
                        ("sampled.discount must lie between 0 and 1; got %s; 1 is MiniLLM's, 0 looks at each token "
                                + "alone").formatted(discount));
            }
            if (!(prefixGamma >= 0)) {
                throw new IllegalArgumentException(
                        "sampled.prefix_gamma must be at least 0; got %s; 0.5 is IW-OPD's".formatted(prefixGamma));
            }
            if (split && discount == 0) {
                throw new IllegalArgumentException(
                        "sampled.split leaves nothing at discount 0; write discount: 1, or remove it");
            }
            if (!(clip >= 0 && clip < 1)) {
                throw new IllegalArgumentException(
                        "sampled.clip must be at least 0 and below 1; got %s; 0.2 is MiniLLM's, 0 for none".formatted(
                                clip));
            }
        }

        /// @return whether each token is worth its own reward, whatever it is weighed by
        boolean ofTokensAlone() {
            return discount == 0 && !split && !perToken && !whiten && clip == 0;
        }
    }
}
