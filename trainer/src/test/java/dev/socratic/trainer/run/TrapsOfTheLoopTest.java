package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.step.Hand;
import dev.socratic.trainer.step.Seen;
import dev.socratic.trainer.step.TinyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the loops of other trainers were found to compute something else than they say, one test each; those of
/// single losses are in `TrapsTest`.
class TrapsOfTheLoopTest {
    private static final TokenRow SILENT = new TokenRow(new int[] {1, 2, 3, 4, 5}, new boolean[5]);

    private static Objective kl(String rollout) {
        return ConfigReader.read("name: x\nrollout: " + rollout + "\nterms: [{distance: kl}]", "x", Objective.class);
    }

    @Test
    void accumulatingOverMicroBatchesOfUnequalLengthChangesNeitherLossNorGradient() {
        try (TinyPair pair = new TinyPair(kl("data"), TinyPair.NARROW)) {
            // 3 to 8 counting tokens each
            List<MicroBatch> single = TinyPair.rows().stream().map(row -> MicroBatch.of(List.of(row))).toList();
            double whole = pair.look(TinyPair.whole(), 0).loss();
            Map<String, float[]> expected = gradients(pair);
            pair.clear();
            assertEquals(whole, pair.look(single, 0).loss(), 1e-6, "a mean of the rows' means would be another number");
            gradients(pair).forEach((name, found) -> assertArrayEquals(expected.get(name), found, 2e-6f, name));
        }
    }

    @Test
    void theTemperatureOfSamplingNeverEntersTheLoss() {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            try (TinyPair pair = new TinyPair(kl("{student: {temperature: " + (i == 0 ? 1 : 0.3) + "}}"),
                    TinyPair.NARROW)) {
                losses[i] = pair.look(TinyPair.whole(), 0).loss();
            }
        }
        assertEquals(losses[0], losses[1]);
    }

    @Test
    void aTeacherWhoseConfigHasDropoutSaysTheSameEachTime(@TempDir Path folder) throws IOException {
        try (NDManager manager = Engines.manager(); Decoder written = Decoder.random(TinyPair.TEACHER, 11, manager)) {
            written.save(folder, DType.F32);
            Path file = folder.resolve("config.json");
            ObjectNode config = (ObjectNode) Json.mapper().readTree(file.toFile());
            Files.writeString(file,
                    config.put("attention_dropout", 0.5).put("resid_pdrop", 0.5).put("hidden_dropout", 0.5).toString());
            try (Decoder teacher = Decoder.load(folder, manager)) {
                assertArrayEquals(said(written, manager), said(teacher, manager));
                assertArrayEquals(said(teacher, manager), said(teacher, manager));
            }
        }
    }

    private static float[] said(Decoder decoder, NDManager manager) {
        MicroBatch batch = TinyPair.whole().getFirst();
        try (NDManager scope = manager.newSubManager()) {
            return decoder.forward(scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())), Set.of(), false)
                    .states().toFloatArray();
        }
    }

    @Test
    void aMicroBatchWithoutACountingTokenAddsNothingAndIsNoNumberNowhere() {
        try (TinyPair pair = new TinyPair(kl("data"), TinyPair.NARROW)) {
            double without = pair.look(TinyPair.whole(), 0).loss();
            Map<String, float[]> expected = gradients(pair);
            pair.clear();
            List<MicroBatch> more = new ArrayList<>(TinyPair.whole());
            more.add(MicroBatch.of(List.of(SILENT)));
            assertEquals(without, pair.look(more, 0).loss());
            gradients(pair).forEach((name, found) -> assertArrayEquals(expected.get(name), found, name));
        }
    }

    /// Each row asks for one token: its log probability must rise where the teacher's is the higher one, and fall
    /// where it is the lower one.
    @Test
    void aDrawnTokenBecomesLikelierExactlyWhereTheTeacherThinksItLikelier() {
        int risen = 0;
        for (TokenRow row : TinyPair.rows()) {
            boolean[] last = new boolean[row.ids().length];
            last[last.length - 1] = true;
            MicroBatch batch = MicroBatch.of(List.of(new TokenRow(row.ids(), last)));
            try (TinyPair pair = new TinyPair(Objective.named("on_policy_sampled"), TinyPair.NARROW)) {
                double advantage = log(pair.teacher, batch) - log(pair.student, batch);
                double before = log(pair.student, batch);
                pair.train(List.of(batch), 0);
                double change = log(pair.student, batch) - before;
                assertEquals(Math.signum(advantage), Math.signum(change),
                        "advantage %s, change %s".formatted(advantage, change));
                risen += change > 0 ? 1 : 0;
            }
        }
        assertTrue(risen > 0 && risen < TinyPair.rows().size(), "both directions occur");
    }

    private static double log(Decoder decoder, MicroBatch batch) {
        Seen seen = new Seen(decoder, batch);
        return -Hand.crossEntropy(seen.logits()[0], seen.label(0));
    }

    private static Map<String, float[]> gradients(TinyPair pair) {
        Map<String, float[]> all = new HashMap<>();
        try (NDManager scope = pair.manager.newSubManager()) {
            pair.gradients(scope).forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
        }
        return all;
    }
}
