package dev.socratic.models.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/// How a tensor's numbers are stored. Names are those of the safetensors format.
public enum DType {
    F64(8), F32(4), F16(2), BF16(2), F8_E4M3(1), F8_E5M2(1), I64(8), I32(4), I16(2), I8(1), U64(8), U32(4), U16(2), U8(1), BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// @return bytes of one number
    public int bytes() {
        return bytes;
    }

    /// @return whether the numbers can be read as float32
    public boolean readable() {
        return switch (this) {
            case F32, F16, BF16 -> true;
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
        };
    }

    static Optional<DType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
