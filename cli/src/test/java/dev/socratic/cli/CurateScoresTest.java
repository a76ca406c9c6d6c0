package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scores of models and choices among rows, by the embedded teacher, from the command line.
class CurateScoresTest {
    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void someRows() {
        shell = new Shell(folder, Map.of());
        shell.file("rows.jsonl", """
                {"id": "a", "question": "Tom has 3 apples and buys 4 more. How many has he?", "answer": "3 + 4 = 7."}
                {"id": "b", "question": "Ann has 9 pears and eats 2. How many are left?", "answer": "9 - 2 = 7."}
                {"id": "c", "question": "Tom has 3 apples and buys 4 more. How many has he?", "answer": "zxq vvk ##"}
                """).file("models.yaml", "models: {small: {weights: {path: %s/teacher, batch: 2}}}"
                        .formatted(EMBEDDED));
    }

    @Test
    void aLocalModelScoresRowsOnceAndAThresholdMovesWithoutIt() throws IOException {
        shell.file("c.yaml", "steps: [{perplexity: {model: small}}, {ifd: {model: small}}]");
        Shell.Result first = curate();
        assertEquals(0, first.code(), first::toString);
        JsonNode good = decision("a").get("scores");
        JsonNode other = decision("b").get("scores");
        assertEquals(good.get("perplexity.answer"), good.get("ifd.conditioned"));
        assertEquals(good.get("ifd.conditioned").doubleValue() / good.get("ifd.alone").doubleValue(),
                good.get("ifd.ifd").doubleValue(), 1e-4);
        double limit = (good.get("perplexity.answer").doubleValue() + other.get("perplexity.answer").doubleValue()) / 2;
        String likelier = good.get("perplexity.answer").doubleValue() < limit ? "a" : "b";
        String unlikelier = likelier.equals("a") ? "b" : "a";
        shell.file("c.yaml", "steps: [{perplexity: {model: small, max: %s}}, {ifd: {model: small}}]".formatted(limit));
        Shell.Result moved = curate();
        assertTrue(moved.err().contains("perplexity: 3 of 3 rows have their scores from before"), moved::toString);
        assertEquals("high_perplexity", decision(unlikelier).get("reason").textValue());
        assertEquals(likelier.equals("a") ? good : other, decision(likelier).get("scores"));
    }

    @Test
    void aRecipeJudgesAndChoosesWithItsOwnModels() throws IOException {
        shell.file("j.rubric.yaml", """
                source: for a test
                criteria: {number: {from: 0, to: 100, regex: 'answer is ([0-9]+)'}}
                prompt: '{{ question }}'
                """).file("r.yaml", """
                name: scored
                generate:
                  questions: {word_problems: {split: train, count: 2, seed: 101}}
                  teacher: {weights: {path: %1$s/teacher, batch: 4}}
                  prompt: chain_of_thought
                  samples: 2
                  sampling: {temperature: 0.7, max_tokens: 120}
                  reject_limit: 1
                curate:
                  steps:
                    - pass_rate
                    - judge: {model: small, rubric: j.rubric.yaml, max_tokens: 60}
                    - token_budget: {tokens: 100000, tokenizer: small, order: -pass_rate.pass_rate}
                models: {small: {weights: {path: %1$s/teacher, batch: 2}}}
                """.formatted(EMBEDDED));
        Shell.Result run = shell.run("run", "{}/r.yaml", "--out", "{}/o");
        JsonNode steps = Json.read(folder.resolve("o/curate/report.json"), JsonNode.class).get("steps");
        assertEquals(4, steps.get(0).get("facts").get("samples").intValue(), run::toString);
        assertEquals(2, steps.get(0).get("facts").get("questions").intValue());
        JsonNode judged = steps.get(1).get("facts");
        assertEquals(steps.get(1).get("in").intValue(), judged.get("scored").intValue()
                + (judged.has("unscored") ? judged.get("unscored").get("unreadable").intValue() : 0));
        assertEquals("teacher", steps.get(2).get("facts").get("counted_by").textValue());
        for (String line : Files.readAllLines(folder.resolve("o/curate/decisions.jsonl"))) {
            JsonNode scores = Json.read(line, JsonNode.class, "decisions").get("scores");
            assertTrue(scores.has("pass_rate.pass_rate") && scores.has("token_budget.tokens"), line);
        }
        assertFalse(steps.get(2).get("facts").get("used").intValue() == 0);
    }

    @Test
    void aRehearsalTellsWhatAJudgeWouldTake() {
        shell.file("models.yaml", "models: {api: {endpoint: {base_url: 'http://127.0.0.1:9/v1', model: m, price_in: 1, "
                + "price_out: 2}}}").file("c.yaml", "steps: [{judge: {model: api, rubric: deita_quality}}]");
        Shell.Result told = shell.run("curate", "{}/rows.jsonl", "--config", "{}/c.yaml", "--models", "{}/models.yaml",
                "--out", "{}/o", "--dry-run");
        assertEquals(0, told.code(), told::toString);
        assertTrue(told.err().contains("curate: judge 'api' asks about at most 3 rows, about "), told::toString);
        assertTrue(told.err().contains("at most 1,536 new ones; 0.00 to 0.00 USD"), told::toString);
    }

    @Test
    void whomAStepAsksIsSaidWhereItIsWrong() {
        shell.file("c.yaml", "steps: [{ifd: {model: smal}}]");
        Shell.Result misspelt = curate();
        assertEquals(2, misspelt.code(), misspelt::toString);
        assertTrue(misspelt.err().contains(
                "curate.steps[0]: a model of this recipe's models; got 'smal'; write 'small'"), misspelt::toString);
        shell.file("models.yaml", "models: {api: {endpoint: {base_url: 'http://127.0.0.1:9/v1', model: m}}}")
                .file("c.yaml", "steps: [{perplexity: {model: api}}]");
        Shell.Result served = curate();
        assertEquals(2, served.code(), served::toString);
        assertTrue(served.err().contains("curate.steps[0]: local weights, which score text; got the endpoint 'api'; "
                + "write models: {api: {weights: {path: FOLDER}}}"), served::toString);
    }

    private Shell.Result curate() {
        return shell.run("curate", "{}/rows.jsonl", "--config", "{}/c.yaml", "--models", "{}/models.yaml", "--out",
                "{}/o");
    }

    private JsonNode decision(String id) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("o/curate/decisions.jsonl"));
        return lines.stream().map(line -> Json.read(line, JsonNode.class, "decisions"))
                .filter(row -> row.get("id").textValue().equals(id)).findFirst().orElseThrow();
    }
}
