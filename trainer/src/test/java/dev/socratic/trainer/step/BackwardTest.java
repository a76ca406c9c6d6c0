package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.Decay;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.Warmup;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackwardTest {
    private static final int VOCAB = 40;
    private static final OptimizerConfig CONFIG =
            new OptimizerConfig(0.1, List.of(0.9, 0.95), 1e-8, 0, new Warmup.Ratio(0), new Decay.Constant(), 0);

    @Test
    void microBatchesGiveTheLossAndTheGradientOfOneLargeBatch() {
        for (boolean tied : new boolean[] {true, false}) {
            Result whole = run(tied, List.of(MicroBatch.of(rows())));
            Result parts = run(tied, LengthBuckets.of(rows(), 40, 1));
            assertEquals(whole.totals().loss(), parts.totals().loss(), 1e-6);
            assertEquals(whole.totals().accuracy(), parts.totals().accuracy());
            whole.gradients().forEach((name, gradient) -> {
                float[] other = parts.gradients().get(name);
                for (int i = 0; i < gradient.length; i++) {
                    assertEquals(gradient[i], other[i], 2e-6, name);
                }
            });
        }
    }

    @Test
    void theGradientIsTheSlopeOfTheLoss() {
        for (boolean tied : new boolean[] {true, false}) {
            List<MicroBatch> batches = List.of(MicroBatch.of(rows()));
            Result result = run(tied, batches);
            try (NDManager manager = Engines.manager();
                    Decoder student = student(tied, manager);
                    VocabularyHead vocabulary = new VocabularyHead(manager);
                    InPlace inPlace = new InPlace(manager);
                    Backward backward = new Backward(manager, student, new TeacherSide.None(), Optional.empty(),
                        vocabulary, student.weights())) {
                result.gradients().forEach((name, gradient) -> {
                    int at = steepest(gradient);
                    float step = 1e-3f; // a twentieth of a weight: the norm bends the loss over longer ones
                    NDArray weight = student.weights().get(name);
                    inPlace.accumulate(weight, one(weight, at, step));
                    double above = backward.score(batches).loss();
                    inPlace.accumulate(weight, one(weight, at, -2 * step));
                    double slope = (above - backward.score(batches).loss()) / (2 * step);
                    inPlace.accumulate(weight, one(weight, at, step));
                    assertEquals(slope, gradient[at], 3e-4 + 0.01 * Math.abs(slope), name);
                });
            }
        }
    }

    @Test
    void aStepLeavesNoGradientBehind() {
        try (NDManager manager = Engines.manager();
                Decoder student = student(true, manager);
                VocabularyHead vocabulary = new VocabularyHead(manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, new Plan(Objective.named("sft"), VOCAB));
                Optimizer optimizer = new Optimizer(manager, CONFIG, student.weights());
                Backward backward = new Backward(manager, student, new TeacherSide.None(), Optional.empty(),
                        vocabulary, student.weights())) {
            OptimizerStep step = new OptimizerStep(List.of(MicroBatch.of(rows())));
            double first = 0;
            for (int i = 0; i < 3; i++) {
                backward.step(step, objective.at(0));
                try (NDManager scope = manager.newSubManager()) {
                    Map<String, NDArray> gradients = backward.accumulation().gradients(scope);
                    double norm = optimizer.norm(gradients);
                    first = i == 0 ? norm : first;
                    assertEquals(first, norm, 1e-6);
                    assertTrue(norm > 0);
                    backward.accumulation().clear(gradients);
                    assertEquals(0, optimizer.norm(gradients));
                }
            }
        }
    }

    private record Result(Backward.Totals totals, Map<String, float[]> gradients) {}

    private static Result run(boolean tied, List<MicroBatch> batches) {
        try (NDManager manager = Engines.manager();
                Decoder student = student(tied, manager);
                VocabularyHead vocabulary = new VocabularyHead(manager, 7 * VOCAB);
                ObjectiveLoss objective = new ObjectiveLoss(manager, new Plan(Objective.named("sft"), VOCAB));
                Backward backward = new Backward(manager, student, new TeacherSide.None(), Optional.empty(),
                        vocabulary, student.weights());
                NDManager scope = manager.newSubManager()) {
            Backward.Totals totals = backward.step(new OptimizerStep(batches), objective.at(0));
            Map<String, float[]> all = new LinkedHashMap<>();
            backward.accumulation().gradients(scope)
                    .forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
            return new Result(totals, all);
        }
    }

    private static int steepest(float[] gradient) {
        return IntStream.range(0, gradient.length)
                .reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
    }

    /// @return zeros but for one number, in the shape of `weight`
    private static NDArray one(NDArray weight, int at, float value) {
        float[] values = new float[Math.toIntExact(weight.size())];
        values[at] = value;
        return weight.getManager().create(values, weight.getShape());
    }

    private static Decoder student(boolean tied, NDManager manager) {
        Decoder student = Decoder.random(ModelConfig.llama(VOCAB, 8, 2, 2, 1, 16, 32, tied, SpecialTokens.none()), 3,
                manager);
        student.trainable(true);
        return student;
    }

    private static List<TokenRow> rows() {
        Random random = new Random(1);
        return IntStream.range(0, 9)
                .mapToObj(i -> {
                    int[] ids = random.ints(3 + i, 0, VOCAB).toArray();
                    boolean[] counts = new boolean[ids.length];
                    Arrays.fill(counts, 1 + i / 3, ids.length, true);
                    return new TokenRow(ids, counts);
                })
                .toList();
    }
}
