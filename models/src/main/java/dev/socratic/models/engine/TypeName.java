package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import java.util.Locale;

/// The name of an array's number type in messages: DJL's own follows the language of the machine (`ınt64` in Turkey).
public final class TypeName {
    private TypeName() {}

    /// @return `int64`, `float32`
    public static String of(NDArray array) {
        return array.getDataType().name().toLowerCase(Locale.ROOT);
    }
}
