package dev.socratic.trainer.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Activation;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.Padded;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Backward;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskedBackwardTest {
    private static final int VOCAB = 30;
    private static final EncoderConfig CONFIG =
            new EncoderConfig("bert", VOCAB, 16, 2, 2, 24, 20, 0, 2, Activation.GELU, 1e-12, 0.3, SpecialTokens.none());
    /// The second row is shorter; five tokens are asked for.
    private static final MaskedBatch BATCH = new MaskedBatch(
            new Padded(new long[] {1, 3, 11, 12, 3, 2, 1, 14, 3, 2, 0, 0}, new int[] {6, 4}, 6, Padded.Side.RIGHT),
            new long[] {1, 3, 4, 7, 8}, new long[] {10, 12, 13, 9, 15});

    @Test
    void gradientsOfBodyAndHeadAreThoseOfTheWholeGraphInChunksOfAnySize() {
        Map<String, float[]> whole = whole();
        for (long numbers : new long[] {1L << 20, 2 * VOCAB}) {
            Map<String, float[]> chunked = chunked(numbers);
            assertEquals(whole.keySet(), chunked.keySet());
            whole.forEach((name, gradient) -> assertArrayEquals(gradient, chunked.get(name), 2e-6f, name));
        }
        assertTrue(whole.get("cls.predictions.bias").length == VOCAB
                && max(whole.get("cls.predictions.transform.dense.weight")) > 1e-3);
    }

    @Test
    void softLabelsCountWhereverThereIsNoPadding() {
        try (NDManager manager = Engines.manager();
                Encoder student = Encoder.random(CONFIG, 3, manager);
                Encoder teacher = Encoder.random(CONFIG, 5, manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, new Plan(Objective.named("forward_kl"), VOCAB));
                MaskedBackward backward = new MaskedBackward(manager, student, Optional.of(teacher), Map.of());
                NDManager scope = manager.newSubManager()) {
            student.trainable(true);
            backward.step(List.of(BATCH), new MaskedBackward.Losses(Optional.empty(), Optional.of(objective.at(0))));
            float[] chunked = backward.accumulation().gradients(scope).get("cls.predictions.bias").toFloatArray();

            NDArray ids = BATCH.text().array(manager);
            NDArray lengths = manager.create(BATCH.lengths());
            NDArray real = manager.create(BATCH.paddingFreePositions());
            assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, BATCH.paddingFreePositions());
            assertArrayEquals(new long[] {1, 10, 11, 12, 13, 2, 1, 9, 15, 2}, BATCH.whole());
            NDArray mine = student.logits(student.forward(ids, lengths, Set.of(), false).states(), false)
                    .reshape(12, VOCAB).get(real).softmax(1);
            NDArray theirs = teacher.logits(teacher.forward(ids, lengths, Set.of(), false).states(), false)
                    .reshape(12, VOCAB).get(real).softmax(1);
            // The slope of KL(teacher || student) in the logits is the difference of the probabilities; ten places,
            // one mean.
            assertArrayEquals(mine.sub(theirs).sum(new int[] {0}).div(10).toFloatArray(), chunked, 2e-6f);
            double loss = theirs.mul(theirs.log().sub(mine.log())).sum().getFloat() / 10;
            assertEquals(loss, objective.means(BATCH.tokens(), 2).getFirst(), 1e-5);

            // Row by row: the first has six real tokens, the second four.
            float[] each = theirs.mul(theirs.log().sub(mine.log())).sum(new int[] {1}).toFloatArray();
            double rows = 0;
            for (int i = 0; i < 10; i++) {
                rows += each[i] / (i < 6 ? 12 : 8);
            }
            try (ObjectiveLoss perRow = new ObjectiveLoss(manager, new Plan(
                    ConfigReader.read("name: x\nterms: [{distance: kl, tokens: per_answer}]", "x", Objective.class),
                    VOCAB))) {
                backward.step(List.of(BATCH), new MaskedBackward.Losses(Optional.empty(), Optional.of(perRow.at(0))));
                assertEquals(rows, perRow.means(BATCH.tokens(), 2).getFirst(), 1e-5);
            }
        }
    }

    private static double max(float[] values) {
        double most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static Map<String, float[]> chunked(long numbers) {
        try (NDManager manager = Engines.manager();
                Encoder student = Encoder.random(CONFIG, 3, manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, new Plan(Objective.named("sft"), VOCAB));
                MaskedBackward backward = new MaskedBackward(manager, student, Optional.empty(), Map.of(), numbers);
                NDManager scope = manager.newSubManager()) {
            student.trainable(true);
            double right = backward.step(List.of(BATCH),
                    new MaskedBackward.Losses(Optional.of(objective.at(0)), Optional.empty()));
            Backward.Totals scored = backward.score(List.of(BATCH));
            assertEquals(objective.means(BATCH.maskedTokens(), 2).getFirst(), scored.loss(), 1e-5);
            assertEquals(right, scored.accuracy());
            Map<String, float[]> all = new LinkedHashMap<>();
            backward.accumulation().gradients(scope)
                    .forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
            return all;
        }
    }

    private static Map<String, float[]> whole() {
        try (NDManager manager = Engines.manager(); Encoder student = Encoder.random(CONFIG, 3, manager)) {
            student.trainable(true);
            NDArray ids = BATCH.text().array(manager);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray states = student.forward(ids, manager.create(BATCH.lengths()), Set.of(), true).states();
                // [tokens, vocab]
                NDArray logits = student.logits(states.reshape(12, 16).get(manager.create(BATCH.maskedPositions())),
                        true);
                collector.backward(Loss.softmaxCrossEntropyLoss()
                        .evaluate(new NDList(manager.create(BATCH.labels())), new NDList(logits)));
            }
            Map<String, float[]> all = new LinkedHashMap<>();
            student.weights().forEach((name, weight) -> all.put(name, weight.getGradient().toFloatArray()));
            return all;
        }
    }
}
