package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.PlanText;
import dev.socratic.trainer.plan.Planner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Module replacement, arXiv:2002.02925.
class TheseusTest {
    private static final Objective THESEUS = Objective.named("theseus");

    private static Objective share(String share) {
        return ConfigReader.read(
                "name: x\nedit: {replace: {replacing_rate: %s}}\nterms: [{against: labels, distance: kl}]".formatted(
                        share),
                        "x.yaml", Objective.class);
    }

    @Test
    void layersOfTheStudentAreTrainedAndWhatStandsAroundThemIsTheTeachers() {
        try (TinyPair pair = new TinyPair(THESEUS, TinyPair.WIDE)) {
            Map<String, float[]> before = values(pair.student);
            Map<String, float[]> theirs = values(pair.teacher);
            assertArrayEquals(theirs.get("model.embed_tokens.weight"), before.get("model.embed_tokens.weight"));
            for (int step = 0; step < 30; step++) {
                pair.train(TinyPair.whole(), step / 30.0);
            }
            values(pair.teacher).forEach((name, now) -> assertArrayEquals(theirs.get(name), now, name));
            values(pair.student).forEach((name, now) -> {
                if (pair.student.inLayer(name)) {
                    assertFalse(java.util.Arrays.equals(before.get(name), now), name);
                } else {
                    assertArrayEquals(theirs.get(name), now, name);
                }
            });
        }
    }

    /// By hand: with layer 0 the student's and layer 1 the teacher's block 2 to 3, the loss is the cross-entropy
    /// after exactly those layers.
    @Test
    void theLossIsThatOfTheMixedModel() {
        Objective half = share("0.5");
        double progress = IntStream.range(0, 100).mapToObj(i -> i / 100.0)
                .filter(at -> ((Edit.Replace) half.edit()).runs(2, at).equals(List.of(true, false))).findFirst()
                        .orElseThrow();
        try (TinyPair pair = new TinyPair(half, TinyPair.WIDE); NDManager scope = pair.manager.newSubManager()) {
            double loss = pair.look(TinyPair.whole(), progress).loss();
            MicroBatch batch = TinyPair.whole().getFirst();
            NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq()));
            NDArray states = pair.student.forward(ids, Set.of(), List.of(new Change.Replaced(1, pair.teacher, 2, 4)),
                    false).states();
            NDArray logs = pair.student.logits(states, false).reshape(-1, TinyPair.VOCAB).logSoftmax(1);
            double sum = 0;
            for (int i = 0; i < batch.lossTokens(); i++) {
                sum -= logs.getFloat(batch.lossPositions()[i], batch.labels()[i]);
            }
            assertEquals(sum / batch.lossTokens(), loss, 1e-5);
        }
    }

    @Test
    void theShareIsHowOftenALayerRunsAndTheSameMomentDrawsTheSame() {
        Edit.Replace replace = (Edit.Replace) share("{linear: {from: 0.3, to: 1}}").edit();
        assertEquals(replace.runs(6, 0.25), replace.runs(6, 0.25));
        for (double progress : new double[] {0.2, 0.6}) {
            int count = 0;
            for (int draw = 0; draw < 400; draw++) {
                List<Boolean> runs = replace.runs(6, progress + draw * 1e-6);
                assertTrue(runs.contains(true));
                count += (int) runs.stream().filter(run -> run).count();
            }
            assertEquals(0.3 + 0.7 * progress, count / 2400.0, 0.04);
        }
        assertEquals(List.of(true, true, true), replace.runs(3, 1), "at the end the successor stands alone");
    }

    /// The gradient of a layer flows through the teacher's block above it.
    @Test
    void theGradientIsTheSlopeThroughTheTeachersBlock() {
        Objective half = share("0.5");
        double progress = IntStream.range(0, 100).mapToObj(i -> i / 100.0)
                .filter(at -> ((Edit.Replace) half.edit()).runs(2, at).equals(List.of(true, false))).findFirst()
                        .orElseThrow();
        try (TinyPair pair = new TinyPair(half, TinyPair.WIDE)) {
            pair.look(TinyPair.parts(), progress);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            try (NDManager scope = pair.manager.newSubManager()) {
                pair.gradients(scope).forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
            }
            assertTrue(gradients.keySet().stream().allMatch(name -> name.contains("layers.")),
                    gradients.keySet().toString());
            String name = "model.layers.0.mlp.down_proj.weight";
            float[] gradient = gradients.get(name);
            int at = IntStream.range(0, gradient.length)
                    .reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
            double slope = (nudged(pair, name, at, 1e-3f, progress) - nudged(pair, name, at, -1e-3f, progress)) / 2e-3;
            assertEquals(slope, gradient[at], 1e-3 + 0.02 * Math.abs(slope));
            for (float value : gradients.get("model.layers.1.mlp.down_proj.weight")) {
                assertEquals(0, value, "the layer that did not run");
            }
        }
    }

    private static double nudged(TinyPair pair, String name, int at, float step, double progress) {
        NDArray weight = pair.weights.get(name);
        float[] one = new float[Math.toIntExact(weight.size())];
        one[at] = step;
        NDArray change = weight.getManager().create(one, weight.getShape());
        pair.add(weight, change);
        double loss = pair.look(TinyPair.whole(), progress).loss();
        pair.add(weight, change.neg());
        return loss;
    }

    @Test
    void modelsThatCannotTakeTurnsAreRefusedBeforeTheFirstStep() {
        ModelConfig deeper = ModelConfig.llama(70, 16, 6, 2, 2, 24, 32, true, SpecialTokens.none());
        List<Problem> problems = Planner.fit(THESEUS, ModelShape.of(TinyPair.NARROW), ModelShape.of(TinyPair.TEACHER));
        assertEquals(
                List.of("objective 'theseus'.edit: a student as wide as the teacher, since layers of both take "
                        + "turns; got 8 and 16; "
                + "begin with some of the teacher's own layers: student: {layers_of: {path: <teacher>, keep: ...}}"),
                problems.stream().map(Problem::toString).toList());
        assertEquals(2, Planner.fit(THESEUS, ModelShape.of(deeper), ModelShape.of(TinyPair.TEACHER)).size(),
                "depth and vocabulary");
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "name: x\nedit: replace\nterms: [{tap: hidden, distance: mse}]", "x.yaml", Objective.class));
        assertTrue(refused.getMessage()
                .contains("'replace' mixes the layers of both models, so that only what comes out can be compared; "
                        + "write tap: logits in every term"),
                refused.getMessage());
    }

    @Test
    void aTiedHeadInTheStudentAloneIsRefused() {
        ModelConfig untied = ModelConfig.llama(TinyPair.VOCAB, 16, 4, 2, 2, 24, 32, false, SpecialTokens.none());
        try (TinyPair pair = new TinyPair(Objective.named("sft"), TinyPair.WIDE);
                Decoder teacher = Decoder.random(untied, 1, pair.manager)) {
            String said = assertThrows(ConfigException.class,
                    () -> TrainableWeights.trained(THESEUS.edit(), pair.student, List.of(teacher))).getMessage();
            assertTrue(said.contains("a head of its own in the student, as in the teacher"), said);
        }
    }

    @Test
    void explainSaysWhoStandsForWhom() {
        Plan plan = new Plan(THESEUS, TinyPair.VOCAB,
                Optional.of(new Plan.Shapes(ModelShape.of(TinyPair.WIDE), ModelShape.of(TinyPair.TEACHER))));
        assertTrue(PlanText.of(plan)
                .contains("edit: a layer is the student's with probability 0.3000 .. 0.8303 .. 1.000, else the "
                        + "teacher's block"), PlanText.of(plan));
        assertTrue(PlanText.of(plan).contains("layers, student for teacher: 0 for 0 to 1, 1 for 2 to 3"),
                PlanText.of(plan));
    }

    private static Map<String, float[]> values(Decoder decoder) {
        Map<String, float[]> values = new LinkedHashMap<>();
        decoder.weights().forEach((name, weight) -> values.put(name, weight.toFloatArray()));
        return values;
    }
}
