package dev.socratic.trainer.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.step.TinyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RunningAnswersTest {
    private static final int STEPS = 22;
    private static TinyPair pair;

    @BeforeAll
    static void open() {
        pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW);
    }

    @AfterAll
    static void close() {
        pair.close();
    }

    /// A third of the vocabulary ends an answer, so that rows end at different times.
    private static long[] ends() {
        return LongStream.range(0, 26).toArray();
    }

    private static Sampler sampler(int completions, long cacheTokens, boolean notes) {
        return new Sampler(Sampling.PLAIN, STEPS, completions, ends(), 30, cacheTokens, notes, Optional.empty(),
                Optional.empty());
    }

    @Test
    void answersThatEndLeaveAndNobodysTextChangesByIt() {
        List<long[]> prompts = Sampler.prompts(TinyPair.whole().getFirst());
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        double[][] uniforms = new double[prompts.size()][Math.min(STEPS, 30 - longest)];
        Random random = new Random(7);
        for (double[] row : uniforms) {
            Arrays.setAll(row, i -> random.nextDouble());
        }
        long[][] whole;
        try (Decoding decoding = Decoding.start(pair.student, prompts)) {
            whole = decoding.advance(new Draws(Sampling.PLAIN, uniforms, prompts), ends());
        }
        List<TokenRow> rows = sampler(1, 10_000, false).sample(TinyPair.whole(), pair.student, new long[] {7})
                .getFirst();
        assertTrue(rows.stream().mapToInt(TokenRow::lossTokens).distinct().count() > 3, "they end at different times");
        for (int row = 0; row < rows.size(); row++) {
            assertArrayEquals(
                    Arrays.stream(whole[row]).filter(token -> token >= 0).mapToInt(Math::toIntExact).toArray(),
                    answer(rows.get(row)));
        }
    }

    @Test
    void aCacheForOneAnswerAtATimeWritesTheSameText() {
        List<MicroBatch> data = TinyPair.parts();
        long[] seeds = LongStream.range(0, data.size()).toArray();
        List<List<TokenRow>> together = sampler(2, 10_000, false).sample(data, pair.student, seeds);
        List<List<TokenRow>> alone = sampler(2, 1, false).sample(data, pair.student, seeds);
        for (int i = 0; i < data.size(); i++) {
            assertEquals(2 * data.get(i).rows(), together.get(i).size());
            for (int row = 0; row < together.get(i).size(); row++) {
                assertArrayEquals(together.get(i).get(row).ids(), alone.get(i).get(row).ids());
            }
        }
    }

    @Test
    void completionsOfAPromptStandOneBehindTheOtherAndDiffer() {
        List<TokenRow> rows = sampler(3, 10_000, false).sample(TinyPair.whole(), pair.student, new long[] {7})
                .getFirst();
        List<long[]> prompts = Sampler.prompts(TinyPair.whole().getFirst());
        assertEquals(3 * prompts.size(), rows.size());
        for (int row = 0; row < rows.size(); row++) {
            assertArrayEquals(prompts.get(row / 3), Arrays.stream(rows.get(row).ids())
                    .limit(rows.get(row).promptLength()).asLongStream().toArray());
        }
        assertFalse(Arrays.equals(rows.get(0).ids(), rows.get(1).ids()));
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelThatDrew() {
        TokenRow row = sampler(1, 10_000, true).sample(TinyPair.whole(), pair.student, new long[] {7}).getFirst()
                .getLast();
        float[] noted = row.oldLogProbs().orElseThrow();
        assertEquals(row.lossTokens(), noted.length);
        double sum = 0;
        for (float log : noted) {
            sum -= log;
        }
        Decoder student = pair.student;
        try (var backward = pair.scoring(student)) {
            assertEquals(backward.score(List.of(MicroBatch.of(List.of(row)))).loss(), sum / noted.length, 1e-4);
        }
    }

    private static int[] answer(TokenRow row) {
        return Arrays.copyOfRange(row.ids(), row.promptLength(), row.ids().length);
    }
}
