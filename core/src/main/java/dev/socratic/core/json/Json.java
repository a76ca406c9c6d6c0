package dev.socratic.core.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import java.nio.file.Path;

/// JSON as all our files spell it.
///
/// Record components in snake_case, enums in lower case, an empty `Optional` left out. Reading refuses what would be
/// lost or guessed: unknown properties, duplicate keys, text after the value, nothing where a record needs something.
/// Numbers with a fraction are read into trees as `BigDecimal`, so that none loses a digit; doubles are written in
/// the shortest form that reads back to the same double.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule("enums") // Jackson's own lower case is that of the machine's language
                    .addSerializer(Enum.class, new LowerCaseEnums(false))
                    .addKeySerializer(Enum.class, new LowerCaseEnums(true)))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectReader FOREIGN = MAPPER.reader().with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

    private Json() {}

    /// @return the one mapper; it is thread-safe and must not be configured further (`copy()` it first)
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /// @param value a tree, a record, a map, a list
    /// @return canonical text: keys sorted, no blanks, one spelling per number; equal values give equal text (see
    ///         [CanonicalJson])
    public static String canonical(Object value) {
        return CanonicalJson.write(tree(value));
    }

    /// @return the value as a tree
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
    }

    /// @return one line of JSON, keys in the order of the record, without a line end
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON form for " + value.getClass().getName(), e);
        }
    }

    /// @return indented JSON with a line end, for files people open
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value).replace("\r\n", "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON form for " + value.getClass().getName(), e);
        }
    }

    /// @return reads values as others write them: `NaN`, `Infinity` and `-Infinity`, which are no JSON but Python's
    ///     default, are numbers;
    ///         [#finite] makes them null
    public static ObjectReader foreign() {
        return FOREIGN;
    }

    /// @param text JSON as others write it; what is no finite number in it becomes null
    public static JsonNode foreign(String text) throws JsonProcessingException {
        JsonNode node = FOREIGN.readTree(text);
        return text.contains("NaN") || text.contains("Infinity") ? finite(node) : node;
    }

    /// @param place what to call the text in a message
    /// @throws DataException if it is no JSON
    public static JsonNode foreign(String text, String place) {
        try {
            return foreign(text);
        } catch (JsonProcessingException e) {
            throw JsonProblems.of(e, JsonNode.class, place);
        }
    }

    /// @return the same with null for every number that is none or is infinite, changed in place
    public static JsonNode finite(JsonNode node) {
        switch (node) {
            case ObjectNode object -> object.properties().forEach(field -> field.setValue(finite(field.getValue())));
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, finite(array.get(i)));
                }
            }
            default -> {
                return node.isFloatingPointNumber() && node.isDouble() && !Double.isFinite(node.doubleValue())
                        ? NullNode.getInstance() : node;
            }
        }
        return node;
    }

    /// @param place what to call the text in a message (`answers.jsonl:17`)
    /// @throws DataException if the text is no JSON or does not fit the type
    public static <T> T read(String text, Class<T> type, String place) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw JsonProblems.of(e, type, place);
        }
    }

    /// @throws DataException if the file is missing, no regular file, no JSON, or does not fit the type
    public static <T> T read(Path file, Class<T> type) {
        return read(RegularFiles.text(file), type, file.toString());
    }
}
