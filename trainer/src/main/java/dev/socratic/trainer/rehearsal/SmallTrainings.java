package dev.socratic.trainer.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.rehearsal.Exercise;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// Tiny students on word problems, each by another kind of objective: of text, of distributions, of hidden states and
/// of attention. The same seed gives the same rows everywhere, so what differs is what computes.
public final class SmallTrainings {
    private static final String STUDENT = """
            name: small
            student: {random: {hidden: 32, layers: 2, heads: 2, kv_heads: 1, intermediate: 64, context: 128}}
            tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}
            data: {word_problems: {count: 24, seed: 1, form: direct}}
            batch_tokens: 800
            micro_tokens: 512
            max_seq: 128
            optimizer: {learning_rate: 0.01}
            """;
    private static final String TAUGHT = """
            objective: %s
            teacher: "%s"
            """;
    private static final List<String> OBJECTIVES = List.of("forward_kl", "dist", "pkd", "mini_lm");
    private static final int STEPS = 8;

    private final Path folder;

    /// @param folder where students are written, each in a folder of its own
    public SmallTrainings(Path folder) {
        this.folder = folder;
    }

    /// What came of a training.
    ///
    /// @param student folder of the student
    /// @param losses  of each step
    /// @param seconds that all of it took
    public record Trained(Path student, List<Double> losses, double seconds) {
        /// @return of the last step
        public double loss() {
            return losses.getLast();
        }
    }

    /// @return a step of each kind of objective
    public List<Exercise> exercises() {
        Path teacher = train("", 1, Compute.CPU).student();
        List<Exercise> exercises = new ArrayList<>();
        exercises.add(new Exercise("sft", (compute, ignored) -> train("", 1, compute)));
        for (String objective : OBJECTIVES) {
            exercises.add(new Exercise(objective, (compute, ignored) ->
                    train(TAUGHT.formatted(objective, teacher), 1, compute)));
        }
        return List.copyOf(exercises);
    }

    /// @return what a few steps on text made
    public Trained few(Compute compute) {
        return train("", STEPS, compute);
    }

    private Trained train(String more, int steps, Compute compute) {
        String config = STUDENT + "budget: {steps: {n: " + steps + "}}\n" + more;
        try {
            Path student = Files.createTempDirectory(Files.createDirectories(folder), "student");
            long start = System.nanoTime();
            TrainStage.run(ConfigReader.read(config, "self-test", TrainConfig.class),
                    new StageContext(student, Progress.SILENT, Clock.systemUTC(), Engines.threads()), compute);
            double seconds = (System.nanoTime() - start) / 1e9;
            List<Double> losses = RegularFiles.text(student.resolve("metrics.jsonl")).lines()
                    .map(line -> Json.read(line, JsonNode.class, "metrics.jsonl").path("loss"))
                    .filter(JsonNode::isNumber).map(JsonNode::asDouble).toList();
            return new Trained(student, losses, seconds);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
    }
}
