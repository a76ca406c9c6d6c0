package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files as readers of lm-evaluation-harness 0.4.13 want them.
class SampleFilesTest {
    @TempDir
    Path folder;

    private Path eval;

    @BeforeEach
    void evaluate() throws Exception {
        eval = folder.resolve("eval");
        Sums.run(Sums.config(Sums.file(folder, 30), ", stop: [\"x\"]"), Calculator.withSlip(5), eval);
    }

    @Test
    void aSampleHasEveryFieldOfTheHarnessAndThreeOfOurs() throws Exception {
        JsonNode line = line(0);
        assertEquals(
                List.of("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics",
                        "exact_match", "why", "doc_hash",
                        "prompt_hash", "target_hash", "finish_reason"),
                names(line));
        assertEquals("[[\"<think>\\n3 + 1 = 4\\n</think>\\nThe answer is 4.\"]]", line.get("resps").toString());
        assertEquals("[\"4\"]", line.get("filtered_resps").toString());
        assertEquals("[\"exact_match\"]", line.get("metrics").toString());
        assertEquals("final_answer", line.get("filter").asText());
        assertEquals(0.0, line(1).get("exact_match").asDouble());
        assertEquals(
                "{\"until\":[\"x\"],\"do_sample\":false,\"temperature\":0.0,\"top_p\":1.0,\"max_gen_toks\":1024}",
                line.at("/arguments/gen_args_0/arg_1").toString());
    }

    @Test
    void theHashesFollowTheHarness() throws Exception {
        JsonNode line = line(0);
        // hash_string(json.dumps(doc, indent=2, ensure_ascii=False)), hash_string(arg_0) and hash_string(target),
        // computed by Python
        assertEquals("5f8344701827ce7e922a14443e2c062a734c0a34aeb71c2ce0cd88734de385f5", line.get("doc_hash").asText());
        assertEquals(Hashes.sha256(line.at("/arguments/gen_args_0/arg_0").asText()), line.get("prompt_hash").asText());
        assertEquals("4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a",
                line.get("target_hash").asText());
    }

    @Test
    void theResultsHaveTheHarnessKeysAndOneOfOurs() {
        JsonNode results = results();
        assertEquals(
                List.of("results", "group_subtasks", "configs", "versions", "n-shot", "higher_is_better", "n-samples",
                        "ci95",
                        "truncated", "failed", "open", "config", "date", "task_hashes", "model_source", "model_name",
                                "model_name_sanitized"),
                names(results));
        // Its table takes every other key of a task for a metric.
        assertEquals(
                List.of("name", "alias", "sample_len", "exact_match,final_answer", "exact_match_stderr,final_answer"),
                names(results.at("/results/sums")));
        assertEquals(0.8, results.at("/results/sums").get("exact_match,final_answer").asDouble());
        assertEquals(Math.sqrt(0.8 * 0.2 / 29),
                results.at("/results/sums").get("exact_match_stderr,final_answer").asDouble(), 1e-15);
        assertEquals("{\"original\":30,\"effective\":30}", results.at("/n-samples/sums").toString());
        assertEquals("mean", results.at("/configs/sums/metric_list/0/aggregation").asText());
        assertEquals("generate_until", results.at("/configs/sums/output_type").asText());
        assertTrue(results.at("/config/model_args").isTextual());
        assertTrue(results.at("/config/batch_size").isTextual());
    }

    @Test
    void anErrorOfOneAnswerIsNotAvailable() throws Exception {
        Sums.run(Sums.config(Sums.file(folder.resolve("one"), 1), ""), Calculator.withSlip(0),
                folder.resolve("one/eval"));
        JsonNode results = Json.read(folder.resolve("one/eval/results_2026-11-05T10-15-30.json"), JsonNode.class);
        assertEquals("N/A", results.at("/results/sums").get("exact_match_stderr,final_answer").asText());
    }

    private JsonNode line(int number) throws Exception {
        return Json.read(Files.readAllLines(eval.resolve("samples_sums_2026-11-05T10-15-30.jsonl")).get(number),
                JsonNode.class, "sample");
    }

    private JsonNode results() {
        return Json.read(eval.resolve("results_2026-11-05T10-15-30.json"), JsonNode.class);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
