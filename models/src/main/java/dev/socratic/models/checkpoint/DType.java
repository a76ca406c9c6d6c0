package dev.socratic.models.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/// How a tensor's numbers are stored. Names are those of the safetensors format.
public enum DType {
    F64(8, 7), F32(4, 6), F16(2, 5), BF16(2, 15), F8_E4M3(1, 24), F8_E5M2(1, 23),
    I64(8, 4), I32(4, 3), I16(2, 2), I8(1, 1), U64(8, 29), U32(4, 28), U16(2, 27), U8(1, 0), BOOL(1, 11);

    private final int bytes;
    private final int torch;

    DType(int bytes, int torch) {
        this.bytes = bytes;
        this.torch = torch;
    }

    /// @return bytes of one number
    public int bytes() {
        return bytes;
    }

    /// @return the number libtorch gives the type
    int torch() {
        return torch;
    }

    /// @return whether the numbers are weights that can be read as float32. Numbers of 8 bits usually need a scale
    ///         that lies beside them; they are widened as they are
    public boolean readable() {
        return switch (this) {
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> true;
            case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
        };
    }

    /// @return whether float32 weights can be written so
    public boolean writable() {
        return this == F32 || this == F16 || this == BF16;
    }

    static Optional<DType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
