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
    /// How the matrix of a span lies there.
    enum Form {
        /// Its numbers.
        PLAIN(0, 1),
        /// Codes of 8 bits and their scales.
        INT8(2, 2),
        /// Its numbers in the blocks of the processor's product.
        PACKED(16, 1);

        private final int number;
        private final int arrays;

        Form(int number, int arrays) {
            this.number = number;
            this.arrays = arrays;
        }

        static Form of(Weight weight) {
            return switch (weight) {
                case Weight.Dense ignored -> PLAIN;
                case Weight.Packed ignored -> PACKED;
                case Weight.Quantised quantised -> switch (quantised.scheme()) {
                    case INT8 -> INT8;
                };
                case Weight.Adapted adapted -> of(adapted.base());
            };
        }
    }

    /// What lies in a span, as `linear.ts.py` counts it.
    ///
    /// @param bias       whether a bias lies there
    /// @param form       how the matrix lies there
    /// @param adapted    whether factors lie there
    /// @param transposed whether the matrix lies as `[in, out]`
    record Kind(boolean bias, Form form, boolean adapted, boolean transposed) {
        static final Kind PLAIN = new Kind(false, Form.PLAIN, false, false);

        /// @return the constant of the program
        int number() {
            return (bias ? 1 : 0) + form.number + (adapted ? 4 : 0) + (transposed ? 8 : 0);
        }

        /// @return how many arrays
        int arrays() {
            return form.arrays + (bias ? 1 : 0) + (adapted ? 3 : 0);
        }

        /// @return what holds for one part of all layers
        Kind and(Kind other) {
            return new Kind(bias, form, adapted || other.adapted, transposed);
        }
    }

    /// @return what a weight makes of this place
    Kind kind(Weight found) {
        Form form = Form.of(found);
        return new Kind(bias.isPresent(), form, found instanceof Weight.Adapted, transposed && form == Form.PLAIN);
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
