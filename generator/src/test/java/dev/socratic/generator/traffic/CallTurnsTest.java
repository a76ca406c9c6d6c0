package dev.socratic.generator.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CallTurnsTest {
    private static final String TOOLS_ASKED = """
            {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Weather in Rom?"}],
             "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}]}""";
    private static final String TOOLS_STREAM = """
            data: {"id":"c","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"It asks "}}]}

            data: {"choices":[{"index":0,"delta":{"reasoning_content":"for weather."}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"weather","arguments":""}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":"}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\\"Rom\\"}"}}]},"finish_reason":"tool_calls"}]}

            data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}

            data: [DONE]

            """;

    @TempDir
    Path folder;

    private static JsonNode json(String text) {
        return CallStream.json(text);
    }

    private List<ObjectNode> rows(TrafficFilter filter, boolean everyTurn) {
        List<ObjectNode> rows = new ArrayList<>();
        new TrafficRows(List.of(new RecordedTraffic(folder)), filter, everyTurn, row -> row).write(rows::add);
        return rows;
    }

    private TrafficRows.Report report(TrafficFilter filter, TrafficSource... sources) {
        return new TrafficRows(List.of(sources), filter, false, row -> row).write(row -> { });
    }

    private void record(TrafficJournal journal, String id, String path, int status, CallEnd end, String asked,
            String answered) {
        journal.asked(id, Instant.parse("2026-12-01T10:00:00Z"), path, Map.of("task", id), bytes(asked));
        journal.answered(id, status, end, "", 1, 2, 3, Map.of(), bytes(answered));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String answer(String text, String finish) {
        return ("{\"id\":\"a\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                + "\"content\":\"%s\",\"refusal\":null,\"annotations\":[]},\"finish_reason\":\"%s\"}]}").formatted(text,
                finish);
    }

    private static String asked(String... turns) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < turns.length; i++) {
            all.append(i == 0 ? "" : ",").append("{\"role\":\"%s\",\"content\":\"%s\"}".formatted(
                    i % 2 == 0 ? "user" : "assistant", turns[i]));
        }
        return "{\"model\":\"m\",\"messages\":[" + all + "]}";
    }

    @Test
    void aStreamedCallOfAToolIsOneTurnWithThoughtsAndArguments() throws Exception {
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            record(journal, "c1", "/chat/completions", 200, CallEnd.WHOLE, TOOLS_ASKED, TOOLS_STREAM);
        }
        ObjectNode row = rows(TrafficFilter.NONE, false).getFirst();
        assertEquals(json("""
                [{"role":"system","content":"Be brief."},{"role":"user","content":"Weather in Rom?"},
                 {"role":"assistant","content":null,"reasoning_content":"It asks for weather.","tool_calls":[{"id":"t1",
                  "type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Rom\\"}"}}]}]"""),
                reordered(row.get("messages")));
        assertEquals("weather", row.at("/tools/0/function/name").asText());
        assertEquals(4, row.at("/usage/completion_tokens").asInt());
        assertEquals("m-1", row.path("model").asText());
    }

    /// Trees are equal whatever the order of fields.
    private static JsonNode reordered(JsonNode node) throws Exception {
        return Json.mapper().readTree(node.toString());
    }

    @Test
    void ofAConversationThatIsSentAgainTheLongestCallStays() {
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            record(journal, "1", "/chat/completions", 200, CallEnd.WHOLE, asked("a"), answer("b", "stop"));
            record(journal, "2", "/chat/completions", 200, CallEnd.WHOLE, asked("a", "b", "c"), answer("d", "stop"));
            record(journal, "3", "/chat/completions", 200, CallEnd.WHOLE, asked("a"), answer("other", "stop"));
        }
        List<ObjectNode> rows = rows(TrafficFilter.NONE, false);
        assertEquals(List.of(4, 2), rows.stream().map(row -> row.get("messages").size()).toList());
        assertEquals(3, rows(TrafficFilter.NONE, true).size());
        assertEquals(Map.of("continued", 1L), report(TrafficFilter.NONE, new RecordedTraffic(folder)).dropped());
    }

    @Test
    void whatBecomesOfEveryCallIsCounted() {
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            record(journal, "ok", "/chat/completions", 200, CallEnd.WHOLE, asked("a"), answer("b", "stop"));
            record(journal, "twice", "/chat/completions", 200, CallEnd.WHOLE, asked("a"), answer("b", "stop"));
            record(journal, "long", "/chat/completions", 200, CallEnd.WHOLE, asked("l"), answer("b", "length"));
            record(journal, "no", "/chat/completions", 200, CallEnd.WHOLE, asked("n"), answer("", "content_filter"));
            record(journal, "429", "/chat/completions", 429, CallEnd.WHOLE, asked("r"), "{\"error\":{}}");
            record(journal, "cut", "/chat/completions", 200, CallEnd.CUT, asked("t"), "data: {\"choices\":");
            record(journal, "end", "/chat/completions", 200, CallEnd.WHOLE, asked("u"),
                    "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
            record(journal, "html", "/chat/completions", 200, CallEnd.WHOLE, asked("h"), "<html>");
            record(journal, "vector", "/embeddings", 200, CallEnd.WHOLE, "{}", "{}");
            record(journal, "image", "/chat/completions", 200, CallEnd.WHOLE, "{\"messages\":[{\"role\":\"user\","
                    + "\"content\":[{\"type\":\"image_url\"}]}]}", answer("b", "stop"));
            journal.asked("open", Instant.EPOCH, "/chat/completions", Map.of(), bytes(asked("o")));
            journal.rated("nobody", Instant.EPOCH, json("{\"score\":1}"));
        }
        TrafficRows.Report report = report(TrafficFilter.NONE, new RecordedTraffic(folder));
        assertEquals(Map.of("repeated", 1L, "truncated", 1L, "withheld", 1L, "status", 1L, "ended_cut", 2L,
                "answer_no_json", 1L, "another_api", 1L, "not_learnable", 1L, "ended_open", 1L), report.dropped());
        assertEquals(report.answers(), report.rows() + report.dropped().values().stream().mapToLong(n -> n).sum());
        assertEquals(List.of(folder + ": feedback on 1 answers that are not here"), report.notes());
        assertTrue(report.examples().get("not_learnable").contains("image_url"), report.examples().toString());
    }

    @Test
    void filtersChooseByModelMetadataDateTextAndFeedback() {
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            record(journal, "sums", "/chat/completions", 200, CallEnd.WHOLE, asked("two and two"), answer("4", "stop"));
            record(journal, "news", "/chat/completions", 200, CallEnd.WHOLE, asked("what is new"), answer("no", "stop"));
            journal.rated("sums", Instant.EPOCH, json("{\"score\":1,\"label\":\"good\"}"));
            journal.rated("sums", Instant.EPOCH, json("{\"score\":0}"));
        }
        TrafficFilter none = TrafficFilter.NONE;
        assertEquals(1, rows(with(none, Map.of("task", "s*m*"), Optional.empty(), Set.of(), Optional.empty()), false)
                .size());
        assertEquals(1, rows(with(none, Map.of(), Optional.of("ne[wx]"), Set.of(), Optional.empty()), false).size());
        assertEquals(1, rows(with(none, Map.of(), Optional.empty(), Set.of("good"), Optional.of(0.5)), false).size());
        assertEquals(0, rows(with(none, Map.of(), Optional.empty(), Set.of(), Optional.of(0.6)), false).size());
        assertEquals(Map.of("date", 2L), report(new TrafficFilter(List.of("m-*"), Map.of(),
                Optional.of(Instant.parse("2026-12-02T00:00:00Z")), Optional.empty(), Optional.empty(), Set.of(),
                Set.of(), Optional.empty(), false), new RecordedTraffic(folder)).dropped());
        assertEquals(Map.of("model", 2L), report(new TrafficFilter(List.of("gpt*"), Map.of(), Optional.empty(),
                Optional.empty(), Optional.empty(), Set.of(), Set.of(), Optional.empty(), false),
                new RecordedTraffic(folder)).dropped());
    }

    private static TrafficFilter with(TrafficFilter all, Map<String, String> metadata, Optional<String> text,
            Set<String> labels, Optional<Double> score) {
        return new TrafficFilter(all.models(), metadata, all.since(), all.until(), text.map(Pattern::compile),
                all.status(), labels, score, false);
    }

    @Test
    void messagesOfAnthropicAndResponsesOfOpenAiAreTheSameTurns() {
        List<CallTurns.Said> messages = CallTurns.of(CallForm.MESSAGES, json("""
                {"system":"S","messages":[{"role":"user","content":"Q"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"x":1}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"2"}]}],
                 "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}]}"""), json("""
                {"role":"assistant","content":[{"type":"thinking","thinking":"T"},{"type":"text","text":"A"}],
                 "stop_reason":"end_turn"}"""));
        List<CallTurns.Said> responses = CallTurns.of(CallForm.RESPONSES, json("""
                {"instructions":"S","input":[{"role":"user","content":"Q"},
                 {"type":"function_call","call_id":"t","name":"f","arguments":"{\\"x\\":1}"},
                 {"type":"function_call_output","call_id":"t","output":"2"}],
                 "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"}}]}"""), json("""
                {"status":"completed","output":[{"type":"reasoning","summary":[{"text":"T"}]},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"}]}]}"""));
        for (CallTurns.Said said : List.of(messages.getFirst(), responses.getFirst())) {
            assertEquals(List.of("system", "user", "assistant", "tool", "assistant"), roles(said));
            assertEquals("T", said.messages().get(4).path("reasoning_content").asText());
            assertEquals("A", said.messages().get(4).at("/content/0/text").asText());
            assertEquals("f", said.messages().at("/2/tool_calls/0/function/name").asText());
            assertEquals("t", said.messages().at("/3/tool_call_id").asText());
            assertEquals(json("""
                    [{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]"""),
                    said.tools());
        }
    }

    private static List<String> roles(CallTurns.Said said) {
        List<String> roles = new ArrayList<>();
        said.messages().forEach(turn -> roles.add(turn.path("role").asText()));
        return roles;
    }

    @Test
    void aStreamOfAnthropicIsTheMessageItWouldHaveBeen() {
        JsonNode whole = CallStream.whole("""
                event: message_start
                data: {"type":"message_start","message":{"id":"msg","model":"c","role":"assistant","content":[],"usage":{"input_tokens":7}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

                event: content_block_start
                data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"x\\""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":1}"}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":3}}

                event: message_stop
                data: {"type":"message_stop"}

                """);
        assertEquals(json("""
                {"id":"msg","model":"c","role":"assistant","content":[{"type":"text","text":"Hi"},
                 {"type":"tool_use","id":"t","name":"f","input":{"x":1}}],"stop_reason":"tool_use",
                 "usage":{"input_tokens":7,"output_tokens":3}}"""), whole);
    }

    @Test
    void aRecordThatAKillCutShortCostsItselfAlone() throws Exception {
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            record(journal, "1", "/chat/completions", 200, CallEnd.WHOLE, asked("a"), answer("b", "stop"));
            record(journal, "2", "/chat/completions", 200, CallEnd.WHOLE, asked("c"), answer("d", "stop"));
        }
        Path segment = folder.resolve("traffic-000001.journal");
        byte[] all = Files.readAllBytes(segment);
        int rows = 0;
        for (int cut = all.length; cut > 16; cut -= 97) {
            Files.write(segment, Arrays.copyOf(all, cut));
            int now = rows(TrafficFilter.NONE, false).size();
            assertTrue(now <= (rows == 0 ? 2 : rows), "a shorter file has no more");
            rows = now;
        }
        Files.write(segment, Arrays.copyOf(all, all.length - 5));
        try (TrafficJournal journal = TrafficJournal.open(folder)) {
            assertEquals(1, journal.notes().size(), journal.notes()::toString);
            record(journal, "3", "/chat/completions", 200, CallEnd.WHOLE, asked("e"), answer("f", "stop"));
        }
        assertEquals(2, rows(TrafficFilter.NONE, false).size());
    }
}
