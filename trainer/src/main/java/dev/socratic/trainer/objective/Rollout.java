package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

/// Where the tokens of a step come from: one choice an objective, not a term.
public sealed interface Rollout {
    /// The data set.
    record Data() implements Rollout {}

    /// What the student writes itself after the prompts of the data set, drawn anew each step; no gradient flows through the drawing. A step
    /// is the student's with the probability `share`, else the data set's. Sources: GKD, Agarwal et al. 2023, arXiv:2306.13649; DistiLLM, Ko
    /// et al. 2024, arXiv:2402.03898 (a share that grows).
    ///
    /// @param share        probability that a step is sampled
    /// @param maxNewTokens longest answer
    /// @param temperature  of the drawing; it never enters a loss
    /// @param topP         of the drawing
    record Student(
            @Default("1") Schedule share, @Default("128") int maxNewTokens, @Default("1") double temperature, @Default("1") double topP)
            implements Rollout {
        public Student {
            check(maxNewTokens, temperature, topP);
        }
    }

    /// What the teacher writes after the prompts, likewise. Source: sequence-level distillation, Kim and Rush 2016, arXiv:1606.07947; deviation:
    /// drawn as training goes instead of beams made beforehand (that is the stage `generate`).
    record Teacher(
            @Default("1") Schedule share, @Default("128") int maxNewTokens, @Default("1") double temperature, @Default("1") double topP)
            implements Rollout {
        public Teacher {
            check(maxNewTokens, temperature, topP);
        }
    }

    private static void check(int maxNewTokens, double temperature, double topP) {
        if (maxNewTokens < 1 || !(temperature >= 0) || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("rollout needs max_new_tokens >= 1, temperature >= 0, 0 < top_p <= 1; got %d, %s, %s"
                    .formatted(maxNewTokens, temperature, topP));
        }
    }
}
