package dev.socratic.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.FinishReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Row(String id, Optional<String> finalAnswer, FinishReason finishReason, int maxTokens, double topP,
            List<String> tags, Map<FinishReason, Long> counts) {}

    private static final Row ROW = new Row("a", Optional.empty(), FinishReason.CONTENT_FILTER, 3, 0.1, List.of("x"),
            Map.of(FinishReason.STOP, 2L));
    private static final String LINE =
            "{\"id\":\"a\",\"finish_reason\":\"content_filter\",\"max_tokens\":3,\"top_p\":0.1,"
                    + "\"tags\":[\"x\"],\"counts\":{\"stop\":2}}";

    @Test
    void recordsAreWrittenInSnakeCaseEnumsInLowerCaseAndEmptyOptionalsLeftOut() {
        assertEquals(LINE, Json.line(ROW));
    }

    @Test
    void whatWasWrittenIsReadBack() {
        assertEquals(ROW, Json.read(LINE, Row.class, "x"));
        Row full = new Row("b", Optional.of(""), FinishReason.STOP, -1, 1e-300, List.of(), Map.of());
        assertEquals(full, Json.read(Json.line(full), Row.class, "x"));
        assertEquals(full, Json.read(Json.pretty(full), Row.class, "x"));
    }

    @Test
    void whatWouldBeLostOrGuessedIsRefused() {
        assertEquals(
                "f: colour: a known field (counts, final_answer, finish_reason, id, max_tokens, tags, top_p); got "
                        + "'colour'", message(LINE.replace("{\"id\":\"a\"", "{\"id\":\"a\",\"colour\":1")));
        assertEquals("f:1:13: JSON of a Row; got Duplicate field 'id'", message("{\"id\":1,\"id\":2}"));
        assertThrows(DataException.class, () -> Json.read(LINE + " {}", Row.class, "f"));
        assertThrows(DataException.class, () -> Json.read(LINE.replace("\"max_tokens\":3,", ""), Row.class, "f"));
        assertThrows(DataException.class, () -> Json.read(LINE.replace("\"id\":\"a\",", ""), Row.class, "f"));
        assertThrows(DataException.class, () -> Json.read("{\"id\":", Row.class, "f"));
    }

    @Test
    void numbersKeepEveryDigit() {
        String text = "{\"a\":123456789012345678901234567890,\"b\":0.1234567890123456789012345,\"c\":1.50}";
        assertEquals(text.replace("1.50", "1.5"), Json.canonical(Json.read(text, JsonNode.class, "f")));
        assertEquals(text, Json.line(Json.read(text, JsonNode.class, "f")));
    }

    @Test
    void canonicalTextForgetsOrderAndSpellingButNotValues() {
        assertEquals("{\"a\":[1,0.1,null,true],\"b\":\"\\u0001\\\"ä/\"}",
                Json.canonical(
                        Json.read("{ \"b\" : \"\\u0001\\\"\\u00e4\\/\", \"a\": [1, 1e-1, null, true]}", JsonNode.class,
                                "f")));
        assertNotEquals(Json.canonical(Map.of("a", 1)), Json.canonical(Map.of("a", 1.0)));
        assertNotEquals(Json.canonical(Map.of("a", 1)), Json.canonical(Map.of("a", "1")));
        assertEquals("{}", Json.canonical(Map.of()));
    }

    /// Law: a value and what is read back from its text, in any order of keys, have one canonical form.
    @Test
    void equalValuesHaveEqualCanonicalText() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Object value = value(random, 4);
            String canonical = Json.canonical(value);
            assertEquals(canonical, Json.canonical(Json.read(canonical, JsonNode.class, "f")));
            JsonNode read = Json.read(Json.line(value), JsonNode.class, "f");
            assertEquals(canonical, Json.canonical(shuffled(read, random)), "seed " + seed);
        }
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            case 3 -> random.nextInt(100) / 10.0;
            case 4 -> random.nextBoolean();
            case 5 -> new String(random.ints(random.nextInt(8), 0, 0xD800).toArray(), 0, 0) + random.nextInt(9)
                    + Character.toString(random.nextInt(0xD800));
            case 6 -> random.ints(random.nextInt(4)).mapToObj(i -> value(random, depth - 1)).toList();
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                random.ints(random.nextInt(5)).forEach(i -> map.put("k" + i, value(random, depth - 1)));
                yield map;
            }
        };
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(object.properties());
        Collections.shuffle(entries, random);
        ObjectNode other = Json.mapper().createObjectNode();
        entries.forEach(entry -> other.set(entry.getKey(), shuffled(entry.getValue(), random)));
        return other;
    }

    private static String message(String text) {
        return assertThrows(DataException.class, () -> Json.read(text, Row.class, "f")).getMessage();
    }
}
