package dev.socratic.core.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.util.Locale;

/// Writes an enum's name in lower case, the same on machines of every language: in Turkish, `I` would become a letter
/// that no reader of ours knows.
@SuppressWarnings("rawtypes")
final class LowerCaseEnums extends JsonSerializer<Enum> {
    private final boolean keys;

    /// @param keys whether names of fields are written, not values
    LowerCaseEnums(boolean keys) {
        this.keys = keys;
    }

    @Override
    public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
        String name = value.name().toLowerCase(Locale.ROOT);
        if (keys) {
            out.writeFieldName(name);
        } else {
            out.writeString(name);
        }
    }
}
