package dev.socratic.models.checkpoint;

import java.nio.ByteBuffer;
import java.util.function.IntToDoubleFunction;

/// What kinds of numbers a tensor holds. Whole numbers are zero or not.
public record Tally(long nan, long infinite, long zero) {
    private static final Tally NOTHING = new Tally(0, 0, 0);

    /// Reads a tensor once, in windows, without a tensor engine.
    public static Tally of(Safetensors file, String name) {
        DType dtype = file.tensors().get(name).dtype();
        Tally[] sum = {NOTHING};
        file.blocks(name, block -> sum[0] = sum[0].plus(of(dtype, block)));
        return sum[0];
    }

    private Tally plus(Tally more) {
        return new Tally(nan + more.nan, infinite + more.infinite, zero + more.zero);
    }

    private static Tally of(DType dtype, ByteBuffer block) {
        return switch (dtype) {
            case F32 -> float32(block);
            case BF16 -> short16(block, 0x7f80);
            case F16 -> short16(block, 0x7c00);
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                any(Widening.reader(dtype, block), block.remaining() / dtype.bytes());
        };
    }

    private static Tally float32(ByteBuffer block) {
        long nan = 0;
        long infinite = 0;
        long zero = 0;
        for (int at = block.position(); at < block.limit(); at += Float.BYTES) {
            int size = block.getInt(at) & 0x7fffffff;
            nan += size > 0x7f800000 ? 1 : 0;
            infinite += size == 0x7f800000 ? 1 : 0;
            zero += size == 0 ? 1 : 0;
        }
        return new Tally(nan, infinite, zero);
    }

    /// @param special the bits of an infinite number
    private static Tally short16(ByteBuffer block, int special) {
        long nan = 0;
        long infinite = 0;
        long zero = 0;
        for (int at = block.position(); at < block.limit(); at += Short.BYTES) {
            int size = block.getShort(at) & 0x7fff;
            nan += size > special ? 1 : 0;
            infinite += size == special ? 1 : 0;
            zero += size == 0 ? 1 : 0;
        }
        return new Tally(nan, infinite, zero);
    }

    private static Tally any(IntToDoubleFunction numbers, int count) {
        long nan = 0;
        long infinite = 0;
        long zero = 0;
        for (int i = 0; i < count; i++) {
            double number = numbers.applyAsDouble(i);
            nan += Double.isNaN(number) ? 1 : 0;
            infinite += Double.isInfinite(number) ? 1 : 0;
            zero += number == 0 ? 1 : 0;
        }
        return new Tally(nan, infinite, zero);
    }
}
