package dev.socratic.models.network;

import java.util.Optional;
import java.util.OptionalInt;

/// A place of the network: a matrix or the vector of a norm, and the bias that belongs to it.
///
/// @param part       what it is for
/// @param weight     its name and shape in a checkpoint
/// @param bias       likewise
/// @param layer      the layer it belongs to; empty around them
/// @param transposed whether the matrix lies as `[in, out]`
record Span(Part part, WeightPlan.Entry weight, Optional<WeightPlan.Entry> bias, OptionalInt layer,
        boolean transposed) {
    /// What lies in a span, as `linear.ts.py` counts it.
    ///
    /// @param bias       whether a bias lies there
    /// @param quantised  whether the matrix lies there as codes and scales
    /// @param adapted    whether factors lie there
    /// @param transposed whether the matrix lies as `[in, out]`
    record Kind(boolean bias, boolean quantised, boolean adapted, boolean transposed) {
        static final Kind PLAIN = new Kind(false, false, false, false);

        /// @return the constant of the program
        int number() {
            return (bias ? 1 : 0) + (quantised ? 2 : 0) + (adapted ? 4 : 0) + (transposed ? 8 : 0);
        }

        /// @return how many arrays
        int arrays() {
            return 1 + (bias ? 1 : 0) + (quantised ? 1 : 0) + (adapted ? 3 : 0);
        }

        /// @return what holds for one part of all layers
        Kind and(Kind other) {
            return new Kind(bias, quantised || other.quantised, adapted || other.adapted, transposed);
        }
    }

    /// @return what a weight makes of this place
    Kind kind(Weight found) {
        boolean quantised = found.base() instanceof Weight.Quantised;
        return new Kind(bias.isPresent(), quantised, found instanceof Weight.Adapted, transposed && !quantised);
    }

    /// @return whether something is multiplied with it: a matrix, but no table that is only looked up
    boolean product() {
        return part != Part.EMBEDDING && part != Part.POSITIONS && weight.shape().dimension() == 2;
    }

    /// @return whether it may be kept in fewer bits: a large matrix. A router is small, and which expert a token goes
    ///         to hangs on its last digits
    boolean quantisable() {
        return weight.shape().dimension() == 2 && part != Part.POSITIONS && part != Part.ROUTER;
    }

    /// @return the width of what goes in
    long in() {
        return weight.shape().get(transposed ? 0 : 1);
    }

    /// @return the width of what comes out
    long out() {
        return weight.shape().get(transposed ? 1 : 0);
    }

    /// @return the name of the module, as adapters know it: that of the weight without `.weight`
    String module() {
        return weight.name().substring(0, weight.name().length() - ".weight".length());
    }
}
