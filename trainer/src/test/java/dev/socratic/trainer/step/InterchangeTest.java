package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.plan.PlanText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Interchange interventions, arXiv:2112.02505.
class InterchangeTest {
    private static final Objective BOTH = ConfigReader.read("""
            name: both
            edit: {interchange: {span: 0.5}}
            terms:
              - {distance: kl}
              - {tap: hidden, views: [project], layers: last, distance: mse}
              - {distance: kl, weight: 2, pass: counterfactual}
            """, "both.yaml", Objective.class);
    private static final Edit.Interchange EDIT = (Edit.Interchange) BOTH.edit();

    /// By hand: the stretches of the draw, swapped into both models, and KL of what they say then.
    @Test
    void theSecondPassComparesWhatBothSayAfterTheExchange() {
        try (TinyPair pair = new TinyPair(BOTH, TinyPair.NARROW); NDManager scope = pair.manager.newSubManager()) {
            MicroBatch batch = TinyPair.whole().getFirst();
            Explanation explained = pair.look(TinyPair.whole(), 0.25);
            int layer = EDIT.layer(2, 0.25);
            List<Long> places = new ArrayList<>();
            List<Long> origins = new ArrayList<>();
            for (Edit.Stretch stretch : EDIT.stretches(0.25, 0, IntStream.range(0, 9).map(i -> 3 + i).toArray())) {
                for (int i = 0; i < stretch.length(); i++) {
                    places.add((long) stretch.sample() * batch.seq() + stretch.from() + i);
                    origins.add((long) stretch.other() * batch.seq() + stretch.origin() + i);
                }
            }
            NDArray q = changed(pair.student, layer, places, origins, batch, scope);
            NDArray p = changed(pair.teacher, 2 * layer + 1, places, origins, batch, scope);
            double sum = 0;
            for (long place : batch.lossPositions()) {
                NDArray t = p.get((int) place);
                sum += t.exp().mul(t.sub(q.get((int) place))).sum().getFloat();
            }
            assertEquals(sum / batch.lossTokens(), explained.lines().get(2).mean(), 1e-5);
            assertEquals(2, explained.lines().get(2).weight());
            assertNotEquals(explained.lines().get(0).mean(), explained.lines().get(2).mean());
        }
    }

    private static NDArray changed(Decoder decoder, int layer, List<Long> places, List<Long> origins, MicroBatch batch,
            NDManager scope) {
        NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq()));
        Tap at = new Tap.Hidden(layer);
        NDArray source = decoder.forward(ids, Set.of(at), false).get(at);
        Change swap = new Change.Swapped(
                layer, scope.create(places.stream().mapToLong(i -> i).toArray()), source,
                scope.create(origins.stream().mapToLong(i -> i).toArray()));
        NDArray states = decoder.forward(ids, Set.of(), List.of(swap), false).states();
        return decoder.logits(states, false).reshape(-1, TinyPair.VOCAB).logSoftmax(1);
    }

    @Test
    void theGradientIsTheSlopeOfBothPassesTogether() {
        try (TinyPair pair = new TinyPair(BOTH, TinyPair.NARROW)) {
            pair.look(TinyPair.whole(), 0.25);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            try (NDManager scope = pair.manager.newSubManager()) {
                pair.gradients(scope).forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
            }
            for (String part : List.of("embed_tokens", "layers.0.mlp.down_proj", "layers.1.self_attn.v_proj", "lm_head",
                    "objective.projection")) {
                String name = gradients.keySet().stream().filter(key -> key.contains(part)).findFirst().orElseThrow();
                float[] gradient = gradients.get(name);
                int at = IntStream.range(0, gradient.length)
                        .reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
                double slope = (nudged(pair, name, at, 1e-3f) - nudged(pair, name, at, -1e-3f)) / 2e-3;
                assertEquals(slope, gradient[at], 2e-3 + 0.02 * Math.abs(slope), name);
            }
        }
    }

    private static double nudged(TinyPair pair, String name, int at, float step) {
        NDArray weight = pair.weights.get(name);
        float[] one = new float[Math.toIntExact(weight.size())];
        one[at] = step;
        NDArray change = weight.getManager().create(one, weight.getShape());
        pair.add(weight, change);
        double loss = pair.look(TinyPair.whole(), 0.25).loss();
        pair.add(weight, change.neg());
        return loss;
    }

    @Test
    void stretchesLieInsideBothSamplesAndAreDrawnTheSameAgain() {
        int[] lengths = {5, 0, 9, 3, 4};
        boolean moved = false;
        for (int draw = 0; draw < 50; draw++) {
            List<Edit.Stretch> stretches = EDIT.stretches(draw / 50.0, 1, lengths);
            assertEquals(stretches, EDIT.stretches(draw / 50.0, 1, lengths));
            assertEquals(List.of(2, 3, 4), stretches.stream().map(Edit.Stretch::sample).toList(),
                    "not beside a sample where nothing counts");
            for (Edit.Stretch stretch : stretches) {
                assertEquals(Math.max(1, Math.min(lengths[stretch.sample()], lengths[stretch.other()]) / 2),
                        stretch.length());
                assertTrue(stretch.from() >= 0 && stretch.from() + stretch.length() <= lengths[stretch.sample()]);
                assertTrue(stretch.origin() >= 0 && stretch.origin() + stretch.length() <= lengths[stretch.other()]);
                moved |= stretch.from() != stretch.origin();
            }
            assertTrue(EDIT.layer(4, draw / 50.0) < 4);
        }
        assertTrue(moved);
        assertNotEquals(EDIT.stretches(0.5, 1, lengths), EDIT.stretches(0.5, 2, lengths));
    }

    @Test
    void passesThatNothingMakesOrReadsAreRefused() {
        assertTrue(refused("edit: interchange\nterms: [{distance: kl}]").contains(
                "edit: 'interchange' makes a second pass, which no term reads; write pass: counterfactual in one, "
                        + "or edit: none"));
        assertTrue(refused("terms: [{distance: kl, pass: counterfactual}]").contains(
                "pass: 'counterfactual' is made by an interchange alone; write edit: interchange, or pass: plain"));
        assertTrue(refused("edit: interchange\nterms: [{against: labels, distance: kl, pass: counterfactual}]")
                .contains(
                "pass: what a changed student should say only the changed teacher knows; write against: teacher, or "
                        + "pass: plain"));
        assertTrue(refused("edit: perturb\nterms: [{against: {teachers: {weigh: policy}}, distance: kl}]").contains(
                "edit: 'perturb' reads each token twice, and a policy would judge both; write another weigh, or "
                        + "edit: none"));
        assertTrue(refused(
                "edit: perturb\nterms: [{tap: {sequence_log_prob: {reference: initial}}, against: rejected, distance: "
                        + "{preference: {beta: 0.1}}}]").contains(
                "edit: models are changed inside over the rows of the step, not over whole answers or pairs of "
                        + "them; write edit: none, or remove those terms"));
        assertTrue(refused("edit: {interchange: {span: 1.5}}\nterms: [{distance: kl, pass: counterfactual}]").contains(
                "interchange.span must be above 0 and at most 1; got 1.5; the paper has 0.3"));
    }

    private static String refused(String objective) {
        return assertThrows(ConfigException.class,
                () -> ConfigReader.read("name: x\n" + objective, "x.yaml", Objective.class)).getMessage();
    }

    @Test
    void explainSaysWhichLayersGoTogetherAndWhichTermIsOfTheSecondPass() {
        try (TinyPair pair = new TinyPair(BOTH, TinyPair.NARROW)) {
            String text = PlanText.of(pair.plan);
            assertTrue(text.contains("against teacher, counterfactual\n"), text);
            assertTrue(text.contains(
                    "in the second, 0.5000 of each sample's positions are those of the next sample after a layer "
                            + "drawn anew:"), text);
            assertTrue(text.contains("student with teacher: 0 with 1, 1 with 3"), text);
        }
    }
}
