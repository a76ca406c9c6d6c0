package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.LimitException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a training loses of its rows is said before its first step.
class RowCheckTest {
    /// Throws the reasoning away, in the last turn too.
    private static final String WITHOUT_REASONING = "{% for m in messages %}{% if m.role == 'user' %}<|im_start|>{{ "
            + "m.content }}"
            + "{% else %}<|im_end|>{{ m.content.split('</think>')[-1] }}<|im_end|>{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}<|im_end|>{% endif %}";

    @TempDir
    Path folder;

    private final Notes notes = new Notes();
    private StageReport report;

    private static TinyModel model() {
        return new TinyModel().added("<|im_start|>", "<|im_end|>").says("eos_token", "<|im_end|>")
                .template(TinyModel.CHATML);
    }

    private Path train(TinyModel start, String more, String... answers) throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Files.write(rows, Stream.of(answers).map(answer -> Json.line(Map.of("id", "q" + answer.charAt(0), "messages",
                List.of(
                Map.of("role", "user", "content", "two and two"), Map.of("role", "assistant", "content", answer)))))
                        .toList());
        String config = """
                student: {folder: {path: "%s"}}
                data: {file: {path: "%s"}}
                budget: {steps: {n: 1}}
                batch_tokens: 64
                """.formatted(start.write(folder.resolve("start")), rows);
        Path out = Files.createDirectories(folder.resolve("student"));
        report = TrainStage.run(ConfigReader.read(config + more, "train.yaml", TrainConfig.class),
                new StageContext(out, notes, Clock.systemUTC(), 1), Compute.CPU);
        return out;
    }

    private void said(String... lines) {
        assertEquals(List.of(lines), notes.lines);
    }

    @Test
    void rowsThatFitAreNotSpokenOf() throws IOException {
        train(model(), "", "four", "five");
        said();
        assertEquals(0L, report.notes().get("too_long"));
    }

    @Test
    void rowsTooLongAreToldBeforeTheFirstStepAndCountedBesideTheFigures() throws IOException {
        train(model(), "max_seq: 90\n", "four", "five", "six " + "x".repeat(100));
        said("1 of 3 rows (33.3 %) are longer than max_seq 90 and left out: raise max_seq (the models read 256 "
                + "tokens, micro_tokens has to hold a row), "
                + "or write too_long: truncate");
        assertEquals(1L, report.notes().get("too_long"));
        assertEquals(1L, report.counts().dropped().get("too_long"));
    }

    @Test
    void withoutMaxSeqARowMayBeAsLongAsTheStudentReads() throws IOException {
        train(model(), "", "four", "six " + "x".repeat(150));
        said();
        assertTrue(Files.readString(folder.resolve("student/README.md")).contains("max_seq: 256"));
        train(model(), "micro_tokens: 100\n", "four", "five", "six " + "x".repeat(150));
        assertTrue(notes.lines.getLast()
                .startsWith("1 of 3 rows (33.3 %) are longer than max_seq 100 and left out: raise max_seq (the "
                        + "models read 256"),
                notes.lines.toString());
    }

    @Test
    void aShareAboveTheLimitEndsTheRunBeforeItsFirstStep() throws IOException {
        String[] rows = {"four", "six " + "x".repeat(100), "seven " + "x".repeat(100)};
        LimitException over = assertThrows(LimitException.class, () -> train(model(), "max_seq: 90\n", rows));
        assertEquals("data: at most 50.0 % of the rows longer than max_seq 90 (too_long_limit); got 2 of 3 rows "
                + "(66.7 %); "
                + "raise max_seq, write too_long: truncate, or raise too_long_limit if the others are enough",
                        over.getMessage());
        assertFalse(Files.exists(folder.resolve("student/metrics.jsonl")));
        train(model(), "max_seq: 90\ntoo_long_limit: 0.7\n", rows);
        assertEquals(1L, report.counts().kept());
    }

    @Test
    void rowsThatLoseTheirEndAreToldToo() throws IOException {
        train(model(), "max_seq: 90\ntoo_long: cut\n", "four", "six " + "x".repeat(100));
        said("1 of 2 rows (50.0 %) are longer than max_seq 90 and lose their end, so the student sees answers that "
                + "do not stop: "
                + "raise max_seq (the models read 256 tokens, micro_tokens has to hold a row)");
        assertEquals(1L, report.notes().get("cut"));
    }

    @Test
    void anAnswerThatTheTemplateDoesNotWriteWholeIsTold() throws IOException {
        train(model().template(WITHOUT_REASONING), "", "<think>two twice</think>four", "five", "six");
        said("the template leaves out part of 1 of 3 answers, which is not learned then; where that is the "
                + "reasoning: write it into the template "
                + "(a chat_template.jinja that prints message['content'] as it is, beside the tokenizer the student "
                + "takes)");
    }

    @Test
    void whiteSpaceThatATemplateStripsIsNoPartOfAnAnswer() throws IOException {
        train(model().template(TinyModel.CHATML.replace("m.content", "m.content | trim")), "", "  four\n", "five");
        said();
    }

    @Test
    void aCharacterWithoutATokenCostsItsRowAlone() throws IOException {
        TinyModel lacking = model().edited(file -> {
            file.withObject("/model").put("unk_token", "<unk>").withObject("/vocab").remove("z");
        });
        train(lacking, "", "four", "five", "zebra");
        said("1 of 3 rows (33.3 %) are left out, the first 'qz', for the tokenizer has no token for a character of it: "
                + "mend the row, or look at the tokenizer with: socratic inspect --check");
        assertEquals(1L, report.counts().dropped().get("refused_by_tokenizer"));
    }

    @Test
    void aRowOfMegabytesIsRefusedWithoutBeingTokenizedAndAlsoCut() throws IOException {
        String endless = "six " + "x".repeat(1_500_000);
        train(model(), "", "four", "five", endless);
        assertEquals(1L, report.notes().get("too_long"));
        train(model(), "too_long: truncate\nseed: 2\n", "four", "five", endless);
        assertEquals(1L, report.notes().get("cut"));
        assertEquals(3L, report.counts().kept());
    }
}
