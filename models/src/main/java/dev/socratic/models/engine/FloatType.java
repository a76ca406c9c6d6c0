package dev.socratic.models.engine;

import dev.socratic.core.error.ConfigException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Number types that programs compute in.
///
/// DJL's Java side knows only the first: arrays of the others are made, changed and ended in programs, and Java holds
/// them without looking in (`DataType.UNKNOWN`).
public enum FloatType {
    FLOAT32(6),
    /// 8 bits of exponent as float32, 8 of fraction: the range of float32, three decimal digits.
    BFLOAT16(15),
    /// 5 bits of exponent, 11 of fraction: 65504 is the largest, so gradients want a scale.
    FLOAT16(5);

    private final int number;

    FloatType(int number) {
        this.number = number;
    }

    /// @return what TorchScript knows the type by, as in `torch.to(x, 15)`
    public int number() {
        return number;
    }

    /// @return how many a number takes
    public int bytes() {
        return switch (this) {
            case FLOAT32 -> Float.BYTES;
            case BFLOAT16, FLOAT16 -> Short.BYTES;
        };
    }

    /// @return the name users write: `float32`, `bfloat16`, `float16`
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param label as users write it
    public static Optional<FloatType> named(String label) {
        return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst();
    }

    /// @throws ConfigException if it asks for none that there is
    static FloatType of(Compute.Setting dtype) {
        if (dtype.value().equals(Compute.Request.AUTO)) {
            return FLOAT32;
        }
        return named(dtype.value()).orElseThrow(() -> new ConfigException(dtype.place(),
                "auto, " + Arrays.stream(values()).map(FloatType::label).collect(Collectors.joining(", ")),
                "'" + dtype.value() + "'", "leave it out for float32"));
    }

    /// @return the nearest number of this type, ties to even
    public double round(double value) {
        return switch (this) {
            case FLOAT32 -> (float) value;
            case BFLOAT16 -> {
                int bits = Float.floatToRawIntBits((float) value);
                yield Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
            }
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
        };
    }
}
