package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The formulas worked by hand: probabilities 1/2, 1/4, 1/8, 1/8 and the same over other places.
class DistributionTest {
    private static NDManager manager;
    private static Distribution distribution;
    private static Program program;
    private static NDArray logits;
    private static NDArray labels;

    @BeforeAll
    static void formulas() {
        manager = Engines.manager();
        distribution = new Distribution(manager);
        program = Program.resource(manager, DistributionTest.class, Distribution.TEXT);
        float shift = 3; // a constant changes no distribution
        logits = manager.create(new float[][] {
            {shift + log(8), shift + log(4), shift + log(2), shift + log(2)}, {log(2), log(2), log(4), log(8)}
        });
        labels = manager.create(new long[] {1, 3});
    }

    @AfterAll
    static void close() {
        program.close();
        distribution.close();
        manager.close();
    }

    private static float log(double x) {
        return (float) Math.log(x);
    }

    private static float[] formula(String name, NDArray... arrays) {
        Arg[] args = java.util.Arrays.stream(arrays).map(Arg::of).toArray(Arg[]::new);
        return program.run(name, args).singletonOrThrow().toFloatArray();
    }

    @Test
    void theLogProbabilityOfALabelIsTheLogarithmOfItsShare() {
        float[] wanted = {log(0.25), log(0.5)};
        assertArrayEquals(wanted, distribution.labelLogProbability(logits, labels).toFloatArray(), 1e-6f);
        NDList known = distribution.logProbabilities(logits, 1, 4);
        assertArrayEquals(wanted, formula("label_log", known.get(0), labels), 1e-6f);
        assertEquals(0, known.get(1).getLong());
    }

    @Test
    void theArgmaxIsTheLargestLogit() {
        assertArrayEquals(new boolean[] {false, true}, distribution.isArgmax(logits, labels).toBooleanArray());
    }

    @Test
    void theTemperatureDividesAndIdsBehindTheVocabularyAreNoTokens() {
        NDArray logP = distribution.logProbabilities(logits, 0.5, 2).get(0); // of 64 : 16, the squares
        assertArrayEquals(new float[] {log(0.8), log(0.2), log(0.5), log(0.5)}, logP.toFloatArray(), 1e-6f);
    }

    @Test
    void whatIsRuledOutIsFiniteAndWhatIsNoNumberIsCounted() {
        NDArray odd = manager.create(new float[][] {{0, Float.NEGATIVE_INFINITY}, {Float.NaN, 1}});
        NDList known = distribution.logProbabilities(odd, 1, 2);
        assertEquals(-1e30f, known.get(0).toFloatArray()[1]);
        assertEquals(2, known.get(1).getLong(), "one number that is none spoils its row");
    }

    @Test
    void theLikeliestComeFirstAndTheRestIsWhatTheyLeave() {
        NDList found = distribution.topK(distribution.logProbabilities(logits, 1, 4).get(0), 2);
        assertArrayEquals(new long[] {0, 1, 3, 2}, found.get(0).toLongArray());
        assertArrayEquals(new float[] {log(0.5), log(0.25), log(0.5), log(0.25)}, found.get(1).toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {log(0.25), log(0.25)}, found.get(2).toFloatArray(), 1e-6f);
    }

    @Test
    void theRankOfALabelCountsTheLikelierOnes() {
        NDList ranked = distribution.ranked(distribution.logProbabilities(logits, 1, 4).get(0), labels);
        assertArrayEquals(new float[] {log(0.25), log(0.5)}, ranked.get(0).toFloatArray(), 1e-6f);
        assertArrayEquals(new long[] {2, 1}, ranked.get(1).toLongArray());
    }

    @Test
    void theEntropyIsAShareOfTheLargest() {
        NDArray logP = manager.create(new float[][] {
            {log(0.5), log(0.25), log(0.125), log(0.125)}, {log(0.25), log(0.25), log(0.25), log(0.25)},
                    {0, -1e30f, -1e30f, -1e30f}
        });
        assertArrayEquals(new float[] {1.75f / 2, 1, 0}, formula("normalized_entropy", logP), 1e-6f);
    }

    @Test
    void klIsOfTheSecondToTheFirst() {
        NDArray q = manager.create(new float[][] {{log(0.5), log(0.5)}});
        NDArray p = manager.create(new float[][] {{0, -1e30f}});
        assertArrayEquals(new float[] {log(2)}, formula("kl", q, p), 1e-6f);
    }

    @Test
    void aDrawIsTheFirstIdWhoseSumExceedsItsShare() {
        NDArray weights = manager.create(new double[][] {{0, 2, 0, 2}});
        NDArray uniforms = manager.create(new double[][] {{0, 0.49, 0.5, 0.999999}});
        long[] drawn = program.run("inverse_cdf", Arg.of(weights), Arg.of(uniforms)).singletonOrThrow().toLongArray();
        assertArrayEquals(new long[] {1, 1, 3, 3}, drawn, "an id of weight 0 is never drawn");
    }

    @Test
    void rowsAreSelectedOutOfBatchAndSequence() {
        NDArray states = manager.create(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, new ai.djl.ndarray.types.Shape(2, 2, 2));
        assertArrayEquals(new float[] {2, 3, 6, 7},
                distribution.select(states, manager.create(new long[] {1, 3})).toFloatArray());
    }
}
