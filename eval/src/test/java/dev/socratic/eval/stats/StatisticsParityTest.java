package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The figures of scipy 1.17.1 and statsmodels 0.15.0 on the same data, made by `bench/peers/eval/stats_constants.py`.
class StatisticsParityTest {
    private static final double CLOSE = 1e-9;
    private static final double[] X = IntStream.range(0, 40).mapToDouble(StatisticsParityTest::score).toArray();
    private static final double[] Y = IntStream.range(0, 40).mapToDouble(i -> score(3 * i + 1)).toArray();
    private static final List<Integer> FOURS = IntStream.range(0, 40).mapToObj(i -> i / 4).toList();

    private static double score(int i) {
        return 7919 * i % 101 / 100.0;
    }

    @ParameterizedTest
    @CsvSource({
            "0, 20, 0, 0.1611251580528194", "7, 50, 0.06950833427016288, 0.26186193710585537",
            "81, 263, 0.2552885198782742, 0.36620957698280004", "999, 1000, 0.9943574414020421, 0.9998234536293739"})
    void wilson(long successes, long trials, double low, double high) {
        assertInterval(low, high, Interval.wilson(successes, trials));
    }

    @Test
    void meanWithItsErrorAndTheClusteredOne() {
        Mean mean = Mean.of(X);
        assertEquals(0.047498836018127044, mean.error().orElseThrow(), CLOSE);
        assertInterval(0.39967453567381933, 0.5918254643261806, mean.ci95());
        Mean clustered = Mean.of(X, FOURS);
        assertEquals(10, clustered.clusters());
        assertEquals(0.02879055111201128, clustered.error().orElseThrow(), CLOSE);
        assertInterval(0.4306212485810558, 0.5608787514189442, clustered.ci95());
        assertEquals(mean.error(), Mean.of(X, IntStream.range(0, 40).boxed().toList()).error());
    }

    @Test
    void pairedScores() {
        PairedScores paired = PairedScores.of(X, Y, IntStream.range(0, 40).boxed().toList());
        assertEquals(-0.01275, paired.difference(), CLOSE);
        assertEquals(0.06795547892101574, paired.error(), CLOSE);
        assertEquals(0.8521450882281552, paired.p(), CLOSE);
        assertInterval(-0.15020293018028805, 0.12470293018028804, paired.ci95());
        assertEquals(-0.05303998717399598, paired.correlation(), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "1, 6, 0.125", "12, 30, 0.007915897334896727", "900, 1000, 0.023108845108901193"})
    void mcNemar(int onlyFirst, int onlySecond, double p) {
        assertEquals(p, Paired.mcNemar(onlyFirst, onlySecond), CLOSE);
    }

    @Test
    void correctionsOfManyTests() {
        Correction all = Correction.of(List.of(0.001, 0.04, 0.03, 0.2, 0.5, 0.03, 0.9));
        assertClose(new double[] {0.007, 0.18, 0.18, 0.6000000000000001, 1, 0.18, 1}, all.holm());
        assertClose(new double[] {0.007, 0.07, 0.07, 0.28, 0.5833333333333334, 0.07, 0.9}, all.bh());
    }

    @Test
    void questionsItTakesToSeeADifference() {
        assertEquals(2_404, Power.USUAL.questions(0.02, 0.35)); // 2403.72
        assertEquals(1_488, new Power(0.01, 0.9).questions(0.05, 0.5)); // 1487.94
        assertEquals(0.02, Power.USUAL.difference(1, 0.35) / Math.sqrt(2403.719418644408), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
            "10, 3, 1, 0.3, 0.3", "10, 3, 4, 0.8333333333333334, 0", "64, 5, 16, 0.7754211679383547, 0",
            "200, 1, 100, 0.5, 0", "8, 8, 8, 1, 1", "8, 0, 3, 0, 0"})
    void passAtKAndPassHatK(int n, int c, int k, double any, double all) {
        assertEquals(any, new PassAtK(n, c).any(k), CLOSE);
        assertEquals(all, new PassAtK(n, c).all(k), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
            "16, 9, 8, 0.5, 0.8426573426573427", "16, 9, 8, 0.75, 0.15734265734265737",
            "64, 40, 16, 0.25, 0.9999462778486937", "16, 9, 8, 1, 0.0006993006993006993",
            "16, 9, 7, 0.5, 0.6713286713286712"})
    void gPassAtK(int n, int c, int k, double tau, double share) {
        assertEquals(share, new PassAtK(n, c).atLeast(k, tau), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"16, 9, 8, 0.16958041958041958", "16, 9, 7, 0.09815184815184815", "64, 40, 16, 0.26163739832957644"})
    void meanGPassAtK(int n, int c, int k, double share) {
        assertEquals(share, new PassAtK(n, c).most(k), CLOSE);
    }

    @Test
    void calibration() {
        double[] confidence = IntStream.range(0, 60).mapToDouble(StatisticsParityTest::score).toArray();
        boolean[] right = new boolean[60];
        IntStream.range(0, 60).forEach(i -> right[i] = 7919 * i % 7 < 3);
        Calibration calibration = Calibration.of(confidence, right, 10, new SplittableRandom(1));
        assertEquals(0.2475, calibration.ece(), CLOSE);
        assertEquals(0.3362483333333333, calibration.brier(), CLOSE);
        assertEquals(60, calibration.bins().stream().mapToInt(Calibration.Bin::n).sum());
    }

    @Test
    void varianceOfQuestionsAndOfAnswers() {
        List<double[]> scores = new ArrayList<>();
        for (int q = 0; q < 12; q++) {
            int question = q;
            scores.add(IntStream.range(0, q % 3 > 0 ? 4 : 6)
                    .mapToDouble(s -> 7919 * (5 * question + s) % 11 < 4 + question % 3 ? 1 : 0).toArray());
        }
        VarianceSplit split = VarianceSplit.of(scores);
        assertEquals(0.05726256983240224, split.between(), CLOSE);
        assertEquals(0.19318181818181818, split.within(), CLOSE);
    }

    @Test
    void quantilesOfTheBootstrap() {
        double[] sorted = Arrays.stream(X).sorted().toArray();
        assertArrayEquals(new double[] {0.0195, 0.485, 0.97075},
                new double[] {Bootstrap.quantile(sorted, 0.025), Bootstrap.quantile(sorted, 0.5),
                        Bootstrap.quantile(sorted, 0.975)}, CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
            "3, 10, 0.032515139788058874, 0.7475871099149966", "40, 100, 0.24857024393339475, 0.5656852520588714",
            "512.25, 1000, 0.4545770182799291, 0.5697057819471328"})
    void confidenceSequence(double sum, int n, double low, double high) {
        assertInterval(low, high, ConfidenceSequence.ci95(sum, n));
    }

    private static void assertInterval(double low, double high, Interval interval) {
        assertEquals(low, interval.low(), CLOSE);
        assertEquals(high, interval.high(), CLOSE);
    }

    private static void assertClose(double[] wanted, List<Double> got) {
        assertArrayEquals(wanted, got.stream().mapToDouble(p -> p).toArray(), CLOSE);
    }
}
