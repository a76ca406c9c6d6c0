package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordProblemsRecipeTest {
    static final String CONFIG = """
            name: tiny
            student: {random: {hidden: 32, layers: 2, heads: 2, kv_heads: 1, intermediate: 64, context: 256}}
            tokenizer: {train_bpe: {vocab: 384, source: {word_problems: {count: 200}}, rows: 200}}
            data: {word_problems: {count: 400, seed: 1}}
            budget: {steps: {n: 30}}
            batch_tokens: 1024
            micro_tokens: 1024
            max_seq: 256
            shuffle_buffer: 128
            checkpoint_every: 10
            optimizer: {learning_rate: 0.01}
            evaluate: {source: {word_problems: {count: 20, seed: 2}}, every: 15}
            dtype: float32
            """;

    @Test
    void thirtyStepsOnWordProblemsLowerTheLoss(@TempDir Path folder) throws Exception {
        TrainConfig config = ConfigReader.read(CONFIG, "config", TrainConfig.class);
        StageReport report = TrainStage.run(config, new StageContext(folder, Progress.SILENT, Clock.systemUTC(), 1),
                Compute.CPU);

        List<JsonNode> lines = Files.readAllLines(folder.resolve("metrics.jsonl")).stream()
                .map(line -> Json.read(line, JsonNode.class, "metrics.jsonl"))
                .toList();
        List<Double> losses = lines.stream().filter(l -> l.has("loss")).map(l -> l.get("loss").asDouble()).toList();
        List<Double> heldOut = lines.stream().filter(l -> l.has("eval_loss")).map(l -> l.get("eval_loss").asDouble())
                .toList();
        assertEquals(30, losses.size());
        assertTrue(Math.abs(losses.getFirst() - Math.log(384)) < 0.3,
                "an untrained student guesses evenly: " + losses.getFirst());
        assertTrue(losses.getLast() < 0.7 * losses.getFirst(), losses.toString());
        assertEquals(2, heldOut.size());
        assertTrue(heldOut.getLast() < heldOut.getFirst(), heldOut.toString());
        assertEquals(30L, report.notes().get("steps"));
        assertEquals(report.counts().in(), report.counts().kept() + report.counts().droppedInAll());
    }
}
