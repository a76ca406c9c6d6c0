package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of our own, `answers.jsonl`: right answers that look wrong, and wrong ones that look right.
class AnswerRowsTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "reasoning", "choice", "script", "language", "format", "font", "mark", "rule", "vague", "formula"})
    void everyRowOfAKindIsJudgedAsItIs(String kind) throws IOException {
        List<String> otherwise = new ArrayList<>();
        int judged = 0;
        for (JsonNode row : rows()) {
            if (row.get("kind").asText().equals(kind)) {
                judged++;
                AnswerCheck.Result result =
                        AnswerCheck.STANDARD.check(row.get("gold").asText(), row.get("answer").asText());
                if (result.equal() != row.get("right").asBoolean()) {
                    otherwise.add(row + " -> " + result);
                }
            }
        }
        assertEquals(List.of(), otherwise);
        assertTrue(judged >= 8, kind);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thereAreHundredsOfEither(boolean right) throws IOException {
        assertTrue(rows().stream().filter(row -> row.get("right").asBoolean() == right).count() >= 300);
    }

    private static List<JsonNode> rows() throws IOException {
        try (InputStream in = AnswerRowsTest.class.getResourceAsStream("answers.jsonl")) {
            List<JsonNode> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                rows.add(Json.read(line, JsonNode.class, "answers.jsonl"));
            }
            return rows;
        }
    }
}
