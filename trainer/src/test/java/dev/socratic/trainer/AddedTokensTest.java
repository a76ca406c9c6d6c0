package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokenizers that differ in added tokens: a padding token more, reserved tokens of another name.
class AddedTokensTest {
    @TempDir
    Path folder;

    private final Notes notes = new Notes();

    private static TinyModel model(String... added) {
        return new TinyModel().added(added).says("eos_token", "<|im_end|>").template(TinyModel.CHATML);
    }

    private StageReport train(TinyModel student, TinyModel teacher, String answer,
            String objective) throws IOException {
        String turns = "{'id': 'a', 'messages': [{'role': 'user', 'content': 'two and two'}, "
                + "{'role': 'assistant', 'content': '" + answer + "'}]}\n";
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), turns.replace('\'', '"').repeat(2));
        String config = """
                student: {folder: {path: "%s"}}
                teacher: "%s"
                data: {file: {path: "%s"}}
                budget: {steps: {n: 2}}
                batch_tokens: 64
                """.formatted(student.write(folder.resolve("start")), teacher.write(folder.resolve("teacher")), rows)
                + "objective: " + objective + "\n";
        return TrainStage.run(ConfigReader.read(config, "train.yaml", TrainConfig.class),
                new StageContext(Files.createDirectories(folder.resolve("student")), notes, Clock.systemUTC(), 1),
                Compute.CPU);
    }

    @Test
    void aPaddingTokenMoreIsNoObstacle() throws IOException {
        StageReport report = train(model("<|im_start|>", "<|im_end|>", "[PAD]"), model("<|im_start|>", "<|im_end|>"),
                "four", "word_kd");
        assertEquals(2L, report.counts().kept());
        assertEquals("teacher: compared over 258 ids; left out are 1 ids that differ (student / teacher): 258 "
                + "'[PAD]' / 'nothing'", notes.lines.getFirst());
    }

    @Test
    void aReservedTokenOfAnotherNameInTheMiddleIsNoObstacle() throws IOException {
        for (String objective : new String[] {"word_kd", "dkd", "on_policy"}) {
            notes.lines.clear();
            train(model("<|im_start|>", "<|reserved|>", "<|im_end|>"), model("<|im_start|>", "<|tool|>", "<|im_end|>"),
                    "four", objective);
            assertTrue(notes.lines.contains("teacher: compared over 258 ids; left out are 1 ids that differ (student / "
                    + "teacher): 257 '<|reserved|>' / '<|tool|>'"), notes.lines.toString());
        }
    }

    @Test
    void aRowThatUsesSuchATokenIsRefusedByName() {
        ConfigException refused = assertThrows(ConfigException.class, () ->
                train(model("<|im_start|>", "<|im_end|>", "<|more|>"), model("<|im_start|>", "<|im_end|>"),
                        "four <|more|>", "forward_kl"));
        String message = refused.getMessage();
        assertTrue(message.startsWith("teacher: a tokenizer in which the tokens of the rows are the student's; "
                + "got 2 of 2 rows (100.0 %) with others, the first 'a'; 1 ids that differ (student / teacher): "
                + "258 '<|more|>' / 'nothing'; give the student the teacher's tokenizer, "), message);
    }

    @Test
    void anOrdinaryTokenThatDiffersIsRefusedAsEver() {
        ConfigException refused = assertThrows(ConfigException.class, () ->
                train(model("<|im_start|>", "<|im_end|>").merge("a", "b"), model("<|im_start|>", "<|im_end|>")
                        .merge("c", "d"), "four", "forward_kl"));
        assertTrue(refused.getMessage()
                .startsWith("teacher: a tokenizer with the student's tokens; got 1 ids that differ"),
                        refused.getMessage());
    }
}
