package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {
    private final JsonNode row = Json.tree(Map.of(
            "a", Map.of("b", List.of(Map.of("c", "x"), Map.of("c", 7))),
            "175b_finetuning", Map.of("solution", "A: 18"), "dotted.name", "whole"));

    @Test
    void namesAndIndexesLeadIntoTheRow() {
        assertEquals(Optional.of("x"), FieldPath.of("a.b[0].c").textIn(row));
        assertEquals(Optional.of("7"), FieldPath.of("a.b[-1].c").textIn(row));
        assertEquals(Optional.of("A: 18"), FieldPath.of("175b_finetuning.solution").textIn(row));
        assertEquals(Optional.of("whole"), FieldPath.of("dotted.name").textIn(row));
    }

    @Test
    void whatIsNotThereOrNoTextIsEmpty() {
        assertEquals(Optional.empty(), FieldPath.of("a.z").textIn(row));
        assertEquals(Optional.empty(), FieldPath.of("a.b[9].c").textIn(row));
        assertEquals(Optional.empty(), FieldPath.of("a.b").textIn(row));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "a.", "a..b", "a[", "a[x]", "a]b", "a[0]b"})
    void whatIsNoPathIsRefused(String text) {
        assertEquals(
                "a path such as answer, model.solution or turns[0].text; got \"%s\"".formatted(text),
                assertThrows(IllegalArgumentException.class, () -> FieldPath.of(text)).getMessage());
    }
}
