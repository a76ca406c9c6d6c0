package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What stands in a place of a network where numbers are learned. `linear.ts.py`, the one product, knows each kind.
///
/// The arrays belong to whoever made them, usually the decoder.
public sealed interface Weight {
    /// Plain numbers: a matrix, a vector of a norm, a bias.
    ///
    /// @param values float32, in the checkpoint's shape
    record Dense(NDArray values) implements Weight {}

    /// A matrix in numbers of 8 bits: `W[i, j] = codes[i, j] scales[i]`. It is widened inside each product, so that it
    /// takes a quarter of the memory of float32. It learns nothing.
    ///
    /// @param codes  int8, `[out, in]`, from -127 to 127
    /// @param scales float32, `[out]`
    /// @param scheme how the two came about
    record Quantised(NDArray codes, NDArray scales, Scheme scheme) implements Weight {
        public Quantised {
            long rows = codes.getShape().get(0);
            if (codes.getDataType() != DataType.INT8 || codes.getShape().dimension() != 2
                    || !scales.getShape().equals(new Shape(rows))) {
                throw new IllegalArgumentException("quantised: codes int8 [out, in] and scales [out]; got %s %s and %s"
                        .formatted(codes.getDataType(), codes.getShape(), scales.getShape()));
            }
        }
    }

    /// A matrix laid out for the products of the processor (`packed.ts.py`): it can be multiplied with and nothing
    /// else. It learns nothing, is not looked up in and not written.
    ///
    /// @param values of the type that is computed in, in blocks
    record Packed(NDArray values) implements Weight {}

    /// A matrix that stays as it is, and a product of two thin ones that learns: `W + scale B A`.
    /// Source: Hu et al. 2021, arXiv:2106.09685.
    ///
    /// @param base  what stays
    /// @param a     float32, `[rank, in]`
    /// @param b     float32, `[out, rank]`
    /// @param scale `alpha / rank`, or `alpha / sqrt(rank)`
    record Adapted(Weight base, NDArray a, NDArray b, double scale) implements Weight {
        public Adapted {
            if (base instanceof Adapted) {
                throw new IllegalArgumentException("adapted: a weight that is not adapted yet; got one that is");
            }
            if (a.getShape().dimension() != 2 || b.getShape().dimension() != 2
                    || a.getShape().get(0) != b.getShape().get(1)) {
                throw new IllegalArgumentException("adapted: a [rank, in] and b [out, rank]; got %s and %s"
                        .formatted(a.getShape(), b.getShape()));
            }
        }

        /// @param name of the weight, `<module>.weight`
        /// @return a and b by their names
        Map<String, NDArray> factors(String name) {
            String module = name.substring(0, name.length() - ".weight".length());
            Map<String, NDArray> both = new LinkedHashMap<>();
            both.put(module + ".lora_A.weight", a);
            both.put(module + ".lora_B.weight", b);
            return both;
        }
    }

    /// How a matrix becomes numbers of 8 bits.
    enum Scheme {
        /// Whole numbers from -127 to 127, one scale a row, around zero: `scales[i] = max |W[i, :]| / 127`. Only
        /// weights are rounded, never what is multiplied with them.
        INT8
    }

    /// @return this, or what is adapted in it
    default Weight base() {
        return switch (this) {
            case Dense dense -> dense;
            case Quantised quantised -> quantised;
            case Packed packed -> packed;
            case Adapted adapted -> adapted.base();
        };
    }

    /// @return the arrays of the matrix itself, as the program finds them
    default List<NDArray> matrix() {
        return switch (this) {
            case Dense dense -> List.of(dense.values());
            case Quantised quantised -> List.of(quantised.codes(), quantised.scales());
            case Packed packed -> List.of(packed.values());
            case Adapted adapted -> adapted.base().matrix();
        };
    }

    /// @param name of the weight in a checkpoint, `<module>.weight`
    /// @return every array by its name in a checkpoint: `<module>.weight`, `<module>.weight_scale`,
    ///         `<module>.lora_A.weight` and `<module>.lora_B.weight`
    default Map<String, NDArray> arrays(String name) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        switch (this) {
            case Dense dense -> all.put(name, dense.values());
            case Packed packed -> all.put(name, packed.values());
            case Quantised quantised -> {
                all.put(name, quantised.codes());
                all.put(name + "_scale", quantised.scales());
            }
            case Adapted adapted -> {
                all.putAll(adapted.base().arrays(name));
                all.putAll(adapted.factors(name));
            }
        }
        return all;
    }

    /// @param owner of the copy
    /// @return the same with arrays of its own, without gradients
    default Weight copy(NDManager owner) {
        return switch (this) {
            case Dense dense -> new Dense(copied(dense.values(), owner));
            case Quantised some ->
                    new Quantised(copied(some.codes(), owner), copied(some.scales(), owner), some.scheme());
            case Packed ignored -> throw new IllegalStateException("a packed matrix is not copied");
            case Adapted some ->
                    new Adapted(some.base().copy(owner), copied(some.a(), owner), copied(some.b(), owner),
                            some.scale());
        };
    }

    private static NDArray copied(NDArray array, NDManager owner) {
        NDArray copy = array.stopGradient().duplicate();
        copy.attach(owner);
        return copy;
    }

    /// @return of those the ones that may learn: the matrix itself, or the factors alone; none of a quantised one
    default Map<String, NDArray> trainable(String name) {
        return switch (this) {
            case Dense dense -> dense.arrays(name);
            case Quantised ignored -> Map.of();
            case Packed ignored -> Map.of();
            case Adapted adapted -> adapted.factors(name);
        };
    }
}
