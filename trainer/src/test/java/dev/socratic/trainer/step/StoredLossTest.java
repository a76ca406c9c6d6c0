package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.Decay;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.Warmup;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.capture.StoreFixture;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.StoredTeacher;
import dev.socratic.trainer.teacher.TeacherSide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One number by every path: what a store gives a step is what the teacher would have given it.
class StoredLossTest {
    private static final int VOCAB = 1024;
    private static final ExampleSource ROWS = StoreFixture.rows(4);

    @TempDir
    static Path folder;

    private static Path teacher;
    private static List<TokenRow> rows;
    private static NDManager manager;
    private static Decoder live;
    private static Path secondTeacher;
    private static Decoder second;
    private static Decoder student;
    private static Optimizer optimizer;

    @BeforeAll
    static void capture() throws IOException {
        teacher = StoreFixture.teacher(folder.resolve("teacher"), 1);
        rows = StoreFixture.encoded(teacher, ROWS);
        manager = Engines.manager();
        live = Decoder.load(teacher, manager);
        secondTeacher = StoreFixture.teacher(folder.resolve("second"), 2);
        second = Decoder.load(secondTeacher, manager);
        student = Decoder.random(ModelConfig.llama(VOCAB, 8, 1, 2, 1, 16, 256, true, SpecialTokens.none())
                .withInitializerRange(0.3), 3, manager);
        student.trainable(true);
        optimizer = new Optimizer(
                manager, new OptimizerConfig(0.1, List.of(0.9, 0.95), 1e-8, 0, new Warmup.Ratio(0),
                        new Decay.Constant(), 0), student.weights());
    }

    @AfterAll
    static void close() {
        optimizer.close();
        student.close();
        live.close();
        second.close();
        manager.close();
    }

    private static Path store(String name, Encoding encoding, double temperature, long seed) throws IOException {
        return StoreFixture.capture(teacher, folder.resolve(name), ROWS,
                StoreFixture.config(encoding, temperature, seed));
    }

    /// @param tau of forward KL, beside a little cross-entropy
    private static Objective forward(double tau) {
        return objective(
                ("{views: [{temperature: {tau: %s}}], distance: kl, weight: 0.7}, {against: labels, distance: kl, "
                        + "weight: 0.3}").formatted(tau));
    }

    private static Objective objective(String terms) {
        return ConfigReader.read("name: x\nterms: [%s]".formatted(terms), "x", Objective.class);
    }

    private static List<MicroBatch> whole() {
        return List.of(MicroBatch.of(rows));
    }

    private static List<MicroBatch> parts() {
        return LengthBuckets.of(rows, 300, 1);
    }

    private record Result(Explanation loss, Map<String, float[]> gradients) {
        double[] flat() {
            int size = gradients.values().stream().mapToInt(g -> g.length).sum();
            double[] all = new double[size];
            int at = 0;
            for (float[] gradient : gradients.values()) {
                for (float each : gradient) {
                    all[at++] = each;
                }
            }
            return all;
        }
    }

    private static Result run(Objective objective, Optional<Path> store, List<MicroBatch> batches, long chunkTokens) {
        return run(objective, store.stream().toList(), batches, chunkTokens);
    }

    /// @param stores none for live teachers
    private static Result run(Objective objective, List<Path> stores, List<MicroBatch> batches, long chunkTokens) {
        Optional<StoredTeacher> stored = stores.isEmpty()
                ? Optional.empty()
                : Optional.of(StoreFixture.stored(stores, objective, manager));
        List<Decoder> asked = stored.isPresent() ? List.of() : objective.needsTeachers()
                ? List.of(live, second) : List.of(live);
        Plan plan = new Plan(objective, VOCAB);
        try (VocabularyHead vocabulary = new VocabularyHead(manager, chunkTokens * VOCAB);
                ObjectiveLoss loss = new ObjectiveLoss(manager, plan);
                Backward backward = new Backward(manager, student,
                        TeacherSide.of(plan, asked, stored, vocabulary::select), Optional.empty(), vocabulary,
                        student.weights());
                NDManager scope = manager.newSubManager()) {
            OptimizerStep step = new OptimizerStep(batches);
            backward.step(step, loss.at(0.5));
            Map<String, NDArray> gradients = backward.accumulation().gradients(scope);
            Map<String, float[]> all = new TreeMap<>();
            gradients.forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
            backward.accumulation().clear(gradients);
            return new Result(plan.explain(0.5, loss.means(step.lossTokens(), step.samples())), all);
        } finally {
            stored.ifPresent(StoredTeacher::close);
        }
    }

    private static void assertEqual(Result expected, Result actual, double tolerance, String what) {
        assertEquals(expected.loss().loss(), actual.loss().loss(),
                tolerance * Math.max(1, Math.abs(expected.loss().loss())), what);
        double[] mine = expected.flat();
        double[] theirs = actual.flat();
        double largest = Arrays.stream(mine).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < mine.length; i++) {
            assertEquals(mine[i], theirs[i], tolerance * Math.max(1e-3, largest), what);
        }
    }

    @Test
    void aDenseStoreGivesTheLossAndTheGradientOfTheLiveTeacherWholeInPartsAndInChunks() throws IOException {
        for (double tau : new double[] {1, 2, 4}) {
            Path store = store("dense-" + tau, new Encoding.Dense(Width.FLOAT), tau, 1);
            Result live = run(forward(tau), Optional.empty(), whole(), 4096);
            assertTrue(live.loss().lines().getFirst().mean() > 0.01, live.loss().text());
            assertEqual(live, run(forward(tau), Optional.of(store), whole(), 4096), 2e-5, "tau " + tau);
            assertEqual(live, run(forward(tau), Optional.of(store), parts(), 7), 2e-5,
                    "tau " + tau + ", parts and chunks");
        }
    }

    @Test
    void aDenseStoreOfOneTemperatureSuppliesEveryOtherAndEveryDistanceOverLogits() throws IOException {
        Path store = store("dense-3", new Encoding.Dense(Width.FLOAT), 3, 1);
        for (String term : List.of(
                "{views: [{temperature: {tau: 1.5}}], distance: kl}", "{distance: {kl: {direction: reverse}}}",
                "{distance: {jsd: {beta: 0.3}}}",
                "{views: [standardise], distance: mse}", "{views: [{top_k: {k: 8}}], distance: kl}",
                "{distance: {ranking: {by: logistic}}}", "{distance: {sinkhorn: {}}}",
                "{views: [non_target], distance: kl, tokens: teacher_rest}", "{distance: kl, tokens: teacher_entropy}",
                "{against: {blend: {teacher_weight: 0.4}}, distance: kl}")) {
            assertEqual(run(objective(term), Optional.empty(), parts(), 11),
                    run(objective(term), Optional.of(store), parts(), 11), 1e-4, term);
        }
    }

    @Test
    void likeliestOfAllTokensIsDenseAndHalfPrecisionIsNear() throws IOException {
        for (double tau : new double[] {1, 2}) {
            Result live = run(forward(tau), Optional.empty(), whole(), 4096);
            for (Tail tail : Tail.values()) {
                Path all = store("all-" + tau + tail, new Encoding.TopK(VOCAB, tail), tau, 1);
                assertEqual(live, run(forward(tau), Optional.of(all), parts(), 13), 2e-3, tail + " at " + tau);
            }
            Path half = store("half-" + tau, new Encoding.Dense(Width.HALF), tau, 1);
            assertEqual(live, run(forward(tau), Optional.of(half), whole(), 4096), 2e-3, "half at " + tau);
        }
    }

    @Test
    void aPartOfTheDistributionGivesOneNumberWholeInPartsAndInChunks() throws IOException {
        for (Encoding encoding : List.of(new Encoding.Sampled(50), new Encoding.TopK(12, Tail.BUCKET),
                new Encoding.TopK(12, Tail.RESIDUAL))) {
            Path store = store("part-" + encoding.hashCode(), encoding, 2, 1);
            Result whole = run(forward(2), Optional.of(store), whole(), 4096);
            assertEqual(whole, run(forward(2), Optional.of(store), parts(), 5), 2e-5, encoding.toString());
        }
    }

    /// With g the gradients of n stores that differ in their draws alone, `|mean g - exact|^2` is `tr cov / n` on
    /// average if the mean of g is the exact gradient, and larger by the squared bias if it is not. Over many
    /// coordinates it lies near its average; the bound is three times it.
    @Test
    void theMeanGradientOfManySampledStoresIsTheLiveOne() throws IOException {
        int n = 16;
        double[] exact = run(forward(2), Optional.empty(), whole(), 4096).flat();
        List<double[]> drawn = new ArrayList<>();
        for (int seed = 1; seed <= n; seed++) {
            drawn.add(run(forward(2), Optional.of(store("drawn-" + seed, new Encoding.Sampled(50), 2, seed)), whole(),
                    4096).flat());
        }
        double[] mean = new double[exact.length];
        drawn.forEach(g -> Arrays.setAll(mean, i -> mean[i] + g[i] / n));
        double spread = drawn.stream().mapToDouble(g -> gap(g, mean)).sum() / (n - 1) / n;
        assertTrue(gap(mean, exact) < 3 * spread, "%s, for a spread of %s".formatted(gap(mean, exact), spread));
        double[] biased = run(forward(2), Optional.of(store("biased", new Encoding.TopK(12, Tail.RENORMALISE), 2, 1)),
                whole(), 4096).flat();
        assertTrue(gap(biased, exact) > 30 * spread, "%s, for a spread of %s".formatted(gap(biased, exact), spread));
    }

    private static Path storeOf(Path of, String name, Encoding encoding, double temperature, ExampleSource taught)
            throws IOException {
        return StoreFixture.capture(of, folder.resolve(name), taught, StoreFixture.config(encoding, temperature, 1));
    }

    /// In turn for the one and the other.
    private static List<MicroBatch> tagged() {
        return LengthBuckets.of(IntStream.range(0, rows.size()).mapToObj(i -> rows.get(i).withTeacher(i % 2)).toList(),
                300, 1);
    }

    @Test
    void denseStoresOfTwoTeachersGiveTheLossAndTheGradientOfBothLive() throws IOException {
        List<Path> stores = List.of(storeOf(teacher, "two-first", new Encoding.Dense(Width.FLOAT), 1, ROWS),
                storeOf(secondTeacher, "two-second", new Encoding.Dense(Width.FLOAT), 3, ROWS));
        for (String teachers : List.of("{weigh: mean}", "{weigh: sum}", "{weigh: label}", "{weigh: label, per: sample}",
                "{weigh: uncertainty}", "{weigh: uncertainty, per: sample}",
                "{weigh: policy}", "{weigh: tag}")) {
            Objective objective =
                    objective(("{against: {teachers: %s}, views: [{temperature: {tau: 2}}], distance: {jsd: {beta: "
                            + "0.3}}}").formatted(teachers));
            Result live = run(objective, List.of(), tagged(), 4096);
            assertTrue(live.loss().loss() > 1e-3, live.loss().text());
            assertEqual(live, run(objective, stores, tagged(), 4096), 1e-4, teachers);
            assertEqual(live, run(objective, stores, tagged(), 7), 1e-4, teachers + ", in chunks");
        }
    }

    @Test
    void storesOfPartsOfTwoDistributionsAreWeighedLikeOneEach() throws IOException {
        Path first = storeOf(teacher, "part-first", new Encoding.Sampled(50), 2, ROWS);
        Path other = storeOf(secondTeacher, "part-second", new Encoding.TopK(12, Tail.BUCKET), 2, ROWS);
        Path dense = storeOf(secondTeacher, "part-dense", new Encoding.Dense(Width.FLOAT), 1, ROWS);
        String kl = "views: [{temperature: {tau: 2}}], distance: kl}";
        Objective mean = objective("{against: {teachers: {weigh: mean}}, " + kl);
        Objective one = objective("{" + kl);
        double ofFirst = run(one, Optional.of(first), parts(), 7).loss().loss();
        assertEquals((ofFirst + run(one, Optional.of(other), parts(), 7).loss().loss()) / 2,
                run(mean, List.of(first, other), parts(), 7).loss().loss(), 1e-4);
        double both = (ofFirst + run(one, Optional.of(dense), parts(), 7).loss().loss()) / 2;
        assertEquals(both, run(mean, List.of(first, dense), parts(), 7).loss().loss(), 1e-4);
        assertEquals(both, run(mean, List.of(dense, first), parts(), 7).loss().loss(), 1e-4, "in whatever order");
    }

    @Test
    void theLikeliestTokensOfAStoreAtTemperatureOneKnowTheLabelsThatTeachersAreWeighedBy() throws IOException {
        List<Path> all = List.of(storeOf(teacher, "label-first", new Encoding.TopK(VOCAB, Tail.BUCKET), 1, ROWS),
                storeOf(secondTeacher, "label-second", new Encoding.TopK(VOCAB, Tail.BUCKET), 1, ROWS));
        for (String teachers : List.of("{weigh: label}", "{weigh: label, per: sample}")) {
            Objective objective = objective("{against: {teachers: %s}, distance: kl}".formatted(teachers));
            assertEqual(run(objective, List.of(), parts(), 4096), run(objective, all, parts(), 13), 2e-3, teachers);
        }
    }

    @Test
    void aStoreNeedsOnlyTheRowsThatNameItsTeacher() throws IOException {
        List<TokenRow> mine = IntStream.range(0, rows.size()).mapToObj(i -> rows.get(i).withTeacher(i < 2 ? 0 : 1))
                .toList();
        Objective byTag =
                objective("{against: {teachers: {weigh: tag}}, views: [{temperature: {tau: 2}}], distance: kl}");
        Result live = run(byTag, List.of(), List.of(MicroBatch.of(mine)), 4096);
        for (Encoding encoding : List.of(new Encoding.Dense(Width.FLOAT), new Encoding.TopK(VOCAB, Tail.BUCKET))) {
            Path few = storeOf(teacher, "few-" + encoding.hashCode(), encoding, 2, StoreFixture.rows(2));
            Path whole = storeOf(secondTeacher, "whole-" + encoding.hashCode(), encoding, 2, ROWS);
            assertEqual(live, run(byTag, List.of(few, whole), LengthBuckets.of(mine, 300, 1), 5), 2e-3,
                    encoding.toString());
        }
    }

    private static double gap(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
