package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Explanation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is lost inside the body and what is lost over the vocabulary flow back in one pass.
class FeatureTermsTest {
    private static final Objective EVERYTHING = ConfigReader.read("""
            name: everything
            terms:
              - {distance: kl, views: [{temperature: {tau: 2}}], weight: 0.5}
              - {against: labels, distance: kl}
              - {tap: embedding, views: [{project: {name: all}}], distance: mse}
              - {tap: hidden, views: [{project: {name: all}}], layers: uniform, distance: mse}
              - {tap: hidden, views: [project], distance: cosine}
              - {tap: hidden, views: [{relation: {measure: cosine}}, as_logits], layers: across, distance: kl, weight: 2}
              - {tap: hidden, views: [{relation: {measure: angle}}], layers: across, distance: mse}
              - {tap: attention, layers: uniform, distance: mse}
              - {tap: attention, layers: last, distance: kl}
              - {tap: queries, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
              - {tap: keys, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
              - {tap: values, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
            """, "everything.yaml", Objective.class);

    private static final List<String> PARTS =
            List.of("embed_tokens", "lm_head", "layers.0.self_attn.k_proj", "layers.1.self_attn.v_proj",
                    "layers.0.mlp.down_proj", "objective.projection");

    private static final Objective OVER_SAMPLES = ConfigReader.read("""
            name: samples
            terms:
              - {tap: hidden, views: [pool, {project: {width: 5}}, unit], layers: attended, distance: mse}
              - {tap: hidden, views: [energy, unit], layers: uniform, distance: mse}
            """, "samples.yaml", Objective.class);

    @Test
    void theGradientIsTheSlopeOfTheLossInEveryPartOfTheModelAndInTheMaps() {
        for (Objective objective : List.of(EVERYTHING, OVER_SAMPLES)) {
            try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
                pair.look(TinyPair.whole(), 0.5);
                Map<String, float[]> gradients = new LinkedHashMap<>();
                try (NDManager scope = pair.manager.newSubManager()) {
                    pair.gradients(scope).forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
                }
                assertTrue(gradients.keySet().stream().anyMatch(name -> name.startsWith("objective.projection.")));
                gradients.keySet().removeIf(name -> PARTS.stream().noneMatch(name::contains));
                gradients.forEach((name, gradient) -> {
                    int at = steepest(gradient);
                    float step = 1e-3f;
                    NDArray weight = pair.weights.get(name);
                    pair.add(weight, one(weight, at, step));
                    double above = pair.look(TinyPair.whole(), 0.5).loss();
                    pair.add(weight, one(weight, at, -2 * step));
                    double slope = (above - pair.look(TinyPair.whole(), 0.5).loss()) / (2 * step);
                    pair.add(weight, one(weight, at, step));
                    assertEquals(slope, gradient[at], 1e-3 + 0.02 * Math.abs(slope), objective.name() + " " + name);
                });
            }
        }
    }

    @Test
    void microBatchesGiveTheLossOfOneLargeBatchWhereItemsAreTokensOrSamples() {
        for (Objective objective : List.of(EVERYTHING, OVER_SAMPLES)) {
            try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
                Explanation whole = pair.look(TinyPair.whole(), 0.5);
                Explanation parts = pair.look(TinyPair.parts(), 0.5);
                for (int i = 0; i < whole.lines().size(); i++) {
                    assertEquals(whole.lines().get(i).mean(), parts.lines().get(i).mean(), 2e-6, "term " + i);
                }
            }
        }
    }

    /// By hand: cosines between the embedding and layers 0 and 1 of the student, and 1 and 3 of the teacher, at every
    /// counting position; each row without itself is a distribution of two, and KL is the mean over three rows and
    /// all positions.
    @Test
    void layersSideBySideAreComparedPositionByPosition() {
        Objective across = ConfigReader.read(
                "name: x\nterms: [{tap: hidden, views: [{relation: {measure: cosine}}, as_logits], layers: across, "
                        + "distance: kl}]", "x", Objective.class);
        try (TinyPair pair = new TinyPair(across, TinyPair.NARROW); NDManager scope = pair.manager.newSubManager()) {
            MicroBatch batch = TinyPair.whole().getFirst();
            double[][][] mine = cosines(pair.student, List.of(0, 1), batch, scope);
            double[][][] theirs = cosines(pair.teacher, List.of(1, 3), batch, scope);
            double sum = 0;
            for (int token = 0; token < batch.lossTokens(); token++) {
                for (int row = 0; row < 3; row++) {
                    int a = (row + 1) % 3;
                    int b = (row + 2) % 3;
                    double p = 1 / (1 + Math.exp(theirs[token][row][b] - theirs[token][row][a]));
                    double q = 1 / (1 + Math.exp(mine[token][row][b] - mine[token][row][a]));
                    sum += (p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))) / 3;
                }
            }
            assertEquals(sum / batch.lossTokens(), pair.look(TinyPair.whole(), 0).loss(), 1e-6);
        }
    }

    private static double[][][] cosines(Decoder decoder, List<Integer> layers, MicroBatch batch, NDManager scope) {
        Set<Tap> taps = new LinkedHashSet<>(Set.of(new Tap.Embedding()));
        layers.forEach(layer -> taps.add(new Tap.Hidden(layer)));
        Signals signals = decoder.forward(scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())), taps, false);
        List<NDArray> states = new ArrayList<>(List.of(signals.get(new Tap.Embedding())));
        layers.forEach(layer -> states.add(signals.get(new Tap.Hidden(layer))));
        double[][][] all = new double[batch.lossTokens()][3][3];
        for (int token = 0; token < batch.lossTokens(); token++) {
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    float[] x = row(states.get(i), batch.lossPositions()[token]);
                    float[] y = row(states.get(j), batch.lossPositions()[token]);
                    all[token][i][j] = dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
                }
            }
        }
        return all;
    }

    private static float[] row(NDArray states, long place) {
        return states.reshape(-1, states.getShape().get(2)).get((int) place).toFloatArray();
    }

    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Test
    void theContributionsAddUpToTheLoss() {
        try (TinyPair pair = new TinyPair(EVERYTHING, TinyPair.NARROW)) {
            Explanation explained = pair.look(TinyPair.whole(), 0.5);
            double sum = 0;
            for (Explanation.Line line : explained.lines()) {
                assertEquals(line.weight() * line.mean(), line.contribution());
                assertTrue(line.mean() > 0, line.term().text());
                sum += line.contribution();
            }
            assertEquals(sum, explained.loss());
            assertEquals(2, explained.lines().getFirst().weight(), "half, times the temperature squared");
            assertTrue(explained.text().startsWith("everything = "), explained.text());
        }
    }

    @Test
    void theTeacherAndWhatNoTermReachesStayAsTheyAre() {
        Objective lowest = ConfigReader.read(
                "name: x\nterms: [{tap: hidden, views: [project], layers: {explicit: {pairs: [[0, 1]]}}, distance: "
                        + "mse}]", "x", Objective.class);
        try (TinyPair pair = new TinyPair(lowest, TinyPair.NARROW)) {
            Map<String, float[]> before = values(pair.teacher.weights());
            Map<String, float[]> own = values(pair.student.weights());
            pair.train(TinyPair.whole(), 0);
            values(pair.teacher.weights()).forEach((name, now) -> assertEquals(0, gap(before.get(name), now), name));
            values(pair.student.weights()).forEach((name, now) -> {
                boolean reached = name.contains("embed") || name.contains("layers.0");
                assertEquals(reached, gap(own.get(name), now) > 0, name);
            });
        }
    }

    @Test
    void aStudentThatIsItsTeacherLosesNothing() {
        Objective objective = ConfigReader.read("""
                name: same
                terms:
                  - {distance: kl}
                  - {tap: hidden, layers: one_to_one, distance: mse}
                  - {tap: attention, layers: one_to_one, distance: kl}
                  - {tap: values, views: [{relation: {measure: cosine}}], layers: last, distance: mse}
                """, "same.yaml", Objective.class);
        try (TinyPair pair = new TinyPair(objective, TinyPair.TEACHER)) {
            pair.teacher.weights().forEach((name, weight) -> {
                NDArray mine = pair.student.weights().get(name);
                pair.add(mine, mine.neg());
                pair.add(mine, weight);
            });
            assertEquals(0, pair.look(TinyPair.whole(), 0).loss(), 1e-6);
        }
    }

    private static Map<String, float[]> values(Map<String, NDArray> weights) {
        Map<String, float[]> values = new LinkedHashMap<>();
        weights.forEach((name, weight) -> values.put(name, weight.toFloatArray()));
        return values;
    }

    private static double gap(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
    }

    private static int steepest(float[] gradient) {
        return IntStream.range(0, gradient.length)
                .reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
    }

    private static NDArray one(NDArray weight, int at, float value) {
        float[] values = new float[Math.toIntExact(weight.size())];
        values[at] = value;
        return weight.getManager().create(values, weight.getShape());
    }

}
