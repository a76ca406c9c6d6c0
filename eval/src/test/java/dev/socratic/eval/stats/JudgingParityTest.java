package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.eval.stats.BradleyTerry.Game;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The figures of choix 0.4.1, statsmodels 0.15.0 and ppi_py 0.2.3 on the same data, made by
/// `bench/peers/eval/judging_constants.py`.
class JudgingParityTest {
    private static final double CLOSE = 1e-9;
    private static final double[][] WINS = {{0, 11, 7.5, 14}, {9, 0, 8, 12.25}, {12.5, 12, 0, 9}, {6, 7.75, 11, 0}};

    @Test
    void strengthsAreThoseOfChoixAndTheirErrorsThoseOfALogisticRegression() {
        BradleyTerry fit = BradleyTerry.fit(WINS).orElseThrow();
        double[] choix = {0.12632543172167937, -0.03754988120380459, 0.17698070114526085, -0.2657562516631381};
        double[] errors = {0, 0.318009257595346, 0.3183365888593253, 0.3206363670855044};
        for (int i = 0; i < choix.length; i++) {
            assertEquals(choix[i], fit.strengths().get(i), CLOSE);
            assertEquals(errors[i], fit.error(i, 0), CLOSE);
        }
        assertEquals(0, fit.strengths().stream().mapToDouble(Double::doubleValue).sum(), 1e-12);
        assertEquals(fit.strengths().get(0), (fit.ci95(0).low() + fit.ci95(0).high()) / 2, 1e-12);
    }

    @Test
    void ofTwoPlayersItIsTheLogOddsOfTheWinRate() {
        BradleyTerry fit = BradleyTerry.fit(BradleyTerry.wins(2, List.of(new Game(0, 1, 1), new Game(0, 1, 0.5),
                new Game(1, 0, 0.25), new Game(0, 1, 0)))).orElseThrow();
        double share = (1 + 0.5 + 0.75) / 4;
        assertEquals(Math.log(share / (1 - share)), fit.strengths().get(0) - fit.strengths().get(1), 1e-12);
    }

    @Test
    void whoWinsEveryGameHasNoFiniteStrengthAndIsNamed() {
        double[][] swept = {{0, 5, 5}, {0, 0, 3}, {0, 2, 0}};
        assertEquals(Optional.empty(), BradleyTerry.fit(swept));
        assertEquals(List.of(1, 2), BradleyTerry.apart(swept));
        assertEquals(List.of(), BradleyTerry.apart(WINS));
    }

    @Test
    void farStrengthsAreFoundToo() {
        double[][] far = {{0, 9999, 500}, {1, 0, 1}, {500, 9999, 0}};
        BradleyTerry fit = BradleyTerry.fit(far).orElseThrow();
        for (int i = 0; i < 3; i++) { // the score equations hold
            double expected = 0;
            double won = 0;
            for (int j = 0; j < 3; j++) {
                double games = far[i][j] + far[j][i];
                expected += i == j ? 0
                        : games / (1 + Math.exp(fit.strengths().get(j) - fit.strengths().get(i)));
                won += far[i][j];
            }
            assertEquals(won, expected, 1e-6);
        }
    }

    @Test
    void theWinRateAtEqualLengthIsThatOfALogisticRegression() {
        double[] scores = IntStream.range(0, 40).mapToDouble(i -> 7919 * i % 101 / 100.0).toArray();
        double[] lengths = IntStream.range(0, 40).mapToDouble(i -> 104729L * i % 397 - 150.0).toArray();
        LengthControl control = LengthControl.of(scores, lengths).orElseThrow();
        double theta = -0.08052567964424656;
        double half = 1.959963984540054 * 0.3293522538358875;
        assertEquals(1 / (1 + Math.exp(-theta)), control.winRate(), CLOSE);
        assertEquals(0.7606015117460283, control.phi(), CLOSE);
        assertEquals(1 / (1 + Math.exp(-theta + half)), control.ci95().low(), CLOSE);
        assertEquals(1 / (1 + Math.exp(-theta - half)), control.ci95().high(), CLOSE);
        assertEquals(Optional.empty(), LengthControl.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}));
        assertEquals(Optional.empty(), LengthControl.of(new double[] {0, 0, 1, 1}, new double[] {-2, -1, 1, 2}));
    }

    @Test
    void thePredictionPoweredMeanIsThatOfItsAuthors() {
        double[] judge = IntStream.range(0, 120).mapToDouble(i -> 7919 * i % 101 / 100.0).toArray();
        double[] people = IntStream.range(0, 30).mapToDouble(i -> Math.clamp(judge[i] + (31 * i % 17 - 8) / 40.0,
                0.0, 1.0)).toArray();
        PredictionPowered found = PredictionPowered.of(people, Arrays.copyOf(judge, 30),
                Arrays.copyOfRange(judge, 30, 120));
        assertEquals(0.50349254, found.value(), 2e-4); // its variances have the divisor n
        assertEquals(0.43776097, found.ci95().low(), 2e-3);
        assertEquals(0.56922411, found.ci95().high(), 2e-3);
        PredictionPowered alone = PredictionPowered.of(people, Arrays.copyOf(judge, 30), new double[0]);
        assertEquals(Arrays.stream(people).average().orElseThrow(), alone.value(), CLOSE);
    }

    @Test
    void aJudgesShareIsCorrectedByItsErrors() {
        // Of 40 right ones it finds 36, of 60 wrong ones it refuses 45; of 200 others it calls 110 right.
        boolean[] people = new boolean[100];
        boolean[] judge = new boolean[100];
        for (int i = 0; i < 100; i++) {
            people[i] = i < 40;
            judge[i] = i < 36 || i >= 85;
        }
        RoganGladen found = RoganGladen.of(people, judge, 110, 200).orElseThrow();
        assertEquals(0.9, found.sensitivity(), CLOSE);
        assertEquals(0.75, found.specificity(), CLOSE);
        assertEquals((0.55 + 0.75 - 1) / (0.9 + 0.75 - 1), found.value(), CLOSE);
        double p = found.value();
        assertEquals(Math.sqrt(0.55 * 0.45 / 200 + p * p * 0.9 * 0.1 / 40 + (1 - p) * (1 - p) * 0.75 * 0.25 / 60)
                / 0.65, found.error(), CLOSE);
        assertEquals(Optional.empty(), RoganGladen.of(people, new boolean[100], 0, 10));
        assertEquals(Optional.empty(), RoganGladen.of(new boolean[10], new boolean[10], 1, 10));
    }

    @Test
    void correctedIntervalsHoldTheTruthAsOftenAsTheySay() {
        SplittableRandom random = new SplittableRandom(1);
        int powered = 0;
        int corrected = 0;
        int judged = 0;
        for (int run = 0; run < 1000; run++) {
            boolean[] people = new boolean[150];
            boolean[] judge = new boolean[150];
            double[] others = new double[600];
            long right = 0;
            for (int i = 0; i < 750; i++) {
                boolean truth = random.nextDouble() < 0.6;
                boolean said = random.nextDouble() < (truth ? 0.85 : 0.3);
                if (i < 150) {
                    people[i] = truth;
                    judge[i] = said;
                } else {
                    others[i - 150] = said ? 1 : 0;
                    right += said ? 1 : 0;
                }
            }
            powered += holds(PredictionPowered.of(numbers(people), numbers(judge), others).ci95(), 0.6);
            corrected += holds(RoganGladen.of(people, judge, right, 600).orElseThrow().ci95(), 0.6);
            judged += holds(Interval.wilson(right, 600), 0.6);
        }
        assertTrue(powered > 930 && powered < 970, "prediction-powered: " + powered);
        assertTrue(corrected > 930 && corrected < 970, "Rogan and Gladen: " + corrected);
        assertTrue(judged < 700, "the judge's own share misses it: " + judged);
    }

    private static int holds(Interval interval, double value) {
        return interval.low() <= value && value <= interval.high() ? 1 : 0;
    }

    private static double[] numbers(boolean[] flags) {
        return IntStream.range(0, flags.length).mapToDouble(i -> flags[i] ? 1 : 0).toArray();
    }
}
