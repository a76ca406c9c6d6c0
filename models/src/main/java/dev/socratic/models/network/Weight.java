package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.TypeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What stands in a place of a network where numbers are learned. `linear.ts.py`, the one product, knows each kind.
///
/// The arrays belong to whoever made them, usually the decoder.
public sealed interface Weight {
    /// Plain numbers: a matrix, a vector of a norm, a bias.
    ///
    /// @param values float32, or of another type that it is held in, in the checkpoint's shape
    record Dense(NDArray values) implements Weight {}

    /// A matrix in few bits. It is widened inside each product, or multiplied by a kernel for few bits where it is
    /// packed. It learns nothing.
    ///
    /// @param codes  as the scheme says
    /// @param scales likewise
    /// @param scheme what they mean
    record Quantised(NDArray codes, List<NDArray> scales, Scheme scheme) implements Weight {
        public Quantised {
            scales = List.copyOf(scales);
            scheme.check(codes, scales);
        }
    }

    /// A matrix laid out for the products of the processor (`packed.ts.py`): it can be multiplied with and nothing
    /// else. It learns nothing, is not looked up in and not written.
    ///
    /// @param arrays in blocks, of the type that is computed in; or codes in blocks and their scales
    /// @param scheme of a quantised one
    record Packed(List<NDArray> arrays, Optional<Scheme> scheme) implements Weight {
        public Packed {
            arrays = List.copyOf(arrays);
        }

        Packed(NDArray values) {
            this(List.of(values), Optional.empty());
        }
    }

    /// A matrix that stays as it is, and a product of two thin ones that learns: `W + scale B A`; with lengths of its
    /// rows that learn too, `m (W + scale B A) / |W + scale B A|` row by row, where what is divided by counts as a
    /// constant. Sources: Hu et al. 2021, arXiv:2106.09685; DoRA, Liu et al. 2024, arXiv:2402.09353.
    ///
    /// @param base      what stays
    /// @param a         float32, `[rank, in]`
    /// @param b         float32, `[out, rank]`
    /// @param scale     `alpha / rank`, or `alpha / sqrt(rank)`
    /// @param magnitude m, float32, `[out]`; where the base is packed, what each row is multiplied with instead
    record Adapted(Weight base, NDArray a, NDArray b, double scale, Optional<NDArray> magnitude) implements Weight {
        public Adapted(Weight base, NDArray a, NDArray b, double scale) {
            this(base, a, b, scale, Optional.empty());
        }

        public Adapted {
            if (base instanceof Adapted) {
                throw new IllegalArgumentException("adapted: a weight that is not adapted yet; got one that is");
            }
            if (a.getShape().dimension() != 2 || b.getShape().dimension() != 2
                    || a.getShape().get(0) != b.getShape().get(1)) {
                throw new IllegalArgumentException("adapted: a [rank, in] and b [out, rank]; got %s and %s"
                        .formatted(a.getShape(), b.getShape()));
            }
            magnitude.map(NDArray::getShape).filter(shape -> !shape.equals(new Shape(b.getShape().get(0))))
                    .ifPresent(shape -> {
                        throw new IllegalArgumentException("adapted: a magnitude [out] of b [out, rank]; got %s and %s"
                                .formatted(shape, b.getShape()));
                    });
        }

        /// @param owner of copies of what learns
        /// @return the same beside the same base, or the base alone where nothing is added
        Weight asItIs(NDManager owner) {
            boolean nothing = magnitude.isEmpty() && b.abs().max().getFloat() == 0;
            return nothing ? base : new Adapted(base, copied(a, owner), copied(b, owner), scale,
                    magnitude.map(rows -> copied(rows, owner)));
        }

        /// @param name of the weight, `<module>.weight`
        /// @return a, b and the magnitude by their names
        Map<String, NDArray> factors(String name) {
            String module = name.substring(0, name.length() - ".weight".length());
            Map<String, NDArray> both = new LinkedHashMap<>();
            both.put(module + ".lora_A.weight", a);
            both.put(module + ".lora_B.weight", b);
            magnitude.ifPresent(rows -> both.put(module + ".lora_magnitude_vector", rows));
            return both;
        }
    }

    /// How a matrix is kept in few bits. Only weights are rounded; what is multiplied with them is not, but by kernels
    /// that multiply in bfloat16.
    sealed interface Scheme {
        /// `W[i, j] = codes[i, j] scales[i]`: codes int8 `[out, in]` from -127 to 127, scales float32 `[out]`, largest
        /// of a row / 127.
        record Int8() implements Scheme {
            @Override
            public void check(NDArray codes, List<NDArray> scales) {
                require(codes.getDataType() == DataType.INT8 && codes.getShape().dimension() == 2
                        && shapes(scales).equals(List.of(new Shape(codes.getShape().get(0)))),
                        "8 bits: codes int8 [out, in] and scales [out]", codes, scales);
            }

            @Override
            public long bytes(long out, long in) {
                return out * in + Float.BYTES * out;
            }
        }

        /// `W[i, j] = (code - 8) step + middle` with step and middle of the group that j is in: codes uint8 `[out, in /
        /// 2]`, two in each, scales bfloat16 `[in / group, out, 2]`, step and middle.
        ///
        /// @param group numbers of a row that share them
        record Int4(int group) implements Scheme {
            @Override
            public void check(NDArray codes, List<NDArray> scales) {
                require(codes.getDataType() == DataType.UINT8 && codes.getShape().dimension() == 2
                        && shapes(scales).equals(List.of(new Shape(2 * codes.getShape().get(1) / group,
                        codes.getShape().get(0), 2))),
                        "4 bits: codes uint8 [out, in / 2] and scales [in / group, out, 2]", codes, scales);
            }

            @Override
            public long bytes(long out, long in) {
                return out * in / 2 + 2 * Short.BYTES * out * (in / group);
            }
        }

        /// 4 bits that stand for quantiles of a normal distribution (NF4), and a scale for each 64 numbers, row after
        /// row: `W[k] = levels[code(k)] largest[k / 64]`. The scales are in 8 bits themselves (double quantisation):
        /// `largest[b] = map[code8(b)] most[b / 256] + mean`. The same numbers as bitsandbytes makes of a float32
        /// matrix. Source: Dettmers et al. 2023, arXiv:2305.14314.
        ///
        /// Codes are uint8 `[out, in / 2]`, of two neighbours the first in the high half; scales are the 8 bits, uint8
        /// `[blocks]`; mean and most, float32 `[1 + blocks / 256, rounded up]`; and what codes mean, float32 `[256, 3]`
        /// ([NormalFloat#book]).
        record Nf4() implements Scheme {
            /// Numbers that share a scale.
            static final int BLOCK = 64;
            /// Scales that share theirs.
            static final int SCALES = 256;

            @Override
            public void check(NDArray codes, List<NDArray> scales) {
                long blocks = 2 * codes.size() / BLOCK;
                require(codes.getDataType() == DataType.UINT8 && codes.getShape().dimension() == 2
                        && shapes(scales).equals(List.of(new Shape(blocks),
                        new Shape(1 + Math.ceilDiv(blocks, (long) SCALES)), new Shape(256, 3))),
                        "NF4: codes uint8 [out, in / 2] and scales [blocks], [1 + blocks / 256] and [256, 3]", codes,
                        scales);
            }

            @Override
            public long bytes(long out, long in) {
                long blocks = out * in / BLOCK;
                return out * in / 2 + blocks + Float.BYTES * (1 + Math.ceilDiv(blocks, (long) SCALES) + 256 * 3);
            }

            /// @return whether a matrix divides into blocks, and each row into pairs
            static boolean fits(long out, long in) {
                return in % 2 == 0 && out * in % BLOCK == 0;
            }
        }

        /// @throws IllegalArgumentException if they are not of this scheme
        void check(NDArray codes, List<NDArray> scales);

        /// @return what codes and scales of a matrix take
        long bytes(long out, long in);

        private static List<Shape> shapes(List<NDArray> arrays) {
            return arrays.stream().map(NDArray::getShape).toList();
        }

        private static void require(boolean fits, String expected, NDArray codes, List<NDArray> scales) {
            if (!fits) {
                throw new IllegalArgumentException("quantised in %s; got %s %s and %s".formatted(expected,
                        TypeName.of(codes), codes.getShape(),
                        shapes(scales).stream().map(Shape::toString).collect(Collectors.joining(", "))));
            }
        }
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
            case Quantised quantised ->
                    Stream.concat(Stream.of(quantised.codes()), quantised.scales().stream()).toList();
            case Packed packed -> packed.arrays();
            case Adapted adapted -> adapted.base().matrix();
        };
    }

    /// @param name of the weight in a checkpoint, `<module>.weight`
    /// @return every array by its name: `<module>.weight`, `<module>.weight_scale` and, where there are more of them,
    ///         `_2` and so on behind it, `<module>.lora_A.weight`, `<module>.lora_B.weight` and
    ///         `<module>.lora_magnitude_vector`
    default Map<String, NDArray> arrays(String name) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        switch (this) {
            case Dense dense -> all.put(name, dense.values());
            case Packed packed -> all.putAll(numbered(name, packed.arrays()));
            case Quantised quantised -> all.putAll(numbered(name, quantised.matrix()));
            case Adapted adapted -> {
                all.putAll(adapted.base().arrays(name));
                all.putAll(adapted.factors(name));
            }
        }
        return all;
    }

    private static Map<String, NDArray> numbered(String name, List<NDArray> arrays) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < arrays.size(); i++) {
            all.put(name + (i == 0 ? "" : "_scale") + (i < 2 ? "" : "_" + i), arrays.get(i));
        }
        return all;
    }

    /// @param owner of the copy
    /// @return the same with arrays of its own, without gradients
    default Weight copy(NDManager owner) {
        return switch (this) {
            case Dense dense -> new Dense(copied(dense.values(), owner));
            case Quantised some -> new Quantised(copied(some.codes(), owner),
                    some.scales().stream().map(array -> copied(array, owner)).toList(), some.scheme());
            case Packed ignored -> throw new IllegalStateException("a packed matrix is not copied");
            case Adapted some ->
                    new Adapted(some.base().copy(owner), copied(some.a(), owner), copied(some.b(), owner),
                            some.scale(), some.magnitude().map(rows -> copied(rows, owner)));
        };
    }

    /// @param name     of the weight in a checkpoint
    /// @param learning arrays by the names of [#trainable]
    /// @return the same with those of them that are its own, and everything else shared
    default Weight over(String name, Map<String, NDArray> learning) {
        return switch (this) {
            case Dense dense -> new Dense(learning.getOrDefault(name, dense.values()));
            case Quantised some -> some;
            case Packed some -> some;
            case Adapted some -> {
                List<NDArray> factors = some.factors(name).entrySet().stream()
                        .map(one -> learning.getOrDefault(one.getKey(), one.getValue())).toList();
                yield new Adapted(some.base(), factors.get(0), factors.get(1), some.scale(),
                        factors.stream().skip(2).findFirst());
            }
        };
    }

    /// @param rounded makes an array of another type of one
    /// @return the same with plain numbers of that type, in the place of those here, which are given back
    default Weight heldIn(UnaryOperator<NDArray> rounded) {
        return switch (this) {
            case Dense dense -> {
                NDArray other = rounded.apply(dense.values());
                dense.values().close();
                yield new Dense(other);
            }
            case Quantised some -> some;
            case Packed some -> some;
            case Adapted some -> some;
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
