package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
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
            Draws.Settings settings = new Draws(new Sampling(temperature, topP, topK, minP), Arrays.stream(uniforms)
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
