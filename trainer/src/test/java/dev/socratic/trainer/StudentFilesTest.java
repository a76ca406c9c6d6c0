package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.ContentHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in a student's folder besides its weights.
class StudentFilesTest {
    private static final String FIRST = TrainStageTest.SMALL.replace("n: 12", "n: 1").replaceAll("evaluate: .*\n", "");
    private static final List<String> TRAVEL = List.of("LICENSE", "NOTICE.txt", "added_tokens.json",
            "additional_chat_templates/tool_use.jinja",
            "chat_template.jinja", "merges.txt", "preprocessor_config.json", "tokenizer.model", "vocab.json");

    @TempDir
    Path folder;

    private Path run(String yaml, String name) throws IOException {
        Path out = Files.createDirectories(folder.resolve(name));
        TrainStage.run(ConfigReader.read(yaml, name + ".yaml", TrainConfig.class),
                new StageContext(out, Progress.SILENT, Clock.systemUTC(), 1), Compute.CPU);
        return out;
    }

    @Test
    void filesOfTheTokenizerAndTheTermsTravelWithTheStudent() throws IOException {
        Path first = run(FIRST, "first");
        Files.createDirectories(first.resolve("additional_chat_templates"));
        for (String file : TRAVEL) {
            Files.writeString(first.resolve(file), file.endsWith(".json") ? "{}"
                    : file.equals("chat_template.jinja") ? Json.read(first.resolve("tokenizer_config.json"),
                            JsonNode.class).get("chat_template").asText() : "of " + file);
        }
        Files.writeString(first.resolve("training_args.bin"), "x");
        Files.writeString(first.resolve("notes.md"), "x");
        Path second = run(FIRST.replaceAll("student: .*\n", "student: {folder: {path: \"" + first + "\"}}\n")
                .replaceAll("tokenizer: .*\n", ""), "second");
        for (String file : TRAVEL) {
            assertEquals(Files.readString(first.resolve(file)), Files.readString(second.resolve(file)), file);
        }
        assertFalse(Files.exists(second.resolve("training_args.bin")) || Files.exists(second.resolve("notes.md")));
    }

    /// `generate(**tokenizer(text))` is what everybody writes.
    @Test
    void theTokenizerPromisesNothingThatADecoderDoesNotTake() throws IOException {
        JsonNode config = Json.read(run(FIRST, "own").resolve("tokenizer_config.json"), JsonNode.class);
        assertEquals("[\"input_ids\",\"attention_mask\"]", config.get("model_input_names").toString());
    }

    @Test
    void aModelIsAnotherWhereAFileThatIsReadIsAnother() throws IOException {
        Path model = run(FIRST, "model");
        String before = ContentHashes.ofModel(model);
        Files.writeString(model.resolve("README.md"), "another card");
        Files.writeString(model.resolve("vocab.json"), "{}");
        assertEquals(before, ContentHashes.ofModel(model), "cards make no other model");
        for (String file : List.of("generation_config.json", "special_tokens_map.json", "chat_template.jinja")) {
            Files.writeString(model.resolve(file), "{\"eos_token_id\": 3}");
            assertNotEquals(before, ContentHashes.ofModel(model), file);
            before = ContentHashes.ofModel(model);
        }
    }
}
