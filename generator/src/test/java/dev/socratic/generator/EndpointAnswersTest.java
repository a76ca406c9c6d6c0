package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.generator.OddServer.Asked;
import dev.socratic.generator.OddServer.Ran;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the `generate` stage makes of answers that are not spelled as OpenAI spells them, and of failures dressed as
/// answers.
class EndpointAnswersTest {
    @TempDir
    Path folder;

    /// A server whose every answer is changed.
    private static OddServer changed(BiConsumer<ObjectNode, Asked> change) throws IOException {
        return new OddServer(one -> {
            ObjectNode body = OddServer.body(one.words());
            change.accept(body, one);
            return Optional.of(OddServer.ok(body));
        });
    }

    /// As many questions as cases, each with its own odd answer, each asked once.
    private Ran ask(List<String> cases, TriConsumer change) throws Exception {
        try (OddServer server = changed((body, one) -> change.accept(body, one, cases.get(one.number())))) {
            Ran ran = server.generate(folder.resolve("n" + System.nanoTime()), cases);
            assertEquals(cases.size(), server.asked().size(), "each is asked once");
            return ran;
        }
    }

    private interface TriConsumer {
        void accept(ObjectNode body, Asked one, String odd);
    }

    private Ran ask(BiConsumer<ObjectNode, Asked> change) throws Exception {
        try (OddServer server = changed(change)) {
            Ran ran = server.generate(folder.resolve("n" + System.nanoTime()));
            assertEquals(4, server.asked().size(), "each is asked once");
            return ran;
        }
    }

    @Test
    void everyWordOfEndingIsAnEnd() throws Exception {
        List<String> cases = List.of(
            "stop", "eos", "eos_token", "end_turn", "END_TURN", "endTurn", "stop_sequence", "STOP", "COMPLETE",
                    "completed", "end-of-turn", "FINISH_REASON_STOP",
        "FinishReason.STOP", "stop_token", " stop ");
        Ran ran = ask(cases, (body, one, word) -> OddServer.choice(body).put("finish_reason", word));
        assertEquals(List.of("stop"), finishes(ran.answers()));
        assertEquals(cases.size(), ran.answers().size());
    }

    @Test
    void everyWordOfCuttingIsACut() throws Exception {
        List<String> cases = List.of(
            "length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens", "maxTokens", "max_new_tokens",
                    "FINISH_REASON_MAX_TOKENS", "token_limit",
        "model_context_window_exceeded", "ERROR_LIMIT");
        Ran ran = ask(cases, (body, one, word) -> OddServer.choice(body).put("finish_reason", word));
        assertEquals(Map.of("truncated", (long) cases.size()), ran.report().counts().dropped());
    }

    @Test
    void everyWordOfWithholdingIsARefusal() throws Exception {
        List<String> cases = List.of(
            "content_filter", "SAFETY", "content-filter", "ContentFiltered", "RECITATION", "PROHIBITED_CONTENT",
                    "refusal", "sensitive", "guardrail_intervened");
        Ran ran = ask(cases, (body, one, word) -> OddServer.choice(body).put("finish_reason", word));
        assertEquals(Map.of("refusal", (long) cases.size()), ran.report().counts().dropped());
    }

    @Test
    void theWordMayStandElsewhere() throws Exception {
        Ran ran = ask((body, one) -> {
            OddServer.choice(body).remove("finish_reason");
            OddServer.choice(body).put("stop_reason", "max_tokens");
        });
        assertEquals(4L, ran.report().counts().dropped().get("truncated"));
    }

    private static List<String> finishes(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("finish_reason").asText()).distinct().toList();
    }

    @Test
    void contentAndReasoningAreReadInEveryForm() throws Exception {
        List<String> cases = List.of(
            "{\"content\": [{\"type\": \"thinking\", \"thinking\": [{\"type\": \"text\", \"text\": \"Add.\"}]}, "
                    + "{\"type\": \"text\", \"text\": \"ANSWER\"}]}",
        "{\"content\": [{\"type\": \"thinking\", \"thinking\": \"Add.\", \"signature\": \"x\"}, {\"type\": "
                + "\"text\", \"text\": \"ANS\"}, {\"type\": \"text\", \"text\": \"WER\"}]}",
        "{\"content\": [{\"type\": \"reasoning\", \"summary\": [{\"type\": \"summary_text\", \"text\": \"Add.\"}]}, "
                + "{\"type\": \"output_text\", \"text\": \"ANSWER\"}]}",
        "{\"content\": [{\"type\": \"text\", \"text\": \"ANSWER\"}, {\"type\": \"reference\", \"reference_ids\": "
                + "[1]}], \"reasoning_content\": \"Add.\"}",
        "{\"content\": [\"ANS\", \"WER\"], \"reasoning\": \"Add.\"}",
        "{\"content\": {\"type\": \"text\", \"text\": \"ANSWER\"}, \"reasoning\": {\"text\": \"Add.\"}}",
        "{\"content\": \"ANSWER\", \"reasoning\": null, \"reasoning_details\": [{\"type\": \"reasoning.text\", "
                + "\"text\": \"Add.\"}]}",
        "{\"content\": \"ANSWER\", \"reasoning_details\": [{\"type\": \"reasoning.summary\", \"summary\": "
                + "\"Add.\"}, {\"type\": \"reasoning.encrypted\", \"data\": \"x\"}]}",
        "{\"content\": \"ANSWER\", \"reasoning_content\": [\"Add.\"]}",
        "{\"content\": \"ANSWER\", \"thinking\": \"Add.\", \"refusal\": null, \"tool_calls\": []}");
        Ran ran = ask(cases, (body, one, message) -> OddServer.choice(body).set("message",
                tree(message.replace("ANSWER", "The answer is %s.".formatted(one.right()))
                .replace("ANS\"", "The answer is \"").replace("WER\"", "%s.\"".formatted(one.right())))));
        assertEquals(cases.size(), ran.answers().size());
        for (int i = 0; i < cases.size(); i++) {
            assertEquals("Add.", ran.answers().get(i).path("reasoning").asText(), cases.get(i));
            assertEquals("The answer is %s.".formatted(3 * i + 10),
                    ran.answers().get(i).path("answer_text").asText(), cases.get(i));
        }
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    @Test
    void whatNobodyNeedsIsNotReadAndCountsAreReadHoweverTheyAreWritten() throws Exception {
        List<String> cases = List.of(
            "{\"created\": \"2024-01-01T00:00:00Z\"}", "{\"created\": 1.7e9}", "{\"created\": {}}", "{\"id\": "
                    + "7}", "{\"model\": null}", "{\"error\": null}", "{\"error\": \"\"}",
        "{\"usage\": {\"prompt_tokens\": \"20\", \"completion_tokens\": \"12\", \"total_tokens\": []}}",
        "{\"usage\": {\"prompt_tokens\": 19.5, \"completion_tokens\": 11.2, \"total_tokens\": 3.3}}",
        "{\"usage\": {\"input_tokens\": 20, \"output_tokens\": 12}}",
        "{\"usage\": {\"prompt_tokens\": 20, \"completion_tokens\": 3, \"total_tokens\": 32, "
                + "\"prompt_tokens_details\": null}}",
        "{\"usage\": null, \"x_groq\": {\"usage\": {\"prompt_tokens\": 20, \"completion_tokens\": 12}}}");
        Ran ran = ask(cases, (body, one, odd) -> body.setAll((ObjectNode) tree(odd)));
        assertEquals(cases.size(), ran.answers().size());
        for (int i = 0; i < cases.size(); i++) {
            JsonNode usage = ran.answers().get(i).path("usage");
            assertEquals(20, usage.path("prompt_tokens").asInt(), cases.get(i));
            assertEquals(12, usage.path("completion_tokens").asInt(), cases.get(i));
        }
    }

    @Test
    void aCountThatCannotBeIsEstimated() throws Exception {
        List<String> cases = List.of(
            "null", "[]", "7", "{}", "{\"prompt_tokens\": null}", "{\"prompt_tokens\": -5, \"completion_tokens\": "
                    + "-1}", "{\"prompt_tokens\": 1e18, \"completion_tokens\": 3000000000}",
        "{\"prompt_tokens\": \"many\", \"completion_tokens\": {}}", "{\"prompt_tokens\": 2147483647, "
                + "\"completion_tokens\": 2147483647, \"total_tokens\": 2147483647}");
        Ran ran = ask(cases, (body, one, usage) -> body.set("usage", tree(usage)));
        assertEquals(cases.size(), ran.answers().size());
        for (int i = 0; i < cases.size(); i++) {
            JsonNode usage = ran.answers().get(i).path("usage");
            // 16 bytes / 3, and 8
            assertTrue(Math.abs(usage.path("prompt_tokens").asInt() - 14) <= 1, usage.toString());
            assertTrue(Math.abs(usage.path("completion_tokens").asInt() - 11) <= 1, usage.toString()); // 31 bytes / 3
        }
    }

    @Test
    void ofTwoChoicesTheFirstByNumberIsTaken() throws Exception {
        Ran ran = ask((body, one) -> {
            ObjectNode other = OddServer.choice(body).deepCopy();
            ((ObjectNode) other.path("message")).put("content", "another");
            other.put("index", 1);
            body.withArray("choices").insert(0, other);
        });
        assertEquals(4, ran.answers().size());
    }

    @Test
    void anAnswerInEventsNobodyAskedForIsPutTogether() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(OddServer.ok("""
                : hello

                data: {"choices":[{"index":0,"delta":{"reasoning_content":"A"},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"reasoning_content":"dd."},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"content":"The answer"},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"content":" is %s."},"finish_reason":"eos"}]}

                data: {"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":12}}

                data: [DONE]

                """.formatted(one.right()))))) {
            Ran ran = server.generate(folder);
            assertEquals(4, ran.answers().size());
            assertEquals("Add.", ran.answers().getFirst().path("reasoning").asText());
            assertEquals(48, ran.report().usage().completionTokens());
        }
    }

    @Test
    void aFailureDressedAsAnAnswerIsAskedAgainAndKeptNowhere() throws Exception {
        List<String> cases = List.of(
            "{\"message\": {\"role\": \"assistant\", \"content\": null}, \"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"\"}, \"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \" \\n\"}, \"finish_reason\": null}",
        "{\"message\": {\"role\": \"assistant\"}, \"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": []}, \"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"\", \"refusal\": \"\"}, \"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"c\"}]}, "
                + "\"finish_reason\": \"tool_calls\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": null, \"reasoning_content\": \"Hm.\"}, "
                + "\"finish_reason\": \"stop\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"10 and\"}, \"finish_reason\": \"error\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"10 and\"}, \"finish_reason\": \"abort\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"10 and\"}, \"finish_reason\": "
                + "\"insufficient_system_resource\"}",
        "{\"message\": {\"role\": \"assistant\", \"content\": \"10 and\"}, \"finish_reason\": \"stop\", \"error\": "
                + "{\"code\": 502, \"message\": \"fell over\"}}",
        "{\"error\": {\"code\": 502, \"message\": \"fell over\"}}", "{\"message\": null}", "{}");
        List<MockResponse> odd = cases.stream().map(choice -> {
            ObjectNode body = OddServer.body("");
            body.putArray("choices").add(tree(choice));
            return OddServer.ok(body);
        }).toList();
        try (OddServer server = new OddServer(one -> one.attempt() == 1
                ? Optional.of(odd.get(one.number())) : Optional.empty())) {
            assertEquals(cases.size(), server.generate(folder.resolve("mended"), cases).answers().size());
            assertEquals(2 * cases.size(), server.asked().size());
        }
        try (OddServer server = new OddServer(one -> Optional.of(odd.get(one.number())))) {
            Ran ran = server.generate(folder.resolve("for-ever"), cases);
            assertEquals(4 * cases.size(), server.asked().size());
            assertEquals((long) cases.size(), ran.report().notes().get("temporary_failures"));
        }
    }

    @Test
    void aCutBeforeAnyTextIsACutAndNotAskedAgain() throws Exception {
        Ran ran = ask((body, one) -> {
            OddServer.choice(body).put("finish_reason", "max_tokens");
            OddServer.message(body).putNull("content").put("reasoning_content", "Let me see");
        });
        assertEquals(4L, ran.report().counts().dropped().get("truncated"));
    }

    @Test
    void aRefusalInAnyPlaceIsARefusal() throws Exception {
        for (String message : List.of("{\"content\": null, \"refusal\": \"I will not.\"}", "{\"content\": "
                + "[{\"type\": \"refusal\", \"refusal\": \"I will not.\"}]}")) {
            Ran ran = ask((body, one) -> OddServer.choice(body).set("message", tree(message)));
            assertEquals(4L, ran.report().counts().dropped().get("refusal"), message);
            assertTrue(ran.files().get("rejected.jsonl").getFirst().toString().contains("I will not."));
        }
    }

    @Test
    void theCharsetOfTheAnswerIsHonouredAndAByteOrderMarkIsNoText() throws Exception {
        for (String name : List.of("iso-8859-1", "\"windows-1252\"", "utf-8", "UTF-16LE", "no-such-charset")) {
            Charset charset = name.startsWith("no") ? StandardCharsets.UTF_8 : Charset.forName(name.replace("\"", ""));
            try (OddServer server = new OddServer(one -> Optional.of(bytes(
                    OddServer.body("\u00dcber " + one.words()).toString()
                            .getBytes(charset), "application/json; Charset=" + name)))) {
                Ran ran = server.generate(folder.resolve("c" + name.hashCode()));
                assertEquals(4, ran.answers().size(), name);
                assertTrue(ran.answers().getFirst().path("answer_text").asText().startsWith("\u00dcber 10"), name);
            }
        }
        byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        try (OddServer server = new OddServer(one -> {
            Buffer marked = new Buffer().write(mark).writeUtf8(OddServer.body(one.words()).toString());
            return Optional.of(bytes(marked.readByteArray(), "application/json"));
        })) {
            assertEquals(4, server.generate(folder.resolve("bom")).answers().size());
        }
    }

    private static MockResponse bytes(byte[] body, String type) {
        return new MockResponse.Builder().addHeader("Content-Type", type).body(new Buffer().write(body)).build();
    }

    @Test
    void brokenTextIsRefusedByNameAndAskedAgain() throws Exception {
        byte[] body = OddServer.body("0123456789").toString().getBytes(StandardCharsets.UTF_8);
        body[new String(body, StandardCharsets.UTF_8).indexOf("0123")] = (byte) 0xFF;
        broken(bytes(body, "application/json"), "the body holds bytes that are no UTF-8");
        broken(OddServer.ok(OddServer.body("10 \0 and").toString()), "the answer holds a NUL character (U+0000)");
        broken(OddServer.ok(OddServer.body("HALF").toString()
                .replace("HALF", "10 \\ud800 and")), "the answer holds half a surrogate pair (U+D800)");
        broken(OddServer.ok(OddServer.body("HALF").toString()
                .replace("HALF", "10 \\udc01 and")), "the answer holds half a surrogate pair (U+DC01)");
    }

    private void broken(MockResponse response, String named) throws Exception {
        try (OddServer server = OddServer.first(response)) {
            Ran ran = server.generate(folder.resolve("ok" + named.hashCode()));
            assertEquals(4, ran.answers().size(), named);
            assertFalse(ran.answers().toString().contains("\uFFFD"));
        }
        try (OddServer server = new OddServer(one -> Optional.of(response))) {
            Ran ran = server.generate(folder.resolve("bad" + named.hashCode()));
            assertEquals(4L, ran.report().notes().get("temporary_failures"));
            assertTrue(ran.problem().contains(named), ran.problem());
        }
    }

    @Test
    void aRowThatFailedForAPassingReasonIsAskedAgainOnceTheServerIsMended() throws Exception {
        try (OddServer server = new OddServer(one -> one.attempt() <= 4
                ? Optional.of(OddServer.ok("{\"choices\": [{")) : Optional.empty())) {
            assertEquals(4L, server.generate(folder).report().notes().get("temporary_failures"));
            assertEquals(4, server.generate(folder).answers().size(), "the same command goes on");
            assertEquals(4, server.generate(folder).answers().size());
            assertEquals(20, server.asked().size(), "and then nothing is asked");
        }
    }
}
