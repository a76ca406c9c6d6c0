package dev.socratic.models.gguf;

import static dev.socratic.models.gguf.Dequantise.half;

import java.nio.ByteBuffer;

/// The k-quants: 256 numbers in groups of 16 or 32, the scales of the groups quantised too, with a float16 scale of
/// their own. Layout: ggml's `block_q2_K` to `block_q6_K`.
final class KQuants {
    private KQuants() {}

    /// 16 groups of 16: `d * s * q - dmin * m`; s and m in one byte.
    static void two(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at + 80);
        float least = half(in, at + 82);
        for (int i = 0; i < 256; i++) {
            int scales = in.get(at + i / 16) & 0xff;
            int code = in.get(at + 16 + i / 128 * 32 + i % 32) >> i % 128 / 32 * 2 & 3;
            out[to + i] = d * (scales & 15) * code - least * (scales >> 4);
        }
    }

    /// 16 groups of 16: `d * (s - 32) * (q - 4 where the high bit is not set)`.
    static void three(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at + 108);
        for (int i = 0; i < 256; i++) {
            int low = in.get(at + 32 + i / 128 * 32 + i % 32) >> i % 128 / 32 * 2 & 3;
            int high = in.get(at + i % 32) >> i / 32 & 1;
            out[to + i] = d * threeScale(in, at + 96, i / 16) * (low - (high == 1 ? 0 : 4));
        }
    }

    /// The lower four bits of 16 scales in 8 bytes, the upper two in 4.
    private static int threeScale(ByteBuffer in, int scales, int group) {
        int low = in.get(scales + group % 8) >> group / 8 * 4 & 15;
        int high = in.get(scales + 8 + group % 4) >> group / 4 * 2 & 3;
        return (low | high << 4) - 32;
    }

    /// 8 groups of 32: `d * s * q - dmin * m`.
    static void four(ByteBuffer in, int at, float[] out, int to) {
        for (int group = 0; group < 8; group++) {
            float d = half(in, at) * scale(in, at + 4, group);
            float least = half(in, at + 2) * minimum(in, at + 4, group);
            int codes = at + 16 + group / 2 * 32;
            for (int i = 0; i < 32; i++) {
                out[to + 32 * group + i] = d * (in.get(codes + i) >> group % 2 * 4 & 15) - least;
            }
        }
    }

    /// As [#four], with the fifth bits in 32 bytes of their own: bit g of byte i is that of number i of group g.
    static void five(ByteBuffer in, int at, float[] out, int to) {
        for (int group = 0; group < 8; group++) {
            float d = half(in, at) * scale(in, at + 4, group);
            float least = half(in, at + 2) * minimum(in, at + 4, group);
            int codes = at + 48 + group / 2 * 32;
            for (int i = 0; i < 32; i++) {
                int high = in.get(at + 16 + i) >> group & 1;
                out[to + 32 * group + i] = d * (in.get(codes + i) >> group % 2 * 4 & 15 | high << 4) - least;
            }
        }
    }

    /// Eight scales of six bits: four whole ones, four whose upper two bits lie beside those.
    static int scale(ByteBuffer in, int scales, int group) {
        return group < 4 ? in.get(scales + group) & 63
                : in.get(scales + 4 + group) & 15 | in.get(scales + group - 4) >> 2 & 48;
    }

    static int minimum(ByteBuffer in, int scales, int group) {
        return group < 4 ? in.get(scales + 4 + group) & 63
                : in.get(scales + 4 + group) >> 4 & 15 | in.get(scales + group) >> 2 & 48;
    }

    /// 16 groups of 16: `d * s * (q - 32)`, s a signed byte.
    static void six(ByteBuffer in, int at, float[] out, int to) {
        float d = half(in, at + 208);
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int low = in.get(at + 64 * half + i % 64) >> i % 128 / 64 * 4 & 15;
            int high = in.get(at + 128 + 32 * half + i % 32) >> i % 128 / 32 * 2 & 3;
            out[to + i] = d * in.get(at + 192 + i / 16) * ((low | high << 4) - 32);
        }
    }
}
