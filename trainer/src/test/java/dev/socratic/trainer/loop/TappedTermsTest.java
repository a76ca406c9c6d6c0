package dev.socratic.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Explanation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is lost inside the body and what is lost over the vocabulary flow back in one pass.
class TappedTermsTest {
    private static final Objective EVERYTHING = ConfigReader.read("""
            name: everything
            terms:
              - {distance: kl, views: [{temperature: {tau: 2}}], weight: 0.5}
              - {against: labels, distance: kl}
              - {tap: embedding, views: [{project: {name: all}}], distance: mse}
              - {tap: hidden, views: [{project: {name: all}}], layers: uniform, distance: mse}
              - {tap: hidden, views: [project], distance: cosine}
              - {tap: attention, layers: uniform, distance: mse}
              - {tap: attention, layers: last, distance: kl}
              - {tap: queries, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
              - {tap: keys, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
              - {tap: values, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl, weight: 3}
            """, "everything.yaml", Objective.class);

    private static final List<String> PARTS =
            List.of("embed_tokens", "lm_head", "layers.0.self_attn.k_proj", "layers.1.self_attn.v_proj", "layers.0.mlp.down_proj", "objective.projection");

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
                    pair.optimizer.join(weight, one(weight, at, step));
                    double above = pair.look(TinyPair.whole(), 0.5).loss();
                    pair.optimizer.join(weight, one(weight, at, -2 * step));
                    double slope = (above - pair.look(TinyPair.whole(), 0.5).loss()) / (2 * step);
                    pair.optimizer.join(weight, one(weight, at, step));
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
                "name: x\nterms: [{tap: hidden, views: [project], layers: {explicit: {pairs: [[0, 1]]}}, distance: mse}]", "x", Objective.class);
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
                pair.optimizer.join(mine, mine.neg());
                pair.optimizer.join(mine, weight);
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
        return IntStream.range(0, gradient.length).reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
    }

    private static NDArray one(NDArray weight, int at, float value) {
        float[] values = new float[Math.toIntExact(weight.size())];
        values[at] = value;
        return weight.getManager().create(values, weight.getShape());
    }

}
