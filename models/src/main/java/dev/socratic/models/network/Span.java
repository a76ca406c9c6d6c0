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
    ///
    /// @param numbers what it is made of
    /// @param packed  whether it lies as a kernel of the processor wants it
    record Form(Numbers numbers, boolean packed) {
        static final Form PLAIN = new Form(Numbers.PLAIN, false);

        static Form of(Weight weight) {
            return switch (weight) {
                case Weight.Dense ignored -> PLAIN;
                case Weight.Packed some -> new Form(some.scheme().map(Numbers::of).orElse(Numbers.PLAIN), true);
                case Weight.Quantised some -> new Form(Numbers.of(some.scheme()), false);
                case Weight.Adapted some -> of(some.base());
            };
        }

        /// @return bits of a number, where they are few: 8 or 4; 0 where they are not
        int bits() {
            return numbers.bits;
        }

        private int number() {
            return (packed ? 16 : 0) + numbers.flag;
        }

        private int arrays() {
            return numbers.arrays;
        }

        @Override
        public String toString() {
            return numbers.text + (packed ? ", packed" : "");
        }
    }

    /// What a matrix is made of.
    enum Numbers {
        PLAIN("plain", 0, 0, 1),
        EIGHT("8 bits", 8, 2, 2),
        FOUR("4 bits", 4, 32, 2),
        NORMAL("4 bits (NF4)", 4, 64, 4);

        private final String text;
        private final int bits;
        private final int flag;
        private final int arrays;

        Numbers(String text, int bits, int flag, int arrays) {
            this.text = text;
            this.bits = bits;
            this.flag = flag;
            this.arrays = arrays;
        }

        private static Numbers of(Weight.Scheme scheme) {
            return switch (scheme) {
                case Weight.Scheme.Int8 ignored -> EIGHT;
                case Weight.Scheme.Int4 ignored -> FOUR;
                case Weight.Scheme.Nf4 ignored -> NORMAL;
            };
        }
    }

    /// What lies in a span, as `linear.ts.py` counts it.
    ///
    /// @param bias       whether a bias lies there
    /// @param form       how the matrix lies there
    /// @param adapted    whether factors lie there
    /// @param stretched  whether a magnitude lies behind them
    /// @param transposed whether the matrix lies as `[in, out]`
    record Kind(boolean bias, Form form, boolean adapted, boolean stretched, boolean transposed) {
        static final Kind PLAIN = new Kind(false, Form.PLAIN, false, false, false);

        /// @return the constant of the program
        int number() {
            return (bias ? 1 : 0) + form.number() + (adapted ? 4 : 0) + (stretched ? 128 : 0)
                    + (transposed ? 8 : 0);
        }

        /// @return how many arrays
        int arrays() {
            return form.arrays() + (bias ? 1 : 0) + (adapted ? 3 : 0) + (stretched ? 1 : 0);
        }

        /// @return what holds for one part of all layers
        Kind and(Kind other) {
            return new Kind(bias, form, adapted || other.adapted, stretched || other.stretched, transposed);
        }
    }

    /// @return what a weight makes of this place
    Kind kind(Weight found) {
        Form form = Form.of(found);
        return new Kind(bias.isPresent(), form, found instanceof Weight.Adapted,
                found instanceof Weight.Adapted some && some.magnitude().isPresent(),
                transposed && form.equals(Form.PLAIN));
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
