package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with a training is said before its first step: one line each, with its place and what to do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String RUN = TrainStageTest.SMALL.replaceAll("evaluate: .*\n", "").replace("n: 12", "n: 1");

    @TempDir
    static Path folder;

    private final Notes notes = new Notes();
    private Path teacher;
    private int runs;

    @BeforeAll
    void teacher() {
        teacher = run(RUN);
    }

    private Path run(String yaml) {
        try {
            Path stage = Files.createDirectories(folder.resolve("run" + runs++));
            Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
            TrainStage.run(ConfigReader.read(config, TrainConfig.class),
                    new StageContext(stage, notes, Clock.systemUTC(), 1), Compute.CPU);
            return stage;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String distil(Path from, String terms) throws IOException {
        Files.writeString(folder.resolve("own.yaml"), "name: own\nterms:\n  - " + terms + "\n");
        return RUN.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                + "objective: own.yaml\nteacher: \"%s\"\n".formatted(from);
    }

    private void refused(String yaml, String message) {
        SocraticException refused = assertThrows(SocraticException.class, () -> run(yaml));
        assertEquals(message, refused.getMessage().replace(folder.toString(), "F"));
        assertFalse(refused.getMessage().contains("\n"), message);
    }

    @Test
    void anUnknownAtom() throws IOException {
        refused(distil(teacher, "{distance: reverse_kl}"),
                "F/own.yaml:3:16: terms[0].distance: one of kl, jsd, total_variation, alpha_beta, akl, capped, mse, "
                        + "l1, smooth_l1, "
                + "cosine, pearson, ranking, sinkhorn, cka, mmd, info_nce, cos_nce, preference; got 'reverse_kl'");
    }

    @Test
    void kindsThatDoNotFit() throws IOException {
        refused(distil(teacher, "{tap: hidden, layers: last, distance: kl}"),
                "F/own.yaml:3:5: terms[0]: distance 'kl' needs [LOGITS, PROBS], but signal 'hidden' ends as VECTORS "
                + "after 0 view(s); take mse or cosine, or put {relation: {measure: dot}} behind the views");
    }

    @Test
    void anImpossibleLayerMap() throws IOException {
        refused(distil(teacher, "{tap: hidden, layers: {explicit: {pairs: [[0, 1], [1, 7]]}}, distance: mse}"),
                "objective 'own'.terms[0].layers.explicit: student layers 0 to 1, teacher layers 0 to 1; got [1, "
                        + "7]; layers count from 0");
    }

    @Test
    void headsThatDoNotDivide() throws IOException {
        refused(distil(teacher,
                "{tap: queries, views: [{relation: {measure: dot, heads: 3}}], layers: last, distance: kl}"),
                "objective 'own'.terms[0].views[0].relation.heads: a divisor of both widths, 16 and 16; got 3; "
                        + "choose one of 1, 2, 4, 8, 16");
    }

    @Test
    void vocabulariesThatDisagree() throws IOException {
        Path other = run(RUN.replace("count: 20", "count: 3, seed: 9"));
        String message = assertThrows(SocraticException.class, () -> run(distil(other, "{distance: kl}"))).getMessage();
        assertTrue(message.startsWith("teacher: a tokenizer with the student's tokens; got "), message);
        assertTrue(message.contains(
                "take an objective that compares across tokenizers (dskd_cma, gold, gold_off_policy, min_edit, uld)"),
                        message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void dataOfWhichNothingCounts() throws IOException {
        Path questions = Files.writeString(folder.resolve("questions.jsonl"),
                "{\"messages\": [{\"role\": \"user\", \"content\": \"How many?\"}]}\n".repeat(3));
        String without = RUN.replaceAll("data: .*", "data: {file: {path: \"%s\"}}".formatted(questions));
        refused(without,
                "data: at least one row to learn from; got no rows; look at the file: each row needs messages with "
                        + "an assistant turn, or text");
        refused(RUN.replace("max_seq: 256", "max_seq: 16\ntoo_long: cut"),
                "data: at least one row to learn from; got 48 rows, all dropped: {cut_before_the_answer=48}; "
                + "raise max_seq: the prompts alone are as long, and 'too_long: truncate' cuts behind them");
    }

    @Test
    void aTeacherThatGivesNoNumbers() throws IOException {
        Path broken = copy(1e3f, 1e38f); // finite, and no logit is
        refused(distil(broken, "{distance: kl}"),
                "F/broken: a model whose logits are numbers; got a loss of NaN over its first 144 tokens; "
                + "look at its weights with: socratic inspect --check F/broken");
        refused(RUN.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(broken)),
                "F/broken: a model whose logits are numbers; "
                + "got a loss of NaN over its first 144 tokens; look at its weights with: socratic inspect --check "
                + "F/broken");
    }

    @Test
    void aTeacherWhoseWeightsAreNoNumbersIsNotLoaded() throws IOException {
        Path broken = copy(Float.NaN);
        String first = assertThrows(SocraticException.class, () -> run(distil(broken, "{distance: kl}"))).problems()
                .getFirst()
                .toString();
        assertEquals(broken + ": model.embed_tokens.weight: finite numbers; got NaN or infinite ones; take an earlier "
                + "checkpoint, or another format of numbers (float16 ends at 65504); socratic inspect --check "
                        + "counts them", first);
    }

    @Test
    void aTeacherThatKnowsNothingIsNamed() throws IOException {
        run(distil(copy(0), "{distance: kl}"));
        assertTrue(notes.lines.stream()
                .anyMatch(note ->
                        note.contains(
                                "teacher " + folder.resolve("broken")
                                        + ": its loss on the first rows is 5.70 nats a token, "
                + "and a blind guess has 5.70; look whether its weights are trained and whether the rows are "
                + "written in its own chat template")), notes.lines.toString());
    }

    private Path copy(float factor) throws IOException {
        return copy(factor, 1);
    }

    /// The teacher with all its matrices multiplied by a number, and its last norm by another.
    private Path copy(float factor, float last) throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.write(broken.resolve(file), Files.readAllBytes(teacher.resolve(file)));
        }
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(teacher, manager)) {
            decoder.weights().values().stream().filter(weight -> weight.getShape().dimension() == 2)
                    .forEach(weight -> weight.muli(factor));
            decoder.weights().get("model.norm.weight").muli(last);
            decoder.save(broken, DType.F32);
        }
        return broken;
    }
}
