package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.ModelCard;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.trainer.OnPolicyRuns;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.run.card.Lineage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings whose teacher is asked at every step, by whoever answers as an endpoint does.
class ServedTrainingTest {
    private static final String REVERSE = """
            rollout: {student: {max_new_tokens: 6, staleness: %s}}
            terms: [{distance: {kl: {direction: reverse}}}]
            """;

    @TempDir
    static Path folder;
    private static OnPolicyRuns runs;
    private static Path teacher;

    @BeforeAll
    static void open() {
        runs = new OnPolicyRuns(folder, OnPolicyRuns.noise().rows(259));
        teacher = OnPolicyRuns.noise().rows(259).seeded(9).write(folder.resolve("teacher"));
    }

    private static TrainConfig config(int staleness, String teacherKey) {
        return runs.config(REVERSE.formatted(staleness),
                "budget: {steps: {n: 4}}\ncheckpoint_every: 100\n" + teacherKey);
    }

    private static String served(int topK) {
        return "served_teacher: {base_url: \"http://here/v1\", model: t, top_k: %s, price: 3}\n".formatted(topK);
    }

    private static StageReport run(TrainConfig config, String name, UnaryOperator<DistributionModel> through) {
        return TrainStage.run(config, new StageContext(runs.folder(name), Progress.SILENT, Clock.systemUTC(), 1),
                Lineage.NONE, Compute.CPU,
                asked -> through.apply(LocalModel.open(teacher, 8, Clock.systemUTC(), Compute.CPU)));
    }

    private static List<Double> losses(String name) {
        return runs.metrics(name).stream().map(line -> Json.read(line, JsonNode.class, "line").path("loss").asDouble())
                .toList();
    }

    @Test
    void askedForEveryTokenItTeachesWhatItDoesAsWeightsAndTheLikeliestTeachLess() {
        runs.run(config(0, "teacher: \"%s\"\n".formatted(teacher)), "live", Progress.SILENT);
        StageReport report = run(config(0, served(1000)), "whole", model -> model);
        run(config(0, served(4)), "four", model -> model);
        for (int step = 0; step < 4; step++) {
            double live = losses("live").get(step);
            assertEquals(live, losses("whole").get(step), 2e-4 * live, "step " + step);
        }
        double four = losses("four").getFirst();
        assertTrue(four > 0 && four < losses("live").getFirst(), "five classes can only be nearer: " + four);
        long tokens = (long) report.notes().get("teacher_tokens");
        assertTrue(tokens > 4 * 4 * 20, "tokens: " + tokens);
        assertEquals(tokens * 3e-6, (double) report.notes().get("teacher_usd"), 1e-12);
        assertEquals(tokens * 3e-6, report.usage().costUsd(), 1e-12);
    }

    @Test
    void anOutageEndsTheRunWithTheStepBeforeAndItGoesOnAsIfThereHadBeenNone() throws Exception {
        for (int staleness : new int[] {0, 1}) {
            run(config(staleness, served(4)), "calm_" + staleness, model -> model);
            RetryLaterException outage = assertThrows(RetryLaterException.class, () ->
                    run(config(staleness, served(4)), "out_" + staleness, model -> new Failing(model, 3)));
            assertEquals("server: an answer; got none; try again later", outage.getMessage());
            assertTrue(Files.exists(runs.folder("out_" + staleness).resolve("checkpoints/step_00000002/state.json")),
                    "two of four steps are kept, staleness " + staleness);
            run(config(staleness, served(4)), "out_" + staleness, model -> model);
            for (String file : List.of("model.safetensors", "metrics.jsonl", "rows.jsonl")) {
                assertEquals(-1, Files.mismatch(runs.folder("calm_" + staleness).resolve(file),
                        runs.folder("out_" + staleness).resolve(file)), file);
            }
        }
    }

    @Test
    void severalDevicesAndAServedTeacherAreRefused() {
        Compute two = new Compute(Compute.CPU.device(), FloatType.FLOAT32, FloatType.FLOAT32, true,
                List.of(Compute.CPU.device()));
        ConfigException refused = assertThrows(ConfigException.class, () -> TrainStage.run(config(0, served(4)),
                new StageContext(runs.folder("two"), Progress.SILENT, Clock.systemUTC(), 1), Lineage.NONE, two,
                asked -> LocalModel.open(teacher, 8, Clock.systemUTC(), Compute.CPU)));

        assertEquals("device: one device, or an objective over the data's rows, with live teachers or none, whose "
                + "micro-batches can be shared out; got a served teacher; write one device", refused.getMessage());
    }

    @Test
    void aServerThatNamesTokensNobodyKnowsIsRefused() {
        DataException refused = assertThrows(DataException.class, () -> run(config(0, served(4)), "unknown",
                model -> new Failing(model, Integer.MAX_VALUE) {
                    @Override
                    public List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException {
                        return super.distributions(rows, k).stream().map(said -> {
                            int[] ids = said.ids().clone();
                            ids[0] = 5000;
                            return new Distributions(said.width(), ids, said.logs(), said.rest(), said.labels(),
                                    said.ranks(), said.words());
                        }).toList();
                    }
                }));
        assertTrue(refused.getMessage().endsWith("tokens of the student's vocabulary of 259; got number 5000; serve a "
                + "teacher with the student's tokenizer"), refused.getMessage());
    }

    @Test
    void whatTheLikeliestTokensCannotGiveIsRefusedBeforeAnybodyIsAsked() {
        ConfigException refused = assertThrows(ConfigException.class, () -> run(runs.config("""
                terms: [{views: [{temperature: {tau: 2}}], distance: kl}]
                """, "budget: {steps: {n: 1}}\n" + served(4)), "views", model -> model));
        assertTrue(refused.getMessage().contains("objective 'own'.terms[0]: a divergence between logits without views "
                + "and weights of the teacher's, all that the likeliest tokens of a served teacher can give; got "),
                refused.getMessage());
    }

    /// Fails from some request on.
    private static class Failing implements DistributionModel {
        private final DistributionModel model;
        private final int from;
        private int requests;

        Failing(DistributionModel model, int from) {
            this.model = model;
            this.from = from;
        }

        @Override
        public ModelCard card() {
            return model.card();
        }

        @Override
        public synchronized List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException {
            if (++requests >= from) {
                throw new RetryLaterException("server", "an answer", "none", "try again later");
            }
            return model.distributions(rows, k);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
