package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// That an interval of 95 % holds the truth about nineteen times in twenty, by simulation with a fixed seed.
class CoverageLaws {
    private static final int ROUNDS = 3_000;

    /// Questions of a skill each, several answers a question: the mean score of questions drawn at random.
    @Test
    void theIntervalOfScoresThatAreSharesCovers() {
        double covered = covered(1, random -> {
            double[] scores = new double[60];
            for (int i = 0; i < scores.length; i++) {
                double skill = random.nextDouble();
                for (int k = 0; k < 4; k++) {
                    scores[i] += random.nextDouble() < skill ? 0.25 : 0;
                }
            }
            return holds(Mean.of(scores).ci95(), 0.5);
        });
        assertTrue(covered > 0.94 && covered < 0.965, "covered " + covered);
    }

    /// Five questions a text, whose difficulty they share: the plain interval misses far more often than it says.
    @Test
    void theClusteredIntervalCoversWhereThePlainOneDoesNot() {
        List<Integer> texts = IntStream.range(0, 200).mapToObj(i -> i / 5).toList();
        double[] plain = new double[1];
        double covered = covered(2, random -> {
            double[] scores = new double[200];
            double skill = 0;
            for (int i = 0; i < scores.length; i++) {
                skill = i % 5 == 0 ? 0.15 + 0.7 * random.nextInt(2) : skill;
                scores[i] = random.nextDouble() < skill ? 1 : 0;
            }
            plain[0] += holds(Mean.of(scores).ci95(), 0.5) ? 1.0 / ROUNDS : 0;
            return holds(Mean.of(scores, texts).ci95(), 0.5);
        });
        assertTrue(covered > 0.935 && covered < 0.965, "covered " + covered);
        assertTrue(plain[0] < 0.85, "the plain one covered " + plain[0]);
    }

    @Test
    void theIntervalOfAPairedDifferenceCovers() {
        List<Integer> each = IntStream.range(0, 80).boxed().toList();
        double covered = covered(3, random -> {
            double[] first = new double[80];
            double[] second = new double[80];
            for (int i = 0; i < first.length; i++) {
                double skill = random.nextDouble();
                for (int k = 0; k < 2; k++) {
                    first[i] += random.nextDouble() < 0.2 + 0.8 * skill ? 0.5 : 0;
                    second[i] += random.nextDouble() < 0.8 * skill ? 0.5 : 0;
                }
            }
            return holds(PairedScores.of(first, second, each).ci95(), 0.2);
        });
        assertTrue(covered > 0.94 && covered < 0.965, "covered " + covered);
    }

    /// Looked at after every one of 400 questions: it holds all along, where the usual interval would not.
    @Test
    void theConfidenceSequenceHoldsAtEveryLookTogether() {
        double[] wilson = new double[1];
        double covered = covered(4, random -> {
            double rate = 0.1 + 0.8 * random.nextDouble();
            boolean always = true;
            boolean usual = true;
            int right = 0;
            for (int n = 1; n <= 400; n++) {
                right += random.nextDouble() < rate ? 1 : 0;
                always &= holds(ConfidenceSequence.ci95(right, n), rate);
                usual &= n < 10 || holds(Interval.wilson(right, n), rate);
            }
            wilson[0] += usual ? 1.0 / 300 : 0;
            return always;
        }, 300);
        assertTrue(covered >= 0.95, "covered " + covered);
        assertTrue(wilson[0] < 0.85, "Wilson's covered " + wilson[0]);
    }

    @Test
    void theBootstrapOfAMeanHasTheErrorOfTheFormulaAndRepeats() {
        double[] scores = IntStream.range(0, 100).mapToDouble(i -> 7919 * i % 101 / 100.0).toArray();
        Function<Long, Bootstrap> drawn = seed -> Bootstrap.of(100, 4_000, new SplittableRandom(seed),
                units -> IntStream.of(units).mapToDouble(i -> scores[i]).average().orElseThrow());
        Mean mean = Mean.of(scores);
        // without Bessel's correction, as the bootstrap has it
        double exact = mean.error().orElseThrow() * Math.sqrt(99.0 / 100);
        assertEquals(exact, drawn.apply(5L).error(), 0.04 * exact);
        assertEquals(mean.ci95().low(), drawn.apply(5L).ci95().low(), 0.005);
        assertEquals(drawn.apply(5L), drawn.apply(5L));
    }

    /// What the formula of the sample size promises is what is seen: a difference of 10 points in four of five tries.
    @Test
    void soManyQuestionsShowTheDifferenceInFourOfFiveTries() {
        int n = (int) Power.USUAL.questions(0.1, 0.5);
        assertEquals(197, n);
        double seen = covered(6, random -> {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < n; i++) {
                double d = 0.1 + 0.5 * random.nextGaussian();
                sum += d;
                squares += d * d;
            }
            double mean = sum / n;
            double error = Math.sqrt((squares / n - mean * mean) / (n - 1));
            return Math.abs(mean / error) > Interval.Z95;
        });
        assertTrue(seen > 0.78 && seen < 0.82, "seen " + seen);
    }

    private static double covered(long seed, Function<SplittableRandom, Boolean> round) {
        return covered(seed, round, ROUNDS);
    }

    private static double covered(long seed, Function<SplittableRandom, Boolean> round, int rounds) {
        SplittableRandom random = new SplittableRandom(seed);
        int covered = 0;
        for (int i = 0; i < rounds; i++) {
            covered += round.apply(random) ? 1 : 0;
        }
        return covered / (double) rounds;
    }

    private static boolean holds(Interval interval, double truth) {
        return interval.low() <= truth && truth <= interval.high();
    }
}
