package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.Locale;

/// The other side of a term.
public sealed interface Against {
    /// The teacher's signal at the same positions.
    record Teacher() implements Against {}

    /// The token that follows in the data, as a distribution that puts everything on it; `kl` against it is
    /// cross-entropy.
    record Labels() implements Against {}

    /// Logits between the student's own and the teacher's: `(1 - share) student + share teacher`, the student's
    /// without gradient. A target that begins where the student is and moves to the teacher. Source: TAID, Shing et
    /// al. 2025, arXiv:2501.16937 (share: adaptive).
    ///
    /// @param teacherWeight of the teacher, from 0 to 1
    record Blend(@Alias("share") Schedule teacherWeight) implements Against {}

    /// The student as it was before the first step: a second copy of its weights in memory, float32, forward only.
    @Alias("start")
    record Reference() implements Against {}

    /// The rejected answer of the same pair.
    record Rejected() implements Against {}

    /// Several teachers: the distance to each, weighed and added up. `teacher` is the largest; `more_teachers` of the
    /// run follow from the smallest up.
    ///
    /// @param weigh    how much each counts on a token
    /// @param survival probability that a teacher takes part in a step; the largest always does. Source: DGKD, Son et
    ///                 al. 2021, arXiv:2009.08825
    /// @param per      whether `label`, `policy` and `uncertainty` look at a token or at the mean of its sample
    record Teachers(@Default("mean") Weighing weigh, @Default("1") double survival, @Default("token") Per per)
            implements Against {
        public Teachers {
            if (survival < 1 && weigh == Weighing.TAG) {
                throw new IllegalArgumentException(
                        ("survival: 1, for a row by tag has one teacher, which cannot be left out; got %s; remove "
                                + "it").formatted(survival));
            }
            if (per == Per.SAMPLE && weigh != Weighing.LABEL && weigh != Weighing.POLICY
                    && weigh != Weighing.UNCERTAINTY) {
                throw new IllegalArgumentException(
                        ("per: token, for '%s' is not weighed by sample; got sample; remove it, or write weigh: "
                                + "label, policy or uncertainty")
                        .formatted(weigh.name().toLowerCase(Locale.ROOT)));
            }
            if (!(survival > 0 && survival <= 1)) {
                throw new IllegalArgumentException(
                        "teachers.survival must be above 0 and at most 1; got %s; the paper has 0.75".formatted(
                                survival));
            }
        }
    }

    /// What a weight is of.
    enum Per {
        /// Each token by itself.
        TOKEN,
        /// All tokens of a sample alike, by the mean over loss tokens; costs one more pass over the heads.
        SAMPLE
    }

    /// How much each of n teachers counts on a token.
    enum Weighing {
        /// `1 / n`. Source: TMKD, Yang et al. 2019, arXiv:1910.08381.
        MEAN,
        /// 1.
        SUM,
        /// `1 / (1 - log p_k[label])`: a teacher that is wrong counts less. Source: MT-BERT, Wu et al. 2021,
        /// arXiv:2106.01023.
        LABEL,
        /// `1 / n` or nothing, as a learned policy chooses. Source: RL-KD, Yuan et al. 2020, arXiv:2012.06048.
        POLICY,
        /// 1 for the teacher that the row's tag names, else 0: each row learns from the teacher that wrote it, or
        /// that knows its field.
        TAG,
        /// With u the student's entropy over log vocab and k the rank from the smallest, `2 ((1 - 2u) k / (n - 1) +
        /// u) / n`: a student that is unsure gives the smaller ones more weight. Source: Li et al. 2021 (dynamic
        /// distillation).
        UNCERTAINTY
    }

    default boolean needsTeacher() {
        return switch (this) {
            case Teacher ignored -> true;
            case Labels ignored -> false;
            case Blend ignored -> true;
            case Reference ignored -> false;
            case Rejected ignored -> false;
            case Teachers ignored -> true;
        };
    }
}
