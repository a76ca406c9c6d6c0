package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    /// Probabilities 0.5, 0, 0.3, 0.2.
    private static final float[] LOGITS = {(float) Math.log(5), Float.NEGATIVE_INFINITY, (float) Math.log(3),
            (float) Math.log(2)};

    private static long[] draw(double[] uniforms, double temperature, double topP) {
        return draw(LOGITS, uniforms, temperature, topP);
    }

    private static long[] draw(float[] row, double[] uniforms, double temperature, double topP) {
        return draw(row, uniforms, temperature, topP, 0, 0);
    }

    private static Program program(NDManager manager) {
        return Program.resources(manager, Decoder.class, List.of(Distribution.TEXT, "/programs/sampler.ts.py"));
    }

    /// One draw a uniform, all from the same logits.
    private static long[] draw(float[] row, double[] uniforms, double temperature, double topP, int topK,
            double minP) {
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            int batch = uniforms.length;
            float[][] logits = new float[batch][];
            Arrays.fill(logits, row);
            DrawSettings settings = new Draws(new Sampling(temperature, topP, topK, minP), Arrays.stream(uniforms)
                    .mapToObj(uniform -> new double[] {uniform}).toArray(double[][]::new)).settings(manager);
            return program.run("draw", Arg.of(manager.create(logits)), Arg.of(0), Arg.of(settings.arrays()),
                    Arg.of(settings.flags())).singletonOrThrow().toLongArray();
        }
    }

    @Test
    void aUniformPicksTheTokenInWhoseShareItFalls() {
        assertArrayEquals(new long[] {0, 0, 2, 2, 3, 3},
                draw(new double[] {0, 0.49, 0.51, 0.79, 0.81, Math.nextDown(1.0)}, 1, 1));
    }

    @Test
    void theNucleusIsTheSmallestSetThatReachesTopP() {
        assertArrayEquals(new long[] {0, 0, 0}, draw(new double[] {0, 0.6, 0.999}, 1, 0.49));
        assertArrayEquals(new long[] {0, 0, 2, 2}, draw(new double[] {0, 0.62, 0.63, 0.999}, 1, 0.7)); // 5/8 and 3/8
    }

    @Test
    void aNucleusWiderThanTheFewLikeliestIsFoundToo() {
        float[] flat = new float[400]; // all alike: 0.5 takes 200 of them, in the order of their ids
        long[] tokens = draw(flat, new double[] {0, 0.5, Math.nextDown(1.0)}, 1, 0.4999);
        assertArrayEquals(new long[] {0, 100, 199}, tokens);
    }

    @Test
    void topKKeepsTheLikeliestAndTopPLooksAtTheirMassOnly() {
        double[] ends = {0, 0.62, 0.63, 0.999};
        assertArrayEquals(new long[] {0, 0, 0, 0}, draw(LOGITS, ends, 1, 1, 1, 0));
        assertArrayEquals(new long[] {0, 0, 2, 2}, draw(LOGITS, ends, 1, 1, 2, 0)); // 5/8 and 3/8
        assertArrayEquals(new long[] {0, 0, 0, 0}, draw(LOGITS, ends, 1, 0.6, 2, 0),
                "5/8 of the mass of two is more than 0.6");
        assertArrayEquals(new long[] {0, 0, 2, 2}, draw(LOGITS, ends, 1, 0.63, 2, 0));
        assertArrayEquals(draw(ends, 1, 1), draw(LOGITS, ends, 1, 1, 4, 0), "all there are");
        float[] flat = new float[400];
        assertArrayEquals(new long[] {0, 50, 99}, draw(flat, new double[] {0, 0.5, Math.nextDown(1.0)}, 1, 1, 100, 0),
                "more than a few");
        assertArrayEquals(new long[] {0, 25, 49}, draw(flat, new double[] {0, 0.5, Math.nextDown(1.0)}, 1, 0.4999, 100,
                0));
    }

    @Test
    void minPKeepsWhatIsNotMuchLessLikelyThanTheLikeliest() {
        double[] ends = {0, 0.62, 0.63, 0.999};
        assertArrayEquals(new long[] {0, 0, 2, 2}, draw(LOGITS, ends, 1, 1, 0, 0.5), "0.2 is less than half of 0.5");
        assertArrayEquals(new long[] {0, 0, 0, 0}, draw(LOGITS, ends, 1, 1, 0, 0.7));
        assertArrayEquals(new long[] {0, 0, 0, 0}, draw(LOGITS, ends, 1, 1, 0, 1));
        float[] stairs = new float[400]; // the first 100 all alike, the others a thousandth of that
        Arrays.fill(stairs, 100, 400, (float) Math.log(1e-3));
        assertArrayEquals(new long[] {0, 50, 99}, draw(stairs, new double[] {0, 0.5, Math.nextDown(1.0)}, 1, 1, 0,
                0.01));
    }

    /// Logits 2, -1, 1; the greedy token of each row, after what its text and settings do.
    private static long[] greedy(Draws.Row... rows) {
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            float[][] logits = Stream.generate(() -> new float[] {2, -1, 1}).limit(rows.length)
                    .toArray(float[][]::new);
            DrawSettings settings = new Draws(List.of(rows)).settings(manager);
            return program.run("draw", Arg.of(manager.create(logits)), Arg.of(0), Arg.of(settings.arrays()),
                    Arg.of(settings.flags())).singletonOrThrow().toLongArray();
        }
    }

    private static Draws.Row row(Penalties penalties, Map<Integer, Double> biases, long... answer) {
        return new Draws.Row(new Sampling(0, 1, 0, 0, 1, penalties, biases), new double[1],
                new Draws.Text(new long[] {0, 1}, answer));
    }

    /// (2, -1, 1): repetition 1.9 makes 2 / 1.9 = 1.05 of the first, 2.1 makes 0.95; presence and frequency look at the
    /// answer only, and once more often is once more.
    @Test
    void penaltiesAreWorkedOutByHand() {
        assertArrayEquals(new long[] {0, 2, 0, 2, 0, 2, 0},
                greedy(row(new Penalties(1.9, 0, 0), Map.of()), row(new Penalties(2.1, 0, 0), Map.of()),
                        row(new Penalties(1, 2, 0), Map.of()), row(new Penalties(1, 1.01, 0), Map.of(), 0),
                        row(new Penalties(1, 0, 0.51), Map.of(), 0), row(new Penalties(1, 0, 0.51), Map.of(), 0, 0),
                        row(new Penalties(1, 0.51, 0), Map.of(), 0, 0)));
    }

    /// The example of [Penalties]: (0.3, -2) beside a third token of logit 0.29 or 0.31.
    @Test
    void thePenaltiesOfTheDocumentationHold() {
        Penalties all = new Penalties(2, 0.5, 0.1);
        assertArrayEquals(new long[] {0, 2}, greedy(row(all, Map.of(2, -0.71), 0, 0), row(all, Map.of(2, -0.69), 0, 0)));
    }

    @Test
    void aBiasIsAddedBeforeThePenaltiesAndOneRowsIsNoOthers() {
        assertArrayEquals(new long[] {1, 0, 2, 0},
                greedy(row(Penalties.NONE, Map.of(1, 3.1)), row(Penalties.NONE, Map.of(1, 2.9)),
                        row(Penalties.NONE, Map.of(0, -100.0)), row(new Penalties(3, 0, 0), Map.of(0, 1.1))));
    }

    @Test
    void whatMayNotComeYetComesAfterItsSteps() {
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            Draws draws = new Draws(List.of(new Draws.Row(Sampling.GREEDY, new double[3], Draws.Text.UNKNOWN,
                    new Draws.Late(new long[] {0}, 2), new long[0], Optional.empty())));
            DrawSettings settings = draws.settings(manager);
            long[] drawn = IntStream.range(0, 3).mapToLong(step -> program.run("draw",
                    Arg.of(manager.create(new float[][] {{2, -1, 1}})), Arg.of(step), Arg.of(settings.arrays()),
                    Arg.of(settings.flags())).singletonOrThrow().toLongArray()[0]).toArray();
            assertArrayEquals(new long[] {2, 2, 0}, drawn);
        }
    }

    @Test
    void aMaskRulesOutAndLeavesOtherRowsAlone() {
        assertArrayEquals(new long[] {0, 1, 2}, greedy(masked(), masked(0b010L), masked(0b110L, -1L)));
        assertEquals("draws: one step where a row has a mask, which holds for one token; got 2",
                assertThrows(IllegalArgumentException.class, () -> new Draws(List.of(new Draws.Row(Sampling.GREEDY,
                        new double[2], Draws.Text.UNKNOWN, Draws.Late.NONE, new long[] {1}, Optional.empty()))))
                                .getMessage());
    }

    private static Draws.Row masked(long... mask) {
        return new Draws.Row(Sampling.GREEDY, new double[1], Draws.Text.UNKNOWN, Draws.Late.NONE, mask,
                Optional.empty());
    }

    /// Of the model's own distribution, whatever the token was drawn by.
    @Test
    void whatIsNotedIsOfTheModelsOwnDistribution() {
        List<Draws.Noted> noted = new ArrayList<>();
        Sampling hot = new Sampling(100, 1, 2, 0, 1, Penalties.NONE, Map.of(1, 50.0));
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            Draws draws = new Draws(List.of(
                    new Draws.Row(Sampling.GREEDY, new double[1], Draws.Text.UNKNOWN),
                    new Draws.Row(hot, new double[1], Draws.Text.UNKNOWN, Draws.Late.NONE, new long[0],
                            Optional.of(new Draws.Notes(2, noted::add)))));
            DrawSettings settings = draws.settings(manager);
            program.run("draw", Arg.of(manager.create(new float[][] {LOGITS, LOGITS})), Arg.of(0),
                    Arg.of(settings.arrays()), Arg.of(settings.flags()));
            settings.tell(1);
        }
        Draws.Noted only = noted.getFirst();
        assertEquals(1, noted.size());
        assertEquals(Math.log(0.5), only.logProb(), 1e-6);
        assertArrayEquals(new long[] {0, 2}, only.likeliest());
        assertArrayEquals(new float[] {(float) Math.log(0.5), (float) Math.log(0.3)}, only.logProbs(), 1e-6F);
    }

    /// (0.5, 0, 0.3, 0.2): the entropy is 1.030, the surprises 0.693, 1.204 and 1.609, so 0.3 is the most typical.
    @Test
    void typicalTokensAreThoseWhoseSurpriseIsNearTheEntropy() {
        double[] ends = {0, 0.374, 0.376, 0.999};
        assertArrayEquals(new long[] {2, 2, 2, 2}, typical(ends, 0.29));
        assertArrayEquals(new long[] {0, 0, 2, 2}, typical(new double[] {0, 0.62, 0.63, 0.999}, 0.31), "5/8 and 3/8");
        assertArrayEquals(draw(ends, 1, 1), typical(ends, 1));
        assertArrayEquals(draw(LOGITS, new double[] {0, 0.62, 0.63, 0.999}, 1, 1, 2, 0),
                typical(new double[] {0, 0.62, 0.63, 0.999}, 0.79), "0.2 is the farthest");
    }

    private static long[] typical(double[] uniforms, double typicalP) {
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            float[][] logits = new float[uniforms.length][];
            Arrays.fill(logits, LOGITS);
            Sampling sampling = new Sampling(1, 1, 0, 0, typicalP, Penalties.NONE, Map.of());
            DrawSettings settings = new Draws(sampling, Arrays.stream(uniforms)
                    .mapToObj(uniform -> new double[] {uniform}).toArray(double[][]::new)).settings(manager);
            return program.run("draw", Arg.of(manager.create(logits)), Arg.of(0), Arg.of(settings.arrays()),
                    Arg.of(settings.flags())).singletonOrThrow().toLongArray();
        }
    }

    @Test
    void temperatureZeroOrAlmostIsTheLikeliest() {
        assertArrayEquals(new long[] {0, 0}, draw(new double[] {0.1, 0.99}, 0, 1));
        assertArrayEquals(new long[] {0, 0}, draw(new double[] {0.1, 0.99}, Double.MIN_VALUE, 1));
    }

    @Test
    void temperatureDividesTheLogits() {
        // squares: 25, 9, 4
        assertArrayEquals(new long[] {0, 2}, draw(new double[] {25 / 38.0 - 0.01, 25 / 38.0 + 0.01}, 0.5, 1));
    }

    @Test
    void frequenciesAreTheProbabilities() {
        int draws = 20_000;
        long[] tokens = draw(new SplittableRandom(1).doubles(draws).toArray(), 1, 1);
        double[] wanted = {0.5, 0, 0.3, 0.2};
        for (int token = 0; token < 4; token++) {
            int wants = token;
            double share = Arrays.stream(tokens).filter(t -> t == wants).count() / (double) draws;
            assertEquals(wanted[token], share, 5 * Math.sqrt(wanted[token] * (1 - wanted[token]) / draws));
        }
    }

    /// Which of two models writes a token, then the token from that one's distribution, over the ids that both have: in
    /// Java, a sum at a time, as it was done before the program was.
    private static int mixed(float[] logits, int ids, double uniform) {
        double most = Double.NEGATIVE_INFINITY;
        for (int id = 0; id < ids; id++) {
            most = Math.max(most, logits[id]);
        }
        double total = 0;
        for (int id = 0; id < ids; id++) {
            total += Math.exp(logits[id] - most);
        }
        double left = uniform * total;
        for (int id = 0; id < ids; id++) {
            left -= Math.exp(logits[id] - most);
            if (left < 0) {
                return id;
            }
        }
        return ids - 1;
    }

    @Test
    void aMixedDrawIsTheOneThatTheFormulaGives() {
        Random random = new Random(7);
        int batch = 500;
        int own = 320;
        int other = 300; // the last 20 ids of its own only
        float[][] first = logits(random, batch, own);
        float[][] second = logits(random, batch, other);
        boolean[] others = new boolean[batch];
        double[] uniforms = random.doubles(batch).toArray();
        long[] wanted = new long[batch];
        for (int row = 0; row < batch; row++) {
            others[row] = random.nextDouble() < 0.3;
            wanted[row] = mixed(others[row] ? second[row] : first[row], other, uniforms[row]);
        }
        try (NDManager manager = Engines.manager(); Program program = program(manager)) {
            long[] drawn = program.run("draw_mixed", Arg.of(manager.create(first)), Arg.of(manager.create(second)),
                    Arg.of(manager.create(others)), Arg.of(manager.create(uniforms))).singletonOrThrow().toLongArray();
            assertArrayEquals(wanted, drawn);
            assertArrayEquals(wanted, program.run("draw_mixed", Arg.of(manager.create(second)),
                    Arg.of(manager.create(first)), Arg.of(manager.create(others).logicalNot()),
                    Arg.of(manager.create(uniforms))).singletonOrThrow().toLongArray(), "the shorter one first");
        }
    }

    private static float[][] logits(Random random, int rows, int vocab) {
        return Stream.generate(() -> {
            float[] row = new float[vocab];
            for (int id = 0; id < vocab; id++) {
                row[id] = (float) (4 * random.nextGaussian());
            }
            return row;
        }).limit(rows).toArray(float[][]::new);
    }
}
