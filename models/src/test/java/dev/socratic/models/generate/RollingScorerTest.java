package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TextScore;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RollingScorerTest {
    private static final ModelConfig CONFIG = ModelConfig.llama(50, 16, 2, 2, 2, 24, 32, true, SpecialTokens.none())
            .withInitializerRange(0.5);

    /// @return the sum over tokens first to end, predicted behind those from begin on
    private static double byHand(Decoder decoder, long[] ids, int begin, int first, int end, NDManager step) {
        NDArray logits = decoder.logits(decoder.forward(
                step.create(new long[][] {Arrays.copyOfRange(ids, begin, end)}), Set.of(), false).states(),
                false).get("0").logSoftmax(1);
        double sum = 0;
        for (int at = first; at < end; at++) {
            sum += logits.getFloat(at - 1 - begin, ids[at]);
        }
        return sum;
    }

    @Test
    void eachTokenIsPredictedOnceBehindWhatItsWindowHolds() {
        SplittableRandom random = new SplittableRandom(1);
        try (NDManager step = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, step);
                Distribution distribution = new Distribution(step)) {
            RollingScorer scorer = new RollingScorer(new LabelReader(decoder, distribution), CONFIG.context());
            long[] ids = random.longs(25, 0, 50).toArray();
            List<TextScore> scores = scorer.score(List.of(ids, new long[] {7}, new long[0], new long[] {7, 8}), 10, 6,
                    step);
            List<TextScore.Window> windows = scores.getFirst().windows();
            int[][] expected = {{0, 1, 10}, {6, 10, 16}, {12, 16, 22}, {18, 22, 25}};
            assertEquals(expected.length, windows.size());
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i][2] - expected[i][1], windows.get(i).tokens());
                assertEquals(byHand(decoder, ids, expected[i][0], expected[i][1], expected[i][2], step),
                        windows.get(i).logProbability(), 1e-4);
            }
            assertEquals(24, scores.getFirst().tokens());
            assertEquals(List.of(0L, 0L, 1L), scores.stream().skip(1).map(TextScore::tokens).toList());
        }
    }

    @Test
    void whereWindowsDoNotOverlapTheFirstOfEachIsOnlyRead() {
        try (NDManager step = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, step);
                Distribution distribution = new Distribution(step)) {
            RollingScorer scorer = new RollingScorer(new LabelReader(decoder, distribution), CONFIG.context());
            assertEquals(List.of(9, 9, 4), scorer.score(List.of(new long[25]), 10, 10, step).getFirst().windows()
                    .stream().map(TextScore.Window::tokens).toList());
        }
    }

    @Test
    void windowsAndStridesThatCannotBeAreRefused() {
        RollingScorer scorer = new RollingScorer(null, 32);
        assertEquals("window: 2 to 32 tokens, the model's context; got 33; leave it out for the context",
                assertThrows(ConfigException.class, () -> scorer.score(List.of(), 33, 1, null)).getMessage());
        assertEquals("stride: 1 to 10 tokens, the window; got 11; leave it out for half the window",
                assertThrows(ConfigException.class, () -> scorer.score(List.of(), 10, 11, null)).getMessage());
    }
}
