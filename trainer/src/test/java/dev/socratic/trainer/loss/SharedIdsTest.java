package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import dev.socratic.trainer.data.SharedIds;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Over chosen ids a loss is what it is where the others do not exist.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedIdsTest {
    private final Tensors t = new Tensors();

    @AfterAll
    void close() {
        t.close();
    }

    private float[][] slope(Plan plan, NDArray student, NDArray teacher, long[] labels) {
        try (NDManager scope = t.manager.newSubManager(); ObjectiveLoss loss = new ObjectiveLoss(t.manager, plan)) {
            NDArray mine = student.duplicate();
            mine.attach(scope);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                LossGradient slope = loss.at(0.5)
                        .lossAndGradient(new TokenChunk(mine, scope.create(labels), List.of(teacher)), 1);
                return new float[][] {slope.losses().toFloatArray(), slope.gradient().toFloatArray()};
            }
        }
    }

    /// Ids 2 and 5 are others to the teacher.
    @ParameterizedTest
    @ValueSource(strings = {"forward_kl", "reverse_kl", "jsd", "dkd", "logit_std", "top_k_kl", "akl", "tvd",
            "entropy_weighted_kl"})
    void idsThatDifferInTheMiddleAreAsIfTheyWereNot(String preset) {
        Objective named = Objective.named(preset);
        Objective objective = new Objective(named.name(), named.about(), named.paper(), named.parity(), named.test(),
                named.leftOut(), named.selfTaught(), named.rollout(), named.edit(),
                named.terms().stream().filter(term -> term.needsTeacher()).toList());
        NDArray student = t.random(1, 2, 3, 90);
        NDArray teacher = t.random(2, 2, 3, 90);
        long[] ids = java.util.stream.LongStream.range(0, 90).filter(id -> id != 2 && id != 5).toArray();
        SharedIds shared = new SharedIds(ids, List.of(), 2);
        float[][] chosen = slope(new Plan(objective, ids.length, Optional.empty(), Optional.empty(),
                Optional.of(shared)), student, teacher, new long[] {1, 0, 7});
        float[][] without = slope(new Plan(objective, ids.length), cut(student), cut(teacher), new long[] {1, 0, 5});
        assertArrayEquals(without[0], chosen[0], 1e-6f);
        for (int row = 0; row < 3; row++) {
            for (int i = 0; i < ids.length; i++) {
                assertEquals(without[1][row * ids.length + i], chosen[1][row * 90 + (int) ids[i]], 1e-6f);
            }
            assertEquals(0, chosen[1][row * 90 + 2]);
            assertEquals(0, chosen[1][row * 90 + 5]);
        }
    }

    private static NDArray cut(NDArray x) {
        return ai.djl.ndarray.NDArrays.concat(new NDList(x.get(new NDIndex(":, 0:2")), x.get(new NDIndex(":, 3:5")),
                x.get(new NDIndex(":, 6:"))), 1);
    }
}
