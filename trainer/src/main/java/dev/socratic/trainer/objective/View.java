package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import java.util.Optional;

/// A pure step inside a signal, applied to both sides before they are compared.
public sealed interface View {
    /// @return the kind that comes out, or empty where this view has no meaning for `kind`
    Optional<Kind> map(Kind kind);

    /// Divides logits by `tau`: above 1 the small probabilities count for more.
    ///
    /// The term is multiplied by `tau^2`, since the gradient of the softened distance shrinks by about that much, so that a term keeps its
    /// weight when tau changes. Source: Hinton, Vinyals and Dean 2015, arXiv:1503.02531, section 2.
    ///
    /// @param tau     above 0; 1 leaves logits as they are
    /// @param squared whether the term is multiplied by `tau^2`
    record Temperature(double tau, @Default("true") boolean squared) implements View {
        public Temperature {
            if (!(tau > 0)) {
                throw new IllegalArgumentException("tau must be > 0, got %s; 1.0 leaves logits as they are".formatted(tau));
            }
        }

        @Override
        public Optional<Kind> map(Kind kind) {
            return switch (kind) {
                case LOGITS -> Optional.of(Kind.LOGITS);
            };
        }
    }
}
