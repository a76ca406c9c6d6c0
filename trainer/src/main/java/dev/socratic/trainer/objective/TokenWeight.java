package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

/// How much each loss token counts inside a term. Weights carry no gradient; the divisor stays the number of
/// loss tokens of the step, so that a weight is a factor and nothing else.
public sealed interface TokenWeight {
    /// All the same: 1.
    record Equal() implements TokenWeight {}

    /// The mean of each answer's mean instead of the mean over the step's tokens, so that long answers do not
    /// outweigh short ones: on a token of an answer that has n of the step's N loss tokens in A answers, `N / (A
    /// n)`. Of a step with two answers a prompt, each side has its own N and A; across tokenizers n counts what is
    /// compared, the tokens that have a partner or the spans.
    record PerAnswer() implements TokenWeight {}

    /// `H(p) / log vocab`, from 0 where the teacher is sure to 1 where it knows nothing: the student copies what the
    /// teacher hesitates about.
    record TeacherEntropy() implements TokenWeight {}

    /// `1 - H(p) / log vocab`: the student copies where the teacher is sure.
    record TeacherCertainty() implements TokenWeight {}

    /// `H(q) / log vocab`, of the student: effort goes where it is unsure.
    record StudentEntropy() implements TokenWeight {}

    /// `p[label]`: the teacher is believed as far as it believes the data.
    record TeacherLabel() implements TokenWeight {}

    /// `1 - p[label]` of the teacher, the factor that turns the sum of target and non-target parts back into KL.
    record TeacherRest() implements TokenWeight {}

    /// `4 q[label] (1 - q[label])`, of the student: what is neither learned nor out of reach. Source: PACED, 2026,
    /// arXiv:2603.11178, scaled to 1.
    record Frontier() implements TokenWeight {}

    /// Verified reward: with `against: labels, distance: kl` the policy gradient `-A rho log q` of answers the student
    /// wrote, where A is what an answer's reward r is above that of the others to its prompt, n in all:
    ///
    /// | advantage | A | mean over |
    /// |---|---|---|
    /// | `rloo` | `r - mean of the n - 1 others` | answers, of the sum over an answer's tokens |
    /// | `dr_grpo` | `r - mean` | answers times `max_new_tokens` |
    /// | `grpo` | `(r - mean) / (deviation + 1e-4)` | answers, of the mean over an answer's tokens |
    ///
    /// Sources: RLOO, Kool et al. 2019 and Ahmadian et al. 2024, arXiv:2402.14740; Dr. GRPO, Liu et al. 2025,
    /// arXiv:2503.20783; GRPO, Shao et al. 2024, arXiv:2402.03300. Answers whose prompt has no final answer to verify
    /// by have A = 0. Deviation: the term's value is that of `-A rho log q`, which has this gradient, not of `-A rho`.
    ///
    /// @param clip how far the ratio of probabilities now and then may carry an answer, 0 for everywhere; without
    ///             `updates` or `staleness` it is 1
    record Reward(@Default("rloo") Advantage advantage, @Default("0.2") double clip) implements TokenWeight {
        public Reward {
            if (!(clip >= 0 && clip < 1)) {
                throw new IllegalArgumentException(
                        "reward.clip must be at least 0 and below 1; got %s; 0.2 is PPO's, 0 for none".formatted(clip));
            }
        }
    }

    /// What an answer's reward is measured against.
    enum Advantage {
        RLOO,
        DR_GRPO,
        GRPO
    }

    default boolean needsTeacher() {
        return switch (this) {
            case Equal ignored -> false;
            case PerAnswer ignored -> false;
            case TeacherEntropy ignored -> true;
            case TeacherCertainty ignored -> true;
            case StudentEntropy ignored -> false;
            case TeacherLabel ignored -> true;
            case TeacherRest ignored -> true;
            case Frontier ignored -> false;
            case Reward ignored -> false;
        };
    }
}
