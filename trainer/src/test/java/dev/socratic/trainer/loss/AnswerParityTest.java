package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.objective.Distance.Kl;
import dev.socratic.trainer.objective.Distance.PreferenceBy;
import dev.socratic.trainer.objective.Estimate;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.TokenPairing;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.TeacherTarget;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Losses of whole answers beside the authors' own code, run by `bench/peers/objectives/answers_golden.py`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerParityTest {
    private final Tensors t = new Tensors();
    private JsonNode golden;

    @BeforeAll
    void read() throws IOException {
        try (InputStream in = AnswerParityTest.class.getResourceAsStream("/dev/socratic/trainer/answers_golden.json")) {
            golden = Json.mapper().readTree(in);
        }
    }

    @AfterAll
    void close() {
        t.close();
    }

    private NDArray rows(String name) {
        return t.rows(table(name));
    }

    private void same(String name, double value) {
        double expected = golden.get("values").get(name).doubleValue();
        assertEquals(expected, value, 2e-6 * Math.max(1, Math.abs(expected)), name);
    }

    private static double mean(float[] values) {
        return Tensors.sum(values) / values.length;
    }

    private float[][] table(String name) {
        return Json.mapper().convertValue(golden.get(name), float[][].class);
    }

    @Test
    void preferencesBetweenScores() {
        float[][] scores = table("scores");
        float[][] measured = new float[4][1];
        float[][] other = new float[4][1];
        float[][] chosen = new float[4][1];
        float[][] rejected = new float[4][1];
        for (int i = 0; i < 4; i++) {
            chosen[i][0] = scores[i][0];
            rejected[i][0] = scores[i][1];
            measured[i][0] = scores[i][0] - scores[i][2];
            other[i][0] = scores[i][1] - scores[i][3];
        }
        same("trl dpo", preferred(new Distance.Preference(0.1, 0, 0, PreferenceBy.LOGISTIC), measured, other));
        same("trl dpo smoothed 0.1",
                preferred(new Distance.Preference(0.1, 0, 0.1, PreferenceBy.LOGISTIC), measured, other));
        same("trl hinge", preferred(new Distance.Preference(0.1, 0, 0, PreferenceBy.HINGE), measured, other));
        same("trl ipo", preferred(new Distance.Preference(0.1, 0, 0, PreferenceBy.SQUARED), measured, other));
        same("trl simpo", preferred(new Distance.Preference(2, 0.3, 0, PreferenceBy.LOGISTIC), chosen, rejected));
    }

    private double preferred(Distance distance, float[][] chosen, float[][] rejected) {
        return mean(t.between(distance, Kind.SCALARS, t.rows(chosen), t.rows(rejected)));
    }

    /// Two answers of four tokens; then the second one without its last.
    @Test
    void minillmsAdvantagesAndPolicyGradient() {
        double[] white = Advantages.of(rewards(8), new int[] {0, 0, 0, 0, 1, 1, 1, 1},
                new Estimate.Sampled(1, false, true, true, 0.2));
        float[][] expected = table("white");
        for (int i = 0; i < 8; i++) {
            assertEquals(expected[i / 4][i % 4], white[i], 3e-6);
        }
        same("minillm policy gradient", policy(8, white, "own"));
        same("minillm policy gradient of a later update", policy(8, white, "later"));
        double[] unequal = Advantages.of(rewards(7), new int[] {0, 0, 0, 0, 1, 1, 1},
                new Estimate.Sampled(1, false, true, false, 0.2));
        same("minillm policy gradient of unequal answers", policy(7, unequal, "own"));
    }

    private double[] rewards(int tokens) {
        return IntStream.range(0, tokens).mapToDouble(i -> table("advised")[i / 4][i % 4] - table("own")[i / 4][i % 4])
                .toArray();
    }

    private double policy(int tokens, double[] advantages, String now) {
        float[] own = new float[tokens];
        float[] worth = new float[tokens];
        float[] weights = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            own[i] = table(now)[i / 4][i % 4];
            worth[i] = (float) advantages[i];
            weights[i] =
                    (float) (Math.exp(own[i] - table("own")[i / 4][i % 4]) / (
                            0.8 + 0.2 * Math.exp(rewards(tokens)[i])));
        }
        NDArray q = t.manager.create(own);
        return mean(
                t.kernel.call("policy_gradient", Arg.of(q), Arg.of(t.manager.create(worth)),
                        Arg.of(t.manager.create(weights)), Arg.of(0.2)).toFloatArray());
    }

    @Test
    void distillm2sSkewsFollowTheAnswer() {
        double[] mean = new double[2];
        long[] labels = Json.mapper().convertValue(golden.get("labels"), long[].class);
        for (int i = 0; i < 3; i++) {
            mean[0] += rows("student").logSoftmax(-1).getFloat(i, labels[i]) / 3;
            mean[1] += rows("teacher").logSoftmax(-1).getFloat(i, labels[i]) / 3;
        }
        double gap = Math.exp(mean[1]) - Math.exp(mean[0]);
        double anchor = golden.get("anchor").doubleValue();
        float forward = (float) SkewCurriculum.of(0.1, 0.01, anchor, gap);
        float reverse = (float) SkewCurriculum.of(0.1, 0.01, -anchor, -gap);
        assertTrue(forward > 0.02 && forward < 0.09, "a skew between its ends, or the test shows nothing: " + forward);
        same("distillm_2 paced forward", paced(new Kl(Direction.FORWARD, 0.1, false), forward));
        same("distillm_2 paced reverse", paced(new Kl(Direction.REVERSE, 0.1, true), reverse));
    }

    /// Of three tokens and of one, which is the third of those.
    @Test
    void distillm2sLossIsTheMeanOfEachAnswersMean() {
        for (Direction direction : Direction.values()) {
            String objective = "name: x\nterms: [{distance: {kl: {direction: %s, skew: 0.1}}, tokens: per_answer}]";
            Plan plan = new Plan(
                    ConfigReader.read(objective.formatted(direction.name().toLowerCase(java.util.Locale.ROOT)), "x",
                            Objective.class), 9);
            NDArray third = t.manager.create(new long[] {0, 1, 2, 2});
            NDArray factors = t.manager.create(new float[] {4 / 6f, 4 / 6f, 4 / 6f, 2});
            LossContext marks = new LossContext(Optional.empty(), Optional.empty(),
                    Map.of(TokenPairing.PLACES, factors),
                    Optional.empty(), Map.of(), Optional.empty(), Map.of());
            TokenChunk chunk = new TokenChunk(
                    rows("student")
                            .get(third), t.manager.create(new long[4]),
                    List.of(new TeacherTarget.Logits(rows("teacher").get(third))), Optional.empty(), marks);
            try (ObjectiveLoss loss = new ObjectiveLoss(t.manager, plan);
                    GradientCollector ignored = Engine.getEngine("PyTorch").newGradientCollector()) {
                same("distillm_2 %s of two answers".formatted(direction.name().toLowerCase(java.util.Locale.ROOT)),
                        mean(loss.at(0).lossAndGradient(chunk, 0.25f).losses().toFloatArray()));
            }
        }
    }

    private double paced(Kl kl, float skew) {
        Sides sides = Tensors.sides(Kind.LOGITS, rows("student"), rows("teacher"));
        return mean(t.distances.paced(kl, sides, t.manager.create(new float[] {skew, skew, skew})).toFloatArray());
    }
}
