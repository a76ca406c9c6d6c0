package dev.socratic.models.gguf;

import dev.socratic.core.error.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The metadata of a GGUF by key, with the type a reader expects; whole numbers are read from every whole type, real
/// ones from whole and real types.
///
/// @param file for messages
public record Metadata(Path file, Map<String, MetadataValue> values) {
    public Metadata {
        values = Map.copyOf(values);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> switch (value) {
            case MetadataValue.Text(String text) -> text;
            case MetadataValue other -> throw wrong(key, "a text", other);
        });
    }

    public OptionalLong whole(String key) {
        MetadataValue value = values.get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(switch (value) {
            case MetadataValue.Whole(MetadataValue.Kind ignored, long number) -> number;
            case MetadataValue other -> throw wrong(key, "a whole number", other);
        });
    }

    public OptionalDouble real(String key) {
        MetadataValue value = values.get(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(switch (value) {
            case MetadataValue.Whole(MetadataValue.Kind ignored, long number) -> number;
            case MetadataValue.Real(MetadataValue.Kind ignored, double number) -> number;
            case MetadataValue other -> throw wrong(key, "a number", other);
        });
    }

    public boolean flag(String key, boolean otherwise) {
        MetadataValue value = values.get(key);
        return value == null ? otherwise : switch (value) {
            case MetadataValue.Flag(boolean flag) -> flag;
            case MetadataValue other -> throw wrong(key, "true or false", other);
        };
    }

    public Optional<List<String>> texts(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> switch (value) {
            case MetadataValue.Texts(List<String> texts) -> texts;
            case MetadataValue other -> throw wrong(key, "a list of texts", other);
        });
    }

    public Optional<MetadataValue.Numbers> numbers(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> switch (value) {
            case MetadataValue.Numbers numbers -> numbers;
            case MetadataValue other -> throw wrong(key, "a list of numbers", other);
        });
    }

    /// @throws DataException if it is not there
    public String requiredText(String key) {
        return text(key).orElseThrow(() -> missing(key, "a text"));
    }

    /// @return a size
    /// @throws DataException if it is not there, or not within 1 and `most`
    public int requiredSize(String key, int most) {
        long value = whole(key).orElseThrow(() -> missing(key, "a whole number"));
        if (value < 1 || value > most) {
            throw new DataException(file + ": " + key, "a number of 1 to " + most, "" + value, MEND);
        }
        return (int) value;
    }

    private static final String MEND = "take the file from where the model was published, or convert the model again";

    private DataException missing(String key, String expected) {
        return new DataException(file + ": " + key, expected, "nothing", MEND);
    }

    private DataException wrong(String key, String expected, MetadataValue got) {
        String kind = switch (got) {
            case MetadataValue.Whole whole -> "the whole number " + whole.value();
            case MetadataValue.Real real -> "the number " + real.value();
            case MetadataValue.Flag flag -> "" + flag.value();
            case MetadataValue.Text text -> "the text '%s'".formatted(HeaderReader.shown(text.value()));
            case MetadataValue.Texts texts -> "a list of %s texts".formatted(texts.values().size());
            case MetadataValue.Numbers numbers -> "a list of %s numbers".formatted(numbers.size());
        };
        return new DataException(file + ": " + HeaderReader.shown(key), expected, kind, MEND);
    }
}
