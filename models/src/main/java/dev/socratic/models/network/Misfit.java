package dev.socratic.models.network;

import dev.socratic.core.error.Problem;

/// A tensor that is not what the config promises.
///
/// @param kind     in what way
/// @param name     of the tensor, as the family calls it
/// @param expected what there should be
/// @param got      what there is
public record Misfit(Kind kind, String name, String expected, String got) {
    /// In what way a tensor does not fit.
    public enum Kind {
        MISSING("the weights and config.json belong to different models"),
        SHAPE("the weights and config.json belong to different models"),
        /// Numbers of a type that cannot be read as weights.
        TYPE("take the model before it was quantised"),
        UNEXPECTED("the model computes something that this version does not");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }
    }

    Problem problem(String place) {
        return new Problem(place + ": " + name, expected, got, kind.remedy);
    }
}
