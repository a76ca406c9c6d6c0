package dev.socratic.generator.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportedTrafficTest {
    @TempDir
    Path folder;

    private final List<ObjectNode> rows = new ArrayList<>();

    private TrafficRows.Report read(String name, String content, Path... requests) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return new TrafficRows(List.of(new ImportedTraffic(file, List.of(requests))), TrafficFilter.NONE, false,
                row -> row).write(rows::add);
    }

    private String turns(int row) {
        StringBuilder all = new StringBuilder();
        rows.get(row).path("messages").forEach(turn -> all.append(turn.path("role").asText()).append(": ")
                .append(turn.path("content").asText()).append('\n'));
        return all.toString();
    }

    @Test
    void resultsOfABatchFindWhatWasAsked() throws Exception {
        Path asked = Files.writeString(folder.resolve("asked.jsonl"), """
                {"custom_id":"r1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"1+1"}]}}
                {"custom_id":"a1","params":{"model":"c","max_tokens":9,"messages":[{"role":"user","content":"2+2"}]}}
                """);
        TrafficRows.Report report = read("out.jsonl", """
                {"id":"b","custom_id":"r1","response":{"status_code":200,"request_id":"q","body":{"model":"m-1","created":1764547200,"choices":[{"index":0,"message":{"role":"assistant","content":"2"},"finish_reason":"stop"}]}},"error":null}
                {"id":"b","custom_id":"r2","response":{"status_code":200,"body":{"choices":[{"message":{"role":"assistant","content":"x"}}]}}}
                {"id":"b","custom_id":"r3","response":null,"error":{"code":"batch_expired"}}
                {"custom_id":"a1","result":{"type":"succeeded","message":{"role":"assistant","model":"c","content":[{"type":"text","text":"4"}],"stop_reason":"end_turn"}}}
                {"custom_id":"a2","result":{"type":"expired"}}
                """, asked);
        assertEquals("user: 1+1\nassistant: 2\n", turns(0));
        assertEquals("user: 2+2\nassistant: 4\n", turns(1));
        assertEquals("2025-12-01T00:00:00Z", rows.getFirst().path("created").asText());
        assertEquals(Map.of("request_no_json", 1L, "status", 2L), report.dropped());
    }

    @Test
    void theBranchOfAChatThatWasOnTheScreenIsRead() throws Exception {
        read("conversations.json", """
                [{"title":"T","create_time":1736209400.5,"default_model_slug":"gpt-4o","current_node":"n4","conversation_id":"c-1","mapping":{
                  "root":{"id":"root","parent":null,"children":["n0"],"message":null},
                  "n0":{"id":"n0","parent":"root","children":["n1"],"message":{"author":{"role":"system"},"content":{"content_type":"text","parts":[""]},"metadata":{"is_visually_hidden_from_conversation":true}}},
                  "n1":{"id":"n1","parent":"n0","children":["n2","n3"],"message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["Q"]}}},
                  "n2":{"id":"n2","parent":"n1","children":[],"message":{"author":{"role":"assistant"},"content":{"content_type":"text","parts":["first try"]}}},
                  "n3":{"id":"n3","parent":"n1","children":["n4"],"message":{"author":{"role":"assistant"},"content":{"content_type":"thoughts","thoughts":[{"content":"hm"}]}}},
                  "n4":{"id":"n4","parent":"n3","children":[],"message":{"author":{"role":"assistant"},"recipient":"all","content":{"content_type":"text","parts":["second"]}}}}},
                 {"title":"picture","current_node":"b","mapping":{
                  "a":{"id":"a","parent":null,"children":["b"],"message":{"author":{"role":"user"},"content":{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer"},"what?"]}}},
                  "b":{"id":"b","parent":"a","children":[],"message":{"author":{"role":"assistant"},"content":{"content_type":"text","parts":["a cat"]}}}}}]
                """);
        assertEquals(1, rows.size());
        assertEquals("user: Q\nassistant: second\n", turns(0));
        assertEquals("hm", rows.getFirst().at("/messages/1/reasoning_content").asText());
        assertEquals("T", rows.getFirst().at("/metadata/title").asText());
    }

    @Test
    void anExportOfClaudeKeepsAttachedTextsAndRefusesFilesThatAreNotThere() throws Exception {
        TrafficRows.Report report = read("claude.json", """
                [{"uuid":"u","name":"N","created_at":"2026-01-02T03:04:05.678Z","chat_messages":[
                  {"sender":"human","text":"sum up","content":[{"type":"text","text":"sum up"}],"attachments":[{"file_name":"a.txt","extracted_content":"long text"}],"files":[]},
                  {"sender":"assistant","text":"short","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"short"}]}]},
                 {"uuid":"v","chat_messages":[{"sender":"human","text":"see","files":[{"file_name":"x.png"}]},
                  {"sender":"assistant","text":"yes"}]}]
                """);
        assertEquals("user: long text\n\nsum up\nassistant: short\n", turns(0));
        assertEquals("hm", rows.getFirst().at("/messages/1/reasoning_content").asText());
        assertEquals(Map.of("not_learnable", 1L), report.dropped());
    }

    @Test
    void logsOfLiteLlmAndLangfuseAreRead() throws Exception {
        TrafficRows.Report report = read("logs.jsonl", """
                {"id":"l1","call_type":"acompletion","model":"m","status":"success","startTime":1764547200.0,"endTime":1764547201.5,"messages":[{"role":"user","content":"Q1"}],"response":{"model":"m-1","choices":[{"message":{"role":"assistant","content":"A1"},"finish_reason":"stop"}]},"metadata":{"user_api_key_alias":"team"},"request_tags":["prod"],"end_user":"u7"}
                {"id":"l2","call_type":"acompletion","model":"m","status":"failure","messages":[{"role":"user","content":"Q2"}],"response":{}}
                {"id":"l3","call_type":"aembedding","messages":[],"response":{}}
                {"id":"f1","traceId":"t","type":"GENERATION","model":"m","startTime":"2026-01-02T03:04:05.000Z","latency":1.25,"input":{"messages":[{"role":"user","content":"Q3"}]},"output":{"role":"assistant","content":"A3"},"usageDetails":{"input":3,"output":4},"metadata":{"k":"v"},"userId":"u8"}
                {"id":"f2","trace_id":"t","type":"GENERATION","provided_model_name":"m","start_time":"2026-01-02 03:04:05.123456","input":"[{\\"role\\":\\"user\\",\\"content\\":\\"Q4\\"}]","output":"A4","metadata":"{\\"k\\":\\"w\\"}"}
                {"id":"f3","type":"SPAN","input":"x","output":"y"}
                {"object":"chat.completion","id":"s1","created":1764547200,"model":"m","messages":[{"role":"user","content":"Q5"}],"choices":[{"message":{"role":"assistant","content":"A5"},"finish_reason":"stop"}],"metadata":{"k":"x"}}
                {"request":{"model":"m","messages":[{"role":"user","content":"Q6"}]},"response":{"choices":[{"message":{"content":"A6"}}]}}
                {"hello":"world"}
                """);
        assertEquals(List.of("Q1", "Q3", "Q4", "Q5", "Q6"), rows.stream().map(row -> row.at("/messages/0/content")
                .asText()).toList());
        assertEquals(List.of("A1", "A3", "A4", "A5", "A6"), rows.stream().map(row -> row.at("/messages/1/content")
                .asText()).toList());
        assertEquals(1500, rows.get(0).path("latency_ms").asLong());
        assertEquals("true", rows.get(0).at("/metadata/tag:prod").asText());
        assertEquals(1250, rows.get(1).path("latency_ms").asLong());
        assertEquals("w", rows.get(2).at("/metadata/k").asText());
        assertEquals("2026-01-02T03:04:05.123456Z", rows.get(2).path("created").asText());
        assertEquals(Map.of("status", 1L, "another_api", 2L), report.dropped());
        assertTrue(report.notes().getFirst().contains("1 rows are no call of a known log"), report.notes()::toString);
    }
}
