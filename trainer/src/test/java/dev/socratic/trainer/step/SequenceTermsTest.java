package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Terms over whole answers: preferences, and what is on one side of a pair only.
class SequenceTermsTest {
    private static final String UNWHITENED = """
            name: unwhitened
            rollout: {student: {keep_data: true, teacher_mix: 0.2}}
            terms:
              - {on: on_policy, distance: {kl: {direction: reverse,
                        estimate: {sampled: {discount: 1, per_token: true, clip: 0.2}}}}}
              - {on: on_policy, distance: {kl: {direction: reverse}}}
              - {against: labels, distance: kl, weight: 0.5}
            """;

    private static Objective objective(String yaml) {
        return yaml.contains("\n") ? ConfigReader.read(yaml, "mine", Objective.class) : Objective.named(yaml);
    }

    /// Where student and start are the same, so are their scores: -log sigmoid(0).
    @Test
    void dpoBeginsAtLogTwo() {
        try (TinyPair pair = new TinyPair(Objective.named("dpo"), TinyPair.NARROW)) {
            assertEquals(Math.log(2), pair.look(pair.data(), 0).loss(), 1e-6);
            assertEquals(0, pair.objective.facts().get("preference_margin"), 1e-6);
        }
    }

    /// The score of an answer is minus its mean cross-entropy.
    @Test
    void simpoIsWhatThePaperSaysOfTheCrossEntropiesOfTheAnswers() {
        try (TinyPair pair = new TinyPair(Objective.named("simpo"), TinyPair.NARROW)) {
            double sum = 0;
            double right = 0;
            for (TokenRow row : TinyPair.pairs()) {
                double z = 2 * (
                        score(pair, pair.student, alone(row.rejected().orElseThrow())) - score(pair, pair.student,
                                alone(row))) - 0.3;
                sum += Math.log1p(Math.exp(-z));
                right += z > -0.3 ? 1 : 0;
            }
            assertEquals(sum / 9, pair.look(pair.data(), 0).loss(), 1e-5);
            assertEquals(right / 9, pair.objective.facts().get("preference_accuracy"), 1e-12);
        }
    }

    @Test
    void dpoAfterAStepIsWhatThePaperSaysOfStudentAndStart() {
        try (TinyPair pair = new TinyPair(Objective.named("dpo"), TinyPair.NARROW)) {
            pair.train(pair.data(), 0);
            double sum = 0;
            for (TokenRow row : TinyPair.pairs()) {
                double gap = 0;
                for (TokenRow side : row.answers()) {
                    double moved =
                            side.lossTokens() * (
                                    score(pair, pair.start.orElseThrow(), alone(side)) - score(pair, pair.student,
                                            alone(side)));
                    gap += side == row ? moved : -moved;
                }
                sum += Math.log1p(Math.exp(-0.1 * gap));
            }
            assertEquals(sum / 9, pair.look(pair.data(), 0).loss(), 1e-5);
        }
    }

    private static List<MicroBatch> alone(TokenRow row) {
        return List.of(MicroBatch.of(List.of(new TokenRow(row.ids(), row.lossMask()))));
    }

    private static double score(TinyPair pair, dev.socratic.models.network.Decoder decoder, List<MicroBatch> batches) {
        try (Backward backward = new Backward(pair.manager, decoder, new TeacherSide.None(), Optional.empty(),
                        pair.vocabulary, decoder.weights())) {
            return backward.score(batches).loss();
        }
    }

    @Test
    void dpoTeachesWhichAnswerIsTheBetterOne() {
        try (TinyPair pair = new TinyPair(Objective.named("dpo"), TinyPair.NARROW)) {
            for (int i = 0; i < 15; i++) {
                pair.train(pair.data(), 0);
                pair.objective.facts();
            }
            pair.look(pair.data(), 0);
            Map<String, Double> facts = pair.objective.facts();
            assertEquals(1, facts.get("preference_accuracy"));
            assertTrue(facts.get("preference_margin") > 1, facts.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpo", "simpo", "distillm_2", "self_distillation", UNWHITENED, "minillm"})
    void aStepInOneMicroBatchIsOneInMany(String yaml) {
        Objective objective = objective(yaml);
        try (TinyPair one = new TinyPair(objective, TinyPair.NARROW);
                TinyPair many = new TinyPair(objective, TinyPair.NARROW)) {
            assertTrue(many.dataInParts().size() > 1);
            one.train(one.data(), 0.7); // away from where dpo's two sides are equal
            many.train(many.data(), 0.7);
            Explanation whole = one.look(one.data(), 0.7);
            Explanation parts = many.look(many.dataInParts(), 0.7);
            assertEquals(whole.loss(), parts.loss(), 1e-5);
            Map<String, float[]> expected = gradients(one);
            gradients(many).forEach((name, gradient) -> {
                float[] other = expected.get(name);
                for (int i = 0; i < gradient.length; i++) {
                    assertEquals(other[i], gradient[i], 1e-5 + 1e-3 * Math.abs(other[i]), name);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpo", "simpo", "self_distillation"})
    void theGradientIsTheSlopeOfTheLoss(String name) {
        try (TinyPair pair = new TinyPair(Objective.named(name), TinyPair.NARROW)) {
            pair.train(pair.data(), 0);
            pair.look(pair.data(), 0);
            Map<String, float[]> gradients = gradients(pair);
            pair.clear();
            List.of("lm_head.weight", "model.layers.0.mlp.up_proj.weight", "model.embed_tokens.weight")
                    .forEach(weight -> {
                float[] gradient = gradients.get(weight);
                int at = steepest(gradient);
                double above = moved(pair, weight, at, 2e-3f);
                double below = moved(pair, weight, at, -2e-3f);
                assertEquals((above - below) / 4e-3, gradient[at], 2e-3 + 0.05 * Math.abs(gradient[at]), weight);
            });
        }
    }

    private static double moved(TinyPair pair, String name, int at, float by) {
        NDArray weight = pair.weights.get(name);
        float[] values = new float[(int) weight.size()];
        values[at] = by;
        try (NDManager scope = pair.manager.newSubManager()) {
            pair.add(weight, scope.create(values, weight.getShape()));
            double loss = pair.look(pair.data(), 0).loss();
            values[at] = -by;
            pair.add(weight, scope.create(values, weight.getShape()));
            pair.clear();
            return loss;
        }
    }

    /// A term on one side is what it is on that side's rows alone.
    @Test
    void aTermLooksAtItsOwnSideOnly() {
        Objective both = objective("""
                name: sides
                rollout: {student: {keep_data: true}}
                terms:
                  - {distance: kl}
                  - {on: on_policy, distance: {kl: {direction: reverse}}}
                """);
        List<TokenRow> given = TinyPair.pairs().stream().map(row -> new TokenRow(row.ids(), row.lossMask())).toList();
        List<TokenRow> own = TinyPair.pairs().stream().map(row -> row.rejected().orElseThrow()).toList();
        try (TinyPair pair = new TinyPair(both, TinyPair.NARROW);
                TinyPair forward = new TinyPair(Objective.named("forward_kl"), TinyPair.NARROW);
                TinyPair reverse = new TinyPair(Objective.named("reverse_kl"), TinyPair.NARROW)) {
            Explanation seen = pair.look(pair.data(), 0);
            Explanation a = forward.look(List.of(MicroBatch.of(given)), 0);
            Explanation b = reverse.look(List.of(MicroBatch.of(own)), 0);
            assertEquals(a.lines().getLast().mean(), seen.lines().getFirst().mean(), 1e-5);
            assertEquals(b.lines().getLast().mean(), seen.lines().getLast().mean(), 1e-5);
        }
    }

    /// In one step with every row, and in the parts of one.
    @Test
    void perAnswerIsTheMeanOfEachAnswersMeanOnEachSide() {
        Objective both = objective("""
                name: sides
                rollout: {student: {keep_data: true}}
                terms:
                  - {distance: kl, tokens: per_answer}
                  - {on: on_policy, distance: {kl: {direction: reverse}}, tokens: per_answer}
                """);
        double given = 0;
        double own = 0;
        try (TinyPair forward = new TinyPair(objective("name: x\nterms: [{distance: kl}]"), TinyPair.NARROW);
                TinyPair reverse = new TinyPair(Objective.named("reverse_kl"), TinyPair.NARROW)) {
            for (TokenRow row : TinyPair.pairs()) {
                given += forward.look(alone(row), 0).loss() / 9;
                own += reverse.look(alone(row.rejected().orElseThrow()), 0).loss() / 9;
            }
        }
        try (TinyPair pair = new TinyPair(both, TinyPair.NARROW);
                TinyPair one = new TinyPair(objective("name: x\nterms: [{distance: kl, tokens: per_answer}]"),
                        TinyPair.NARROW)) {
            for (List<MicroBatch> step : List.of(pair.data(), pair.dataInParts())) {
                Explanation seen = pair.look(step, 0);
                assertEquals(given, seen.lines().getFirst().mean(), 1e-5);
                assertEquals(own, seen.lines().getLast().mean(), 1e-5);
            }
            assertEquals(given, one.look(TinyPair.parts(), 0).loss(), 1e-5);
        }
    }

    /// One answer of two tokens at discount 1: A_1 = r_1 + r_2, A_2 = r_2, and the loss is minus their mean.
    @Test
    void theReturnOfAnAnswerIsTheSumOfItsRewards() {
        String yaml = """
                name: returns
                rollout: student
                terms: [{distance: {kl: {direction: reverse, estimate: {sampled: {discount: %s}}}}}]
                """;
        List<MicroBatch> two =
                List.of(MicroBatch.of(
                        List.of(new TokenRow(new int[] {3, 5, 7, 9}, new boolean[] {false, false, true, true}))));
        List<MicroBatch> last =
                List.of(MicroBatch.of(
                        List.of(new TokenRow(new int[] {3, 5, 7, 9}, new boolean[] {false, false, false, true}))));
        try (TinyPair alone = new TinyPair(objective(yaml.formatted(0)), TinyPair.NARROW);
                TinyPair whole = new TinyPair(objective(yaml.formatted(1)), TinyPair.NARROW)) {
            double both = -2 * alone.look(two, 0).loss();
            double second = -alone.look(last, 0).loss();
            assertEquals(-(both + second) / 2, whole.look(two, 0).loss(), 1e-5);
        }
    }

    /// Two tokens, drawn at other probabilities than they have now: A_1 = r_1 + r_2, A_2 = r_2 by those, times how
    /// much likelier they are now, within 0.2.
    @Test
    void aLaterUpdateHasTheRewardsOfTheDrawAndTheRatioToItsProbability() {
        TokenRow row = new TokenRow(new int[] {3, 5, 7, 9}, new boolean[] {false, false, true, true});
        try (TinyPair pair = new TinyPair(objective("""
                name: later
                rollout: {student: {updates: 2}}
                terms: [{distance: {kl: {direction: reverse, estimate: {sampled: {discount: 1, clip: 0.2}}}}}]
                """), TinyPair.NARROW)) {
            double[] q = new double[2];
            double[] p = new double[2];
            for (int i = 0; i < 2; i++) {
                boolean[] one = new boolean[4];
                one[2 + i] = true;
                List<MicroBatch> only = List.of(MicroBatch.of(List.of(new TokenRow(row.ids(), one))));
                q[i] = -score(pair, pair.student, only);
                p[i] = -score(pair, pair.teacher, only);
            }
            double[] drawn = {q[0] - 0.1, q[1] + 0.5};
            double second = p[1] - drawn[1];
            double both = p[0] - drawn[0] + second;
            double loss = -(clipped(both, Math.exp(0.1)) + clipped(second, Math.exp(-0.5))) / 2;
            TokenRow again =
                    row.withOldLogProbs(java.util.Optional.of(new float[] {(float) drawn[0], (float) drawn[1]}));
            assertEquals(loss, pair.look(List.of(MicroBatch.of(List.of(again))), 0).loss(), 1e-5);
            assertEquals(0.5, pair.objective.facts().get("outside_clip"));
            assertEquals(-(p[0] - q[0] + 2 * (p[1] - q[1])) / 2,
                    pair.look(List.of(MicroBatch.of(List.of(row))), 0).loss(), 1e-5, "the first update is drawn now");
        }
    }

    private static double clipped(double advantage, double ratio) {
        return Math.min(advantage * ratio, advantage * Math.clamp(ratio, 0.8, 1.2));
    }

    @Test
    void aScaledLossScalesTheGradientsOfEveryKindOfTerm() {
        for (String name : List.of("sft", "dpo", "on_policy_sampled", "tiny_bert", "distillm_2", "diito")) {
            Objective objective = Objective.named(name);
            ModelConfig student = name.equals("diito") ? TinyPair.WIDE : TinyPair.NARROW;
            try (TinyPair plain = new TinyPair(objective, student);
                    TinyPair scaled = new TinyPair(objective, student)) {
                OptimizerStep step = new OptimizerStep(plain.dataInParts());
                plain.backward.step(step, plain.objective.at(0.1));
                scaled.backward.step(step, scaled.objective.at(0.1), new LossScale(true, 1024, 0));
                Map<String, float[]> larger = gradients(scaled);
                gradients(plain).forEach((weight, gradient) -> {
                    float[] expected = gradient.clone();
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] *= 1024;
                    }
                    assertArrayEquals(expected, larger.get(weight), name + " " + weight);
                });
            }
        }
    }

    private static Map<String, float[]> gradients(TinyPair pair) {
        try (NDManager scope = pair.manager.newSubManager()) {
            Map<String, float[]> all = new LinkedHashMap<>();
            pair.gradients(scope).forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
            return all;
        }
    }

    private static int steepest(float[] gradient) {
        int at = 0;
        for (int i = 0; i < gradient.length; i++) {
            at = Math.abs(gradient[i]) > Math.abs(gradient[at]) ? i : at;
        }
        return at;
    }
}
