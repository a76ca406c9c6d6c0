package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Shares that follow a loss; the numbers are beside TAID's own code in [PeerParityTest].
class BlendingTest {
    private static Objective taid() {
        return Objective.named("taid");
    }

    private static double share(Blending blending) {
        return blending.share(0, (Against.Blend) taid().terms().getFirst().against(), 0.5);
    }

    @Test
    void aShareThatGoesOnFromWhatIsKeptIsTheSameShare() {
        try (NDManager manager = Engines.manager(); Blending calm = new Blending(manager, new Plan(taid(), 9));
                Blending again = new Blending(manager, new Plan(taid(), 9))) {
            calm.step(List.of(3.0), 0.1);
            calm.step(List.of(2.0), 0.2);
            again.kept().get("objective.blend.0")
                    .set(FloatBuffer.wrap(calm.kept().get("objective.blend.0").toFloatArray()));
            calm.step(List.of(1.0), 0.3);
            again.step(List.of(1.0), 0.3);
            assertEquals(share(calm), share(again));
        }
    }

    @Test
    void itNeverFallsAndALossThatIsNoNumberLeavesItWhereItIs() {
        try (NDManager manager = Engines.manager(); Blending blending = new Blending(manager, new Plan(taid(), 9))) {
            double before = share(blending);
            assertEquals(0.4, before, 1e-6);
            for (double loss : new double[] {2, 5, Double.NaN, 9, 1, 20}) {
                blending.step(List.of(loss), 0.01);
                assertTrue(share(blending) >= before);
                assertTrue(!Double.isNaN(loss) || share(blending) == before);
                before = share(blending);
            }
            blending.step(List.of(1.0), 1);
            assertEquals(1, share(blending), 1e-6);
            assertEquals(1, blending.facts().get("teachers_share"), 1e-6);
        }
    }

    @Test
    void whereThereIsNoLossToFollowItIsRefused() {
        for (String terms : List.of(
                "terms: [{distance: kl, weight: adaptive}]",
                "terms: [{views: [{scale: {by: adaptive}}], distance: kl}]",
                "rollout: {student: {fraction: adaptive}}\nterms: [{distance: kl}]")) {
            ConfigException refused = assertThrows(ConfigException.class,
                    () -> ConfigReader.read("name: x\n" + terms, "x", Objective.class));
            assertTrue(refused.getMessage().contains("adaptive") && refused.getMessage().contains("; write "),
                    refused.getMessage());
        }
    }
}
