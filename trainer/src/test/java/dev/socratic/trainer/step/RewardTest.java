package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.loss.DrawnScales;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.TokenWeight;
import dev.socratic.trainer.objective.TokenWeight.Advantage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Verified reward beside torch's autograd over TRL's formulas, `bench/peers/objectives/reward_golden.py`.
class RewardTest {
    private static Objective objective(String more) {
        return ConfigReader.read("""
                name: rewarded
                rollout: {student: {completions: 4, max_new_tokens: 8, staleness: 1, importance_cap: 1.1}}
                terms:
                  - {against: labels, distance: kl, tokens: {reward: {advantage: rloo}}}
                  - {against: labels, distance: kl, tokens: {reward: {advantage: dr_grpo}}}
                  - {against: labels, distance: kl, tokens: {reward: {advantage: grpo}}}
                """ + more, "rewarded", Objective.class);
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = RewardTest.class.getResourceAsStream("/dev/socratic/trainer/reward_golden.json")) {
            return Json.mapper().readTree(in);
        }
    }

    private static float[] floats(JsonNode list) {
        return Json.mapper().convertValue(list, float[].class);
    }

    /// @return a prompt of one token each, and answers as long as the golden ones
    private static MicroBatch batch(JsonNode golden) {
        List<TokenRow> rows = new ArrayList<>();
        List<Graded> grades = new ArrayList<>();
        double[] rewards = Json.mapper().convertValue(golden.get("rewards"), double[].class);
        for (int prompt = 0; prompt < rewards.length; prompt += 4) {
            grades.addAll(Graded.of(Arrays.copyOfRange(rewards, prompt, prompt + 4)));
        }
        for (int i = 0; i < rewards.length; i++) {
            boolean[] counts = new boolean[1 + golden.get("lengths").get(i).asInt()];
            Arrays.fill(counts, 1, counts.length, true);
            rows.add(new TokenRow(new int[counts.length], counts)
                    .withOldLogProbs(Optional.of(floats(golden.get("then").get(i))))
                    .withGraded(Optional.of(grades.get(i))));
        }
        return MicroBatch.of(rows);
    }

    @Test
    void advantagesAndGradientsAreThoseOfThePapers() throws IOException {
        JsonNode golden = golden();
        MicroBatch batch = batch(golden);
        float[] now = new float[batch.lossTokens()];
        int at = 0;
        for (JsonNode answer : golden.get("now")) {
            for (float log : floats(answer)) {
                now[at++] = log;
            }
        }
        try (TinyPair pair = new TinyPair(objective(""), TinyPair.NARROW);
                NDManager scope = pair.manager.newSubManager()) {
            pair.objective.watch(true);
            DrawnScales scales = DrawnText.scales(scope, batch, pair.objective,
                    new OptimizerStep(List.of(batch)).sizes(), () -> now);
            for (Advantage how : Advantage.values()) {
                String name = how.name().toLowerCase(Locale.ROOT);
                float[] weights = scales.rewards().get(new TokenWeight.Reward(how, 0.2)).toFloatArray();
                int token = 0;
                for (JsonNode answer : golden.get("gradients").get(name)) {
                    for (JsonNode gradient : answer) {
                        // of the mean of -w log q over the tokens of the step
                        assertEquals(gradient.asDouble(), -weights[token++] / batch.lossTokens(), 2e-6, name);
                    }
                }
                for (int i = 0; i < 8; i++) {
                    assertEquals(golden.get("advantages").get(name).get(i).asDouble(),
                            DrawnText.advantage(how, batch.tokenRows().get(i).graded().orElseThrow()), 1e-9, name);
                }
            }
            float[] importance = scales.importance().orElseThrow().toFloatArray();
            float[] then = floats(golden.get("then").get(0));
            for (int i = 0; i < then.length; i++) {
                assertEquals(Math.min(1.1, Math.exp(now[i] - then[i])), importance[i], 1e-6);
            }
        }
    }

    /// One answer is right, so the gradient pushes its tokens up and those of the others down; a step along it makes it
    /// likelier.
    @Test
    void whatWasRightBecomesLikelierAndWhatWasWrongLess() {
        Objective objective = Objective.named("rloo");
        try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
            List<Graded> grades = Graded.of(new double[] {1, 0, 0, 0});
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                rows.add(new TokenRow(new int[] {5, 10 + i, 20 + i}, new boolean[] {false, true, true})
                        .withGraded(Optional.of(grades.get(i))));
            }
            List<MicroBatch> batch = List.of(MicroBatch.of(rows));
            pair.objective.watch(true);
            double[] before = losses(pair, rows);
            for (int step = 0; step < 3; step++) {
                pair.train(batch, 0);
            }
            double[] after = losses(pair, rows);
            assertEquals(List.of(true, false, false, false), java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> after[i] < before[i]).toList());
        }
    }

    private static double[] losses(TinyPair pair, List<TokenRow> rows) {
        return rows.stream().mapToDouble(row -> pair.backward.score(List.of(MicroBatch.of(List.of(row)))).loss())
                .toArray();
    }

    @Test
    void aRewardIsMeasuredAgainstOtherAnswersOfTheStudents() {
        for (String rollout : List.of("data", "student", "{student: {completions: 4, fraction: 0.5}}",
                "{student: {completions: 4, teacher_mix: 0.2}}")) {
            ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                    "name: x\nrollout: %s\nterms: [{against: labels, distance: kl, tokens: reward}]\n".formatted(
                            rollout), "x", Objective.class));
            assertEquals("x:1:1: tokens: 'reward' compares answers of the student's to one prompt; write rollout: "
                    + "{student: {completions: 4}}, with fraction: 1, no replay and no teacher_mix",
                    refused.getMessage(), rollout);
        }
    }
}
