package dev.socratic.trainer.run.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.TinyModel;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The card says where a student comes from.
class LineageTest {
    @TempDir
    Path folder;

    private static TinyModel model() {
        return new TinyModel().added("<|im_start|>", "<|im_end|>").says("eos_token", "<|im_end|>")
                .template(TinyModel.CHATML);
    }

    private String card(Lineage more) throws IOException {
        Path base = model().write(folder.resolve("models--some-org--tiny/snapshots/abc"));
        Files.writeString(base.resolve("README.md"), "---\nlicense: apache-2.0\n---\n# Tiny\n");
        Path teacher = model().write(folder.resolve("large"));
        Files.writeString(teacher.resolve("README.md"), "---\nlanguage: en\nlicense: 'mit'\n---\nlicense: nothing\n");
        Path run = Files.createDirectories(folder.resolve("run"));
        Path rows = Files.writeString(Files.createDirectories(run.resolve("curate")).resolve("train.jsonl"),
                "{\"messages\": [{\"role\": \"user\", \"content\": \"two\"}, {\"role\": \"assistant\", \"content\": "
                        + "\"four\"}]}\n");
        String config = """
                student: {folder: {path: "%s"}}
                teacher: "%s"
                objective: word_kd
                data: {file: {path: "%s"}}
                budget: {steps: {n: 1}}
                batch_tokens: 16
                """.formatted(base, teacher, rows);
        Path out = Files.createDirectories(run.resolve("train/student"));
        TrainStage.run(ConfigReader.read(config, "train.yaml", TrainConfig.class),
                new StageContext(out, Progress.SILENT, Clock.systemUTC(), 1), more, Compute.CPU);
        return Files.readString(out.resolve("README.md"));
    }

    @Test
    void baseTeachersAndDataAreNamedWithLicenceAndHash() throws IOException {
        String card = card(Lineage.NONE);
        assertTrue(card.startsWith("""
                ---
                library_name: transformers
                pipeline_tag: text-generation
                base_model: some-org/tiny
                license: apache-2.0
                ---
                """), card);
        assertTrue(card.contains("| base model | some-org/tiny (license apache-2.0) |"), card);
        assertTrue(card.contains("| teacher | large (license mit) |"), card);
        assertTrue(card.contains("| data | curate/train.jsonl, sha256 "
                + Hashes.ofFile(folder.resolve("run/curate/train.jsonl")) + " |"), card);
        assertFalse(card.contains(folder.toString()), card);
    }

    @Test
    void whatOnlyTheRunKnowsIsAdded() throws IOException {
        String card = card(new Lineage(Optional.empty(), List.of(new Lineage.Model("big-model behind an endpoint",
                Optional.empty())), List.of(),
                List.of(new Lineage.Figure("gsm8k", "41.2 % [38.5, 43.9] of 1,319"))));
        assertTrue(card.contains("| teacher | big-model behind an endpoint |"), card);
        assertTrue(card.contains("| evaluation, gsm8k | 41.2 % [38.5, 43.9] of 1,319 |"), card);
    }

    @Test
    void oddNamesBreakNeitherTheHeadNorTheTable() {
        Lineage.Model odd = Lineage.Model.of(folder.resolve("a: b|c"));
        assertEquals("a: b|c", odd.name());
        assertEquals("\"a: b|c\"", Card.scalar(odd.name()));
        assertEquals("some-org/tiny-0.5B", Card.scalar("some-org/tiny-0.5B"));
    }
}
