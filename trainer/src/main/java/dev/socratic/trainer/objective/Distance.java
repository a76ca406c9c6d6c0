package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

/// How far the student's side is from the other, token by token, unreduced, in nats.
///
/// `p` is the teacher (or the label), `q` the student.
public sealed interface Distance {
    boolean accepts(Kind kind);

    /// Whether the distance means anything where the other side puts everything on one token. KL(q || one-hot) is infinite wherever q is not.
    boolean acceptsLabels();

    /// Kullback-Leibler divergence.
    ///
    /// Forward: `sum_v p_v (log p_v - log q_v)`, which covers all the teacher does; reverse: `sum_v q_v (log q_v - log p_v)`, which avoids what
    /// the teacher does not do. Source: Kullback and Leibler 1951; for distillation Hinton et al. 2015 (forward), Gu et al. 2023,
    /// arXiv:2306.08543 (reverse).
    record Kl(@Default("forward") Direction direction) implements Distance {
        @Override
        public boolean accepts(Kind kind) {
            return switch (kind) {
                case LOGITS -> true;
            };
        }

        @Override
        public boolean acceptsLabels() {
            return switch (direction) {
                case FORWARD -> true;
                case REVERSE -> false;
            };
        }
    }

    /// Which side the expectation is taken over.
    enum Direction {
        /// KL(p || q), over the teacher.
        FORWARD,
        /// KL(q || p), over the student.
        REVERSE
    }
}
