package dev.socratic.models.gguf;

import java.nio.ByteBuffer;

/// Blocks of the k-quants, by the search of ggml's reference (`quantize_row_q4_K_ref` and so on): for each group the
/// scale, and the minimum, with the least weighted square error among some twenty candidates; then scales and minima
/// in six bits (eight for Q6_K) with a float16 scale of their own, and codes anew for these.
final class KQuantise {
    private static final float ALL_ZERO = 1e-15f;
    private static final int GROUPS = 8;

    private KQuantise() {}

    static void four(float[] x, int at, ByteBuffer out) {
        Scaled scaled = scaled(x, at, 15, -1f, 20);
        out.putShort(scaled.d()).putShort(scaled.least()).put(scaled.packed());
        int[] codes = codes(x, at, scaled, 15);
        lowerFour(codes, out);
    }

    static void five(float[] x, int at, ByteBuffer out) {
        Scaled scaled = scaled(x, at, 31, -0.5f, 15);
        out.putShort(scaled.d()).putShort(scaled.least()).put(scaled.packed());
        int[] codes = codes(x, at, scaled, 31);
        for (int i = 0; i < 32; i++) {
            int high = 0;
            for (int group = 0; group < GROUPS; group++) {
                high |= (codes[32 * group + i] >> 4) << group;
            }
            out.put((byte) high);
        }
        lowerFour(codes, out);
    }

    /// Two groups share 32 bytes.
    private static void lowerFour(int[] codes, ByteBuffer out) {
        for (int pair = 0; pair < GROUPS / 2; pair++) {
            for (int i = 0; i < 32; i++) {
                out.put((byte) (codes[64 * pair + i] & 15 | (codes[64 * pair + 32 + i] & 15) << 4));
            }
        }
    }

    /// Scales and minima of the eight groups of a block.
    ///
    /// @param d      float16 of the scales
    /// @param least  float16 of the minima
    /// @param packed both, six bits each
    private record Scaled(short d, short least, byte[] packed) {}

    private static Scaled scaled(float[] x, int at, int most, float from, int steps) {
        float[] scales = new float[GROUPS];
        float[] minima = new float[GROUPS];
        float largest = 0;
        float largestMinimum = 0;
        for (int group = 0; group < GROUPS; group++) {
            GroupSearch found = GroupSearch.of(x, at + 32 * group, most, from, steps);
            scales[group] = found.scale();
            minima[group] = found.minimum();
            largest = Math.max(largest, found.scale());
            largestMinimum = Math.max(largestMinimum, found.minimum());
        }
        float inverse = largest > 0 ? 63f / largest : 0;
        float inverseMinimum = largestMinimum > 0 ? 63f / largestMinimum : 0;
        byte[] packed = new byte[12];
        for (int group = 0; group < GROUPS; group++) {
            int scale = Math.min(63, nearest(inverse * scales[group]));
            int minimum = Math.min(63, nearest(inverseMinimum * minima[group]));
            pack(packed, group, scale, minimum);
        }
        return new Scaled(Float.floatToFloat16(largest / 63f), Float.floatToFloat16(largestMinimum / 63f), packed);
    }

    /// As [KQuants#scale] reads them.
    private static void pack(byte[] packed, int group, int scale, int minimum) {
        if (group < 4) {
            packed[group] = (byte) scale;
            packed[group + 4] = (byte) minimum;
        } else {
            packed[group + 4] = (byte) (scale & 15 | (minimum & 15) << 4);
            packed[group - 4] |= (byte) (scale >> 4 << 6);
            packed[group] |= (byte) (minimum >> 4 << 6);
        }
    }

    /// A group whose scale became 0 keeps the codes of the search in the reference; they count for nothing, and are 0
    /// here.
    private static int[] codes(float[] x, int at, Scaled scaled, int most) {
        ByteBuffer packed = ByteBuffer.wrap(scaled.packed());
        int[] codes = new int[256];
        for (int group = 0; group < GROUPS; group++) {
            float d = Float.float16ToFloat(scaled.d()) * KQuants.scale(packed, 0, group);
            float least = Float.float16ToFloat(scaled.least()) * KQuants.minimum(packed, 0, group);
            for (int i = 0; i < 32 && d != 0; i++) {
                codes[32 * group + i] = Math.clamp(nearest((x[at + 32 * group + i] + least) / d), 0, most);
            }
        }
        return codes;
    }

    static void six(float[] x, int at, ByteBuffer out) {
        float[] scales = new float[16];
        float largest = 0;
        for (int group = 0; group < 16; group++) {
            scales[group] = symmetric(x, at + 16 * group);
            largest = Math.abs(scales[group]) > Math.abs(largest) ? scales[group] : largest;
        }
        if (Math.abs(largest) < ALL_ZERO) {
            out.put(new byte[GgmlType.Q6_K.bytes()]);
            return;
        }
        float inverse = -128f / largest;
        short d = Float.floatToFloat16(1 / inverse);
        int[] codes = new int[256];
        byte[] packed = new byte[16];
        for (int group = 0; group < 16; group++) {
            packed[group] = (byte) Math.min(127, nearest(inverse * scales[group]));
            float step = Float.float16ToFloat(d) * packed[group];
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                codes[i] = step == 0 ? 32 : Math.clamp(nearest(x[at + i] / step), -32, 31) + 32;
            }
        }
        sixBits(codes, out);
        out.put(packed).putShort(d);
    }

    private static void sixBits(int[] codes, ByteBuffer out) {
        for (int half = 0; half < 256; half += 128) {
            for (int i = 0; i < 64; i++) {
                out.put((byte) (codes[half + i] & 15 | (codes[half + 64 + i] & 15) << 4));
            }
        }
        for (int half = 0; half < 256; half += 128) {
            for (int i = 0; i < 32; i++) {
                int high = 0;
                for (int quarter = 0; quarter < 4; quarter++) {
                    high |= codes[half + 32 * quarter + i] >> 4 << 2 * quarter;
                }
                out.put((byte) high);
            }
        }
    }

    /// The scale of 16 numbers with codes of -32 to 31, weighted by their squares.
    private static float symmetric(float[] x, int at) {
        float furthest = 0;
        for (int i = at; i < at + 16; i++) {
            furthest = Math.abs(x[i]) > Math.abs(furthest) ? x[i] : furthest;
        }
        if (Math.abs(furthest) < ALL_ZERO) {
            return 0;
        }
        float scale = 0;
        float best = 0;
        for (int step = 0; step < 19; step++) {
            int is = step == 0 ? 0 : step <= 9 ? step - 10 : step - 9; // 0, then -9 to 9 without it
            float inverse = -(32 + 0.1f * is) / furthest;
            float sumXl = 0;
            float sumL2 = 0;
            for (int i = at; i < at + 16; i++) {
                int code = Math.clamp(nearest(inverse * x[i]), -32, 31);
                float weight = x[i] * x[i];
                sumXl += weight * x[i] * code;
                sumL2 += weight * code * code;
            }
            if (step == 0) {
                scale = sumL2 == 0 ? 0 : sumXl / sumL2;
                best = scale * sumXl;
            } else if (sumL2 > 0 && sumXl * sumXl > best * sumL2) {
                scale = sumXl / sumL2;
                best = scale * sumXl;
            }
        }
        return scale;
    }

    /// Ties to even, as the reference's trick with the mantissa does.
    static int nearest(float number) {
        return (int) Math.rint(number);
    }
}
