package dev.socratic.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/// Between float32 and the shorter formats of checkpoints.
final class Widening {
    private Widening() {}

    /// @param from stored numbers, little-endian
    /// @param to   as many float32
    static void widen(DType dtype, ByteBuffer from, FloatBuffer to) {
        switch (dtype) {
            case F32 -> to.put(from.asFloatBuffer());
            case BF16 -> {
                ShortBuffer numbers = from.asShortBuffer();
                while (numbers.hasRemaining()) {
                    to.put(Float.intBitsToFloat(numbers.get() << 16));
                }
            }
            case F16 -> {
                ShortBuffer numbers = from.asShortBuffer();
                while (numbers.hasRemaining()) {
                    to.put(Float.float16ToFloat(numbers.get()));
                }
            }
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalArgumentException(dtype + " does not widen to float32 by itself");
        }
    }

    /// @param from float32
    /// @param to   as many numbers of `dtype`, little-endian
    static void narrow(DType dtype, FloatBuffer from, ByteBuffer to) {
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

    /// The upper half of the bits, rounded to nearest, ties to even. A NaN stays one, even where only its lower bits said so.
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
