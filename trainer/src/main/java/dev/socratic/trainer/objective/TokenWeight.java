package dev.socratic.trainer.objective;

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
        };
    }
}
