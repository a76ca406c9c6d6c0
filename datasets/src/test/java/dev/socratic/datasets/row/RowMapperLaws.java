package dev.socratic.datasets.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.RandomRows;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowMapperLaws {
    private final RandomRows random = new RandomRows(new Random(1));

    @Test
    void aQuestionSurvivesItsJson() throws Exception {
        for (int i = 0; i < 500; i++) {
            Question question = random.question();
            String line = Json.line(RowMapper.json(question));
            Question read = RowMapper.question(Json.mapper().readTree(line));
            assertEquals(question, read);
            assertEquals(line, Json.line(RowMapper.json(read)), "equal rows are equal bytes");
        }
    }

    @Test
    void aTraceSurvivesItsJson() throws Exception {
        for (int i = 0; i < 500; i++) {
            Trace trace = random.trace();
            String line = Json.line(RowMapper.json(trace));
            Trace read = RowMapper.trace(Json.mapper().readTree(line));
            assertEquals(trace, read);
            assertEquals(line, Json.line(RowMapper.json(read)));
        }
    }

    @Test
    void unknownFieldsAreKeptAtEveryLevelAndInTheirOrder() {
        for (int i = 0; i < 300; i++) {
            ObjectNode json = RowMapper.json(random.trace());
            json.put("zebra", 1).put("aardvark", "x");
            ((ObjectNode) json.get("teacher")).put("region", "eu").put("place", "elsewhere");
            ((ObjectNode) json.get("sampling")).set("stop", Json.mapper().createArrayNode().add("\n"));
            ((ObjectNode) json.get("usage")).put("cached_tokens", 7);
            json.withArray("messages").addObject().put("role", "user").put("content", "hi").put("name", "Ann");
            assertEquals(Json.line(json).length(), Json.line(RowMapper.json(RowMapper.trace(json))).length());
            assertEquals(json, RowMapper.json(RowMapper.trace(json)));
        }
    }

    @Test
    void fieldsStandInTheOrderTheArchitectureNamesThem() {
        Trace trace = random.trace();
        String names = String.join(" ",
                RowMapper.json(trace).properties().stream().map(f -> f.getKey()).filter(n -> !n.startsWith("unknown"))
                        .toList());
        String all =
                "id question_id messages reasoning answer_text final_answer teacher prompt sampling usage "
                        + "finish_reason verdicts created";
        for (String absent : new String[] {"reasoning", "final_answer", "created"}) {
            if (!(" " + names + " ").contains(" " + absent + " ")) {
                all = all.replace(" " + absent, "");
            }
        }
        assertEquals(all, names);
    }

    @Test
    void aQuestionNeedsOnlyItsText() throws Exception {
        Question question = RowMapper.question(Json.mapper().readTree("{\"question\": \"How many?\"}"));
        assertEquals(RowIds.question("How many?"), question.id());
        assertEquals("", question.source());
    }

    @Test
    void aWrongFieldIsNamedWithWhatWasThere() throws Exception {
        assertMessage("question: this field; got nothing", "{}");
        assertMessage("question: this field; got null", "{\"question\": null}");
        assertMessage("question: a string; got 7", "{\"question\": 7}");
        assertMessage("tags: a list of strings; got 3", "{\"question\": \"x\", \"tags\": [\"a\", 3]}");
        JsonNode trace = RowMapper.json(random.trace());
        ((ObjectNode) trace.get("sampling")).put("index", "first");
        assertEquals(
                "sampling.index: a whole number of 64 bits; got \"first\"",
                assertThrows(DataException.class, () -> RowMapper.trace(trace)).getMessage());
    }

    @Test
    void whatNoTokenCanHaveBeenDrawnByIsNamed() {
        for (String[] wrong : new String[][] {
            {"temperature", "-1.0", "a number from 0 to 100", "0 takes the likeliest token"},
            {"top_p", "0.0", "a number above 0 and at most 1", "1 keeps every token"},
            {"min_p", "1.5", "a number from 0 to 1", "0 keeps every token"}}) {
            ObjectNode trace = RowMapper.json(random.trace());
            ((ObjectNode) trace.get("sampling")).put(wrong[0], Double.parseDouble(wrong[1]));
            assertEquals("sampling.%s: %s; got %s; %s".formatted(wrong[0], wrong[2], wrong[1], wrong[3]),
                    assertThrows(DataException.class, () -> RowMapper.trace(trace)).getMessage());
        }
    }

    private static void assertMessage(String expected, String row) throws Exception {
        JsonNode json = Json.mapper().readTree(row);
        assertEquals(expected, assertThrows(DataException.class, () -> RowMapper.question(json)).getMessage());
    }
}
