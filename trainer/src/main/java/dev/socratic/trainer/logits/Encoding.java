package dev.socratic.trainer.logits;

import dev.socratic.core.config.Default;

/// What is kept of a distribution p over the vocabulary.
///
/// ```yaml
/// encoding: sampled
/// encoding: {top_k: {k: 64, tail: bucket}}
/// ```
public sealed interface Encoding {
    /// N tokens drawn from p with replacement, kept as token and count: the target is count / N. Its expectation is
    /// p, so the gradient of the cross-entropy against it is unbiased. Source: random sampling knowledge
    /// distillation, Anshumann et al. 2025, arXiv:2503.16870.
    ///
    /// @param draws N; 50 give about 12 different tokens for a large model
    record Sampled(@Default("50") int draws) implements Encoding {
        public Sampled {
            if (draws < 1 || draws > 255) {
                throw new IllegalArgumentException("draws must be 1 to 255; got %s; 50 is usual".formatted(draws));
            }
        }
    }

    /// The k most likely tokens with the logarithms of their probabilities in half precision, and the logarithm of what
    /// is left.
    ///
    /// @param k    tokens kept; a smaller vocabulary is kept whole
    /// @param tail what becomes of what is left; the bytes are the same for all
    record TopK(@Default("64") int k, @Default("bucket") Tail tail) implements Encoding {
        public TopK {
            if (k < 1 || k > 65_535) {
                throw new IllegalArgumentException("k must be 1 to 65535; got %s; 64 is usual".formatted(k));
            }
        }
    }

    /// The logarithm of every probability: two or four bytes for each token of the vocabulary. For tests and small
    /// vocabularies.
    record Dense(@Default("half") Width precision) implements Encoding {}

    /// What becomes of the mass outside the k most likely.
    enum Tail {
        /// One class for all of it: the student gives the rest of its own mass to the same class, in whatever way.
        BUCKET,
        /// It goes to the label.
        RESIDUAL,
        /// It is dropped and the rest divided by its sum. The target is too sure of itself: below k = 50 worse than
        /// no teacher at all.
        RENORMALISE
    }

    /// Bytes of a stored number.
    enum Width {
        HALF,
        FLOAT
    }
}
