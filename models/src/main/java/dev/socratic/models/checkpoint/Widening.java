package dev.socratic.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.IntToDoubleFunction;

/// Between float32 and the other formats of checkpoints, number by number. Whole tensors are widened by
/// [MappedTensors].
public final class Widening {
    private Widening() {}

    /// @param dtype  of the stored numbers
    /// @param stored little-endian
    /// @return the number at a place, counted in numbers of that type
    static IntToDoubleFunction reader(DType dtype, ByteBuffer stored) {
        return switch (dtype) {
            case F64 -> stored.asDoubleBuffer()::get;
            case F32 -> stored.asFloatBuffer()::get;
            case F16 -> {
                var numbers = stored.asShortBuffer();
                yield at -> Float.float16ToFloat(numbers.get(at));
            }
            case BF16 -> {
                var numbers = stored.asShortBuffer();
                yield at -> Float.intBitsToFloat(numbers.get(at) << 16);
            }
            case F8_E4M3 -> at -> e4m3(stored.get(at));
            case F8_E5M2 -> at -> Float.float16ToFloat((short) (stored.get(at) << 8)); // its upper half
            case I64, U64 -> stored.asLongBuffer()::get;
            case I32, U32 -> stored.asIntBuffer()::get;
            case I16, U16 -> stored.asShortBuffer()::get;
            case I8, U8, BOOL -> stored::get;
        };
    }

    /// One sign, four exponent bits around 7, three of fraction; no infinities, all ones is NaN (Micikevicius et al.
    /// 2022, arXiv:2209.05433).
    static float e4m3(byte bits) {
        int exponent = bits >> 3 & 15;
        int fraction = bits & 7;
        float size = (bits & 0x7f) == 0x7f
                ? Float.NaN
                : exponent == 0 ? Math.scalb((float) fraction, -9) : Math.scalb(1 + fraction / 8f, exponent - 7);
        return bits < 0 ? -size : size;
    }

    /// @param from float32
    /// @param to   as many numbers of `dtype`, little-endian
    public static void narrow(DType dtype, FloatBuffer from, ByteBuffer to) {
        switch (dtype) {
            case F32 -> {
                while (from.hasRemaining()) {
                    to.putFloat(from.get());
                }
            }
            case BF16 -> {
                while (from.hasRemaining()) {
                    to.putShort(bfloat16(from.get()));
                }
            }
            case F16 -> {
                while (from.hasRemaining()) {
                    to.putShort(Float.floatToFloat16(from.get()));
                }
            }
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalArgumentException("weights are written as F32, F16 or BF16; got " + dtype);
        }
    }

    /// The upper half of the bits, rounded to nearest, ties to even. A NaN stays one, even where only its lower bits
    /// said so.
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
