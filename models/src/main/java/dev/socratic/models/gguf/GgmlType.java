package dev.socratic.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How the numbers of a tensor are stored: a row is cut into blocks of `block` numbers, each of `bytes` bytes.
///
/// Ids, names and sizes are ggml's. A type that is only known by its size has no decoder here, and is refused by name
/// when its numbers are wanted.
public enum GgmlType {
    F32(0, 1, 4), F16(1, 1, 2), Q4_0(2, 32, 18), Q4_1(3, 32, 20), Q5_0(6, 32, 22), Q5_1(7, 32, 24), Q8_0(8, 32, 34),
    Q8_1(9, 32, 40), Q2_K(10, 256, 84), Q3_K(11, 256, 110), Q4_K(12, 256, 144), Q5_K(13, 256, 176), Q6_K(14, 256, 210),
    Q8_K(15, 256, 292), IQ2_XXS(16, 256, 66), IQ2_XS(17, 256, 74), IQ3_XXS(18, 256, 98), IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18), IQ3_S(21, 256, 110), IQ2_S(22, 256, 82), IQ4_XS(23, 256, 136), I8(24, 1, 1), I16(25, 1, 2),
    I32(26, 1, 4), I64(27, 1, 8), F64(28, 1, 8), IQ1_M(29, 256, 56), BF16(30, 1, 2), TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66), MXFP4(39, 32, 17), NVFP4(40, 64, 36);

    private final int id;
    private final int block;
    private final int bytes;

    GgmlType(int id, int block, int bytes) {
        this.id = id;
        this.block = block;
        this.bytes = bytes;
    }

    /// @return the number the format gives the type
    public int id() {
        return id;
    }

    /// @return numbers of one block
    public int block() {
        return block;
    }

    /// @return bytes of one block
    public int bytes() {
        return bytes;
    }

    /// @param width numbers of a row, a multiple of the block
    /// @return bytes of the row
    public long rowBytes(long width) {
        return Math.multiplyExact(width / block, bytes);
    }

    /// @return whether its numbers can be read
    public boolean readable() {
        return switch (this) {
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS -> true;
            case Q8_1, Q8_K, IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ3_S, IQ2_S, IQ1_M, I8, I16, I32, I64, F64, TQ1_0,
                    TQ2_0, MXFP4, NVFP4 -> false;
        };
    }

    /// @return its name as commands and files of llama.cpp write it: `q4_k`
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<GgmlType> of(long id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    /// @return names of the types that can be read
    static List<String> known() {
        return Stream.of(values()).filter(GgmlType::readable).map(Enum::name).toList();
    }
}
