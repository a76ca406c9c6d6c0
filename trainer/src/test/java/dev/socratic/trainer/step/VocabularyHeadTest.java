package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.TeacherPass;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VocabularyHeadTest {
    private static final int TOKENS = 23;
    private static final int HIDDEN = 8;
    private static final int VOCAB = 31;
    private static final Plan SFT = new Plan(Objective.named("sft"), VOCAB);

    @Test
    void lossAndGradientsAreThoseOfAutogradOverTheWholeProjection() {
        try (NDManager manager = Engines.manager();
                VocabularyHead vocabulary = new VocabularyHead(manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, SFT)) {
            NDArray hidden = random(manager, 1, TOKENS, HIDDEN);
            NDArray head = random(manager, 2, VOCAB, HIDDEN);
            NDArray labels = labels(manager);
            List<NDArray> headGradient = List.of(manager.zeros(head.getShape()));
            VocabularyHead.Loss loss;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                loss = vocabulary.loss(objective.at(0), projected(hidden, head, 0, manager), headGradient,
                        tokens(labels), 1f / TOKENS);
            }

            NDArray hiddenLeaf = hidden.duplicate();
            NDArray headLeaf = head.duplicate();
            hiddenLeaf.setRequiresGradient(true);
            headLeaf.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray logits = hiddenLeaf.matMul(headLeaf.transpose());
                NDArray mean = Loss.softmaxCrossEntropyLoss()
                        .evaluate(new ai.djl.ndarray.NDList(labels), new ai.djl.ndarray.NDList(logits));
                collector.backward(mean);
                assertEquals(mean.getFloat(), loss.sum() / TOKENS, 1e-6);
            }
            assertClose(hiddenLeaf.getGradient(), loss.gradient());
            assertClose(headLeaf.getGradient(), headGradient.getFirst());
        }
    }

    @Test
    void aBoundedHeadHasTheGradientsOfTheWholeGraphInChunksToo() {
        try (NDManager manager = Engines.manager();
                VocabularyHead vocabulary = new VocabularyHead(manager, 5L * VOCAB);
                ObjectiveLoss objective = new ObjectiveLoss(manager, SFT)) {
            float cap = 2; // the products have a deviation of nearly 3
            NDArray hidden = random(manager, 1, TOKENS, HIDDEN);
            NDArray head = random(manager, 2, VOCAB, HIDDEN);
            NDArray labels = labels(manager);
            List<NDArray> headGradient = List.of(manager.zeros(head.getShape()));
            VocabularyHead.Loss loss;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                loss = vocabulary.loss(objective.at(0), projected(hidden, head, cap, manager), headGradient,
                        tokens(labels), 1f / TOKENS);
            }

            NDArray hiddenLeaf = hidden.duplicate();
            NDArray headLeaf = head.duplicate();
            hiddenLeaf.setRequiresGradient(true);
            headLeaf.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray logits = hiddenLeaf.matMul(headLeaf.transpose()).div(cap).tanh().mul(cap);
                NDArray mean = Loss.softmaxCrossEntropyLoss()
                        .evaluate(new ai.djl.ndarray.NDList(labels), new ai.djl.ndarray.NDList(logits));
                collector.backward(mean);
                assertEquals(mean.getFloat(), loss.sum() / TOKENS, 1e-6);
            }
            assertClose(hiddenLeaf.getGradient(), loss.gradient());
            assertClose(headLeaf.getGradient(), headGradient.getFirst());
            assertEquals(loss.sum(), vocabulary.score(hidden, Heads.of(head, cap, manager), labels).sum(), 1e-4);
        }
    }

    @Test
    void chunksOfAFewTokensGiveWhatOneChunkGives() {
        try (NDManager manager = Engines.manager();
                VocabularyHead whole = new VocabularyHead(manager);
                VocabularyHead parts = new VocabularyHead(manager, 5L * VOCAB);
                ObjectiveLoss objective = new ObjectiveLoss(manager, SFT)) {
            NDArray hidden = random(manager, 1, TOKENS, HIDDEN);
            NDArray head = random(manager, 2, VOCAB, HIDDEN);
            NDArray one = manager.zeros(head.getShape());
            NDArray many = manager.zeros(head.getShape());
            VocabularyHead.Loss a;
            VocabularyHead.Loss b;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                a = whole.loss(objective.at(0), projected(hidden, head, 0, manager), List.of(one),
                        tokens(labels(manager)), 0.5f);
                b = parts.loss(objective.at(0), projected(hidden, head, 0, manager), List.of(many),
                        tokens(labels(manager)), 0.5f);
            }
            assertEquals(a.sum(), b.sum(), 1e-5);
            assertEquals(a.right(), b.right());
            assertClose(a.gradient(), b.gradient());
            assertClose(one, many);
            VocabularyHead.Score score = parts.score(hidden, Heads.of(head, 0, manager), labels(manager));
            assertEquals(a.sum(), score.sum(), 1e-5);
            assertEquals(a.right(), score.right());
        }
    }

    @Test
    void rowsAreTakenOutAndPutBackAtTheirPlaces() {
        try (NDManager manager = Engines.manager();
                VocabularyHead vocabulary = new VocabularyHead(manager)) {
            NDArray states = random(manager, 3, 6, HIDDEN).reshape(2, 3, HIDDEN);
            NDArray places = manager.create(new long[] {1, 4});
            NDArray rows = vocabulary.select(states, places);
            NDArray back = vocabulary.spread(states, places, rows).reshape(6, HIDDEN);
            assertClose(states.reshape(6, HIDDEN).get(manager.create(new long[] {1, 4})), rows);
            assertClose(rows, back.get(manager.create(new long[] {1, 4})));
            assertEquals(rows.square().sum().getFloat(), back.square().sum().getFloat(), 1e-6);
        }
    }

    private static VocabularyHead.Projected projected(NDArray hidden, NDArray head, float cap, NDManager manager) {
        return new VocabularyHead.Projected(hidden, Heads.of(head, cap, manager));
    }

    private static VocabularyHead.Tokens tokens(NDArray labels) {
        return new VocabularyHead.Tokens(labels, TeacherPass.NONE, LossContext.NONE);
    }

    private static NDArray labels(NDManager manager) {
        return manager.create(new Random(5).longs(TOKENS, 0, VOCAB).toArray());
    }

    private static NDArray random(NDManager manager, long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(rows, columns)).toType(DataType.FLOAT32, true);
    }

    private static void assertClose(NDArray expected, NDArray got) {
        float gap = expected.sub(got).abs().max().getFloat();
        assertTrue(gap < 2e-6, "gap " + gap);
    }
}
