package dev.socratic.models.gguf;

import java.nio.ByteBuffer;

/// Blocks of every readable type as float32, each product and sum rounded once and in the order of Python's `gguf`
/// package, so that every bit is its own.
///
/// A block of 32 holds a scale `d` (float16), some a minimum `m`: `d * q` or `d * q + m`. What follows the k-quants
/// (256 numbers in groups with scales of their own) is in [KQuants].
public final class Dequantise {
    /// Levels of the non-linear 4-bit types.
    private static final float[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private Dequantise() {}

    /// @param bytes in the byte order of the file
    /// @param at    first byte of the row
    /// @param width numbers of the row, a multiple of the type's block
    /// @param out   gets the numbers from its beginning on
    /// @throws IllegalArgumentException if the type is not readable
    public static void row(GgmlType type, ByteBuffer bytes, int at, int width, float[] out) {
        for (int block = 0; block * type.block() < width; block++) {
            block(type, bytes, at + block * type.bytes(), out, block * type.block());
        }
    }

    private static void block(GgmlType type, ByteBuffer in, int at, float[] out, int to) {
        switch (type) {
            case F32 -> out[to] = in.getFloat(at);
            case F16 -> out[to] = half(in, at);
            case BF16 -> out[to] = Float.intBitsToFloat(in.getShort(at) << 16);
            case Q4_0 -> four(in, at + 2, half(in, at), -8, out, to);
            case Q4_1 -> fourWithMinimum(in, at, out, to);
            case Q5_0 -> five(in, at, out, to);
            case Q5_1 -> fiveWithMinimum(in, at, out, to);
            case Q8_0 -> eight(in, at, out, to);
            case IQ4_NL -> levels(in, at + 2, half(in, at), out, to);
            case IQ4_XS -> levelsInGroups(in, at, out, to);
            case Q2_K -> KQuants.two(in, at, out, to);
            case Q3_K -> KQuants.three(in, at, out, to);
            case Q4_K -> KQuants.four(in, at, out, to);
            case Q5_K -> KQuants.five(in, at, out, to);
            case Q6_K -> KQuants.six(in, at, out, to);
            case Q8_1, Q8_K, IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ3_S, IQ2_S, IQ1_M, I8, I16, I32, I64, F64, TQ1_0,
                    TQ2_0, MXFP4, NVFP4 -> throw new IllegalArgumentException("a type that can be read; got " + type);
        }
    }

    static float half(ByteBuffer in, int at) {
        return Float.float16ToFloat(in.getShort(at));
    }

    /// The lower half of byte i is number i, the upper half number i + 16.
    private static void four(ByteBuffer in, int codes, float d, int offset, float[] out, int to) {
        for (int i = 0; i < 16; i++) {
            int code = in.get(codes + i);
            out[to + i] = d * ((code & 15) + offset);
            out[to + i + 16] = d * ((code >> 4 & 15) + offset);
        }
    }

    private static void fourWithMinimum(ByteBuffer in, int at, float[] out, int to) {
        float m = half(in, at + 2);
        four(in, at + 4, half(in, at), 0, out, to);
        for (int i = 0; i < 32; i++) {
            out[to + i] += m;
        }
    }

    /// The fifth bits of all 32 numbers stand before their lower four.
    private static void five(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at);
        int high = in.getInt(at + 2);
        for (int i = 0; i < 32; i++) {
            out[to + i] = d * (fifth(in, at + 6, high, i) - 16);
        }
    }

    private static void fiveWithMinimum(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at);
        float m = half(in, at + 2);
        int high = in.getInt(at + 4);
        for (int i = 0; i < 32; i++) {
            out[to + i] = d * fifth(in, at + 8, high, i) + m;
        }
    }

    private static int fifth(ByteBuffer in, int codes, int high, int i) {
        int low = in.get(codes + i % 16) >> (i < 16 ? 0 : 4) & 15;
        return low | (high >>> i & 1) << 4;
    }

    private static void eight(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at);
        for (int i = 0; i < 32; i++) {
            out[to + i] = in.get(at + 2 + i) * d;
        }
    }

    private static void levels(ByteBuffer in, int codes, float d, float[] out, int to) {
        for (int i = 0; i < 16; i++) {
            int code = in.get(codes + i);
            out[to + i] = d * LEVELS[code & 15];
            out[to + i + 16] = d * LEVELS[code >> 4 & 15];
        }
    }

    /// Eight groups of 32; the scale of each is six bits, four of them in one place and two in another.
    private static void levelsInGroups(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at);
        int high = in.getShort(at + 2);
        for (int group = 0; group < 8; group++) {
            int low = in.get(at + 4 + group / 2) >> group % 2 * 4 & 15;
            int scale = (low | (high >> 2 * group & 3) << 4) - 32;
            levels(in, at + 8 + 16 * group, d * scale, out, to + 32 * group);
        }
    }
}
