package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ends an answer is one thing to a training, to its rollouts and in the student's files.
class EndOfAnAnswerTest {
    @TempDir
    Path folder;

    private final Notes notes = new Notes();

    private Path train(Path start, String more) throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Files.writeString(rows, """
                {"messages": [{"role": "user", "content": "two and two"}, {"role": "assistant", "content": "four"}]}
                """.repeat(4));
        String config = """
                student: {folder: {path: "%s"}}
                data: {file: {path: "%s"}}
                budget: {steps: {n: 1}}
                batch_tokens: 64
                """.formatted(start, rows);
        Path out = Files.createDirectories(folder.resolve("student"));
        TrainStage.run(ConfigReader.read(config + more, "train.yaml", TrainConfig.class),
                new StageContext(out, notes, Clock.systemUTC(), 1), Compute.CPU);
        return out;
    }

    private static JsonNode generation(Path student) throws IOException {
        return Json.read(Files.readString(student.resolve("generation_config.json")), JsonNode.class, "generation");
    }

    private static List<Long> eos(Path student) throws IOException {
        List<Long> ids = new ArrayList<>();
        JsonNode said = generation(student).path("eos_token_id");
        if (said.isIntegralNumber()) {
            return List.of(said.asLong());
        }
        said.forEach(id -> ids.add(id.asLong()));
        return ids;
    }

    private static TinyModel base() {
        return new TinyModel().added("<|endoftext|>", "<|im_start|>", "<|im_end|>").says("eos_token", "<|endoftext|>")
                .eos(256L).template(TinyModel.CHATML);
    }

    @Test
    void aBaseModelTrainedOnChatsStopsWhereItsTemplateEndsATurn() throws IOException {
        Path student = train(base().write(folder.resolve("base")), "");
        assertEquals(List.of(256L, 258L), eos(student));
        try (Tokenizer tokenizer = Tokenizer.open(student)) {
            assertEquals(List.of(256L, 258L), EosTokens.of(student, tokenizer).ids());
        }
    }

    @Test
    void aStudentKeepsEveryIdAndTheSamplingDefaultsOfTheModelItComesFrom() throws IOException {
        Path start = base().write(folder.resolve("chat"));
        Files.writeString(start.resolve("generation_config.json"),
                "{\"_from_model_config\": true, \"do_sample\": true, \"temperature\": 0.6, \"top_k\": 20, "
                        + "\"eos_token_id\": [258, 256, 65], \"pad_token_id\": 256}");
        Path student = train(start, "");
        assertEquals(List.of(258L, 256L, 65L), eos(student));
        JsonNode said = generation(student);
        assertEquals("0.6 20 true 256 false", "%s %s %s %s %s".formatted(said.path("temperature"), said.path("top_k"),
                said.path("do_sample"),
                said.path("pad_token_id"), said.has("_from_model_config")));
    }

    @Test
    void whatTheStudentWritesItselfEndsWithTheTemplatesTokenToo() throws IOException {
        Path start = base().alwaysWrites(258).write(folder.resolve("writer"));
        Path own = Files.writeString(folder.resolve("own.yaml"), """
                name: own
                rollout: {student: {max_new_tokens: 100, temperature: 0}}
                terms: [{distance: kl}]
                """);
        Path student = train(start, "objective: \"%s\"\nteacher: \"%s\"\n".formatted(own, start));
        String step = Files.readAllLines(student.resolve("metrics.jsonl")).getFirst();
        assertTrue(step.contains("\"answer_tokens\":1.0,\"answer_tokens_ended\":1.0,"), step);
    }

    @Test
    void anotherTokenizersIdsAreNotTakenOver() throws IOException {
        Path start = base().write(folder.resolve("start"));
        Files.writeString(start.resolve("generation_config.json"),
                "{\"temperature\": 0.6, \"eos_token_id\": [65, 66]}");
        Path other = new TinyModel().added("<|im_start|>", "<|im_end|>").says("eos_token", "<|im_end|>")
                .template(TinyModel.CHATML).write(folder.resolve("other"));
        Path student = train(start, "tokenizer: {folder: {path: \"%s\"}}\n".formatted(other));
        assertEquals(List.of(257L), eos(student));
        assertEquals(0.6, generation(student).path("temperature").asDouble());
    }
}
