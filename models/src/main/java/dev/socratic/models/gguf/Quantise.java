package dev.socratic.models.gguf;

import java.nio.ByteBuffer;

/// Float32 as blocks of the types that are written, every bit as Python's `gguf` package and ggml's reference have it:
/// roundings of scales to float16, of codes to nearest, each product rounded once.
///
/// The k-quants search for scales and are in [KQuantise].
public final class Quantise {
    private Quantise() {}

    /// @param numbers a row, finite
    /// @param width   of it, a multiple of the type's block
    /// @param out     little-endian; gets the row's blocks at its position
    /// @throws IllegalArgumentException if the type is not written
    public static void row(GgmlType type, float[] numbers, int width, ByteBuffer out) {
        for (int at = 0; at < width; at += type.block()) {
            block(type, numbers, at, out);
        }
    }

    private static void block(GgmlType type, float[] x, int at, ByteBuffer out) {
        switch (type) {
            case F32 -> out.putFloat(x[at]);
            case F16 -> out.putShort(Float.floatToFloat16(x[at]));
            case BF16 -> out.putShort(bfloat16(x[at]));
            case Q8_0 -> eight(x, at, out);
            case Q4_0 -> four(x, at, out);
            case Q5_0 -> five(x, at, out);
            case Q5_1 -> fiveWithMinimum(x, at, out);
            case Q4_K -> KQuantise.four(x, at, out);
            case Q5_K -> KQuantise.five(x, at, out);
            case Q6_K -> KQuantise.six(x, at, out);
            case Q4_1, Q8_1, Q2_K, Q3_K, Q8_K, IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S, IQ4_XS, I8, I16,
                    I32, I64, F64, IQ1_M, TQ1_0, TQ2_0, MXFP4, NVFP4 ->
                throw new IllegalArgumentException("a type that is written; got " + type);
        }
    }

    /// To nearest, ties to even.
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /// `d = max |x| / 127`, codes to nearest, halves away from 0.
    private static void eight(float[] x, int at, ByteBuffer out) {
        float most = 0;
        for (int i = 0; i < 32; i++) {
            most = Math.max(most, Math.abs(x[at + i]));
        }
        float d = most / 127;
        float inverse = inverse(d);
        out.putShort(Float.floatToFloat16(d));
        for (int i = 0; i < 32; i++) {
            float scaled = x[at + i] * inverse;
            float size = Math.abs(scaled);
            float whole = (float) Math.floor(size);
            whole += (float) Math.floor(2 * (size - whole));
            out.put((byte) (scaled < 0 ? -whole : whole));
        }
    }

    /// The number furthest from 0 gets the code furthest from 0, which is negative: `d = x / -8`.
    private static void four(float[] x, int at, ByteBuffer out) {
        float d = furthest(x, at) / -8;
        float inverse = inverse(d);
        out.putShort(Float.floatToFloat16(d));
        for (int i = 0; i < 16; i++) {
            int low = Math.min(15, (int) (x[at + i] * inverse + 8.5f));
            int high = Math.min(15, (int) (x[at + i + 16] * inverse + 8.5f));
            out.put((byte) (low | high << 4));
        }
    }

    private static void five(float[] x, int at, ByteBuffer out) {
        float d = furthest(x, at) / -16;
        float inverse = inverse(d);
        out.putShort(Float.floatToFloat16(d));
        int[] codes = new int[32];
        for (int i = 0; i < 32; i++) {
            codes[i] = Math.min(31, (int) (x[at + i] * inverse + 16.5f));
        }
        fifths(codes, out);
    }

    private static void fiveWithMinimum(float[] x, int at, ByteBuffer out) {
        float least = x[at];
        float most = x[at];
        for (int i = 1; i < 32; i++) {
            least = Math.min(least, x[at + i]);
            most = Math.max(most, x[at + i]);
        }
        float d = (most - least) / 31;
        float inverse = inverse(d);
        out.putShort(Float.floatToFloat16(d));
        out.putShort(Float.floatToFloat16(least));
        int[] codes = new int[32];
        for (int i = 0; i < 32; i++) {
            codes[i] = Math.min(31, (int) ((x[at + i] - least) * inverse + 0.5f));
        }
        fifths(codes, out);
    }

    /// The fifth bits of all 32 codes, then their lower four.
    private static void fifths(int[] codes, ByteBuffer out) {
        int high = 0;
        for (int i = 0; i < 32; i++) {
            high |= (codes[i] >> 4) << i;
        }
        out.putInt(high);
        for (int i = 0; i < 16; i++) {
            out.put((byte) (codes[i] & 15 | (codes[i + 16] & 15) << 4));
        }
    }

    private static float furthest(float[] x, int at) {
        float most = x[at];
        for (int i = 1; i < 32; i++) {
            if (Math.abs(x[at + i]) > Math.abs(most)) {
                most = x[at + i];
            }
        }
        return most;
    }

    /// Blocks of numbers so small that their scale has no inverse are 0.
    private static float inverse(float d) {
        float inverse = d == 0 ? 0 : 1 / d;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }
}
