package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Several rows of one beginning hold it once. `ContinuedRowsLaws` has what they draw, in every family.
class SharedPrefixTest {
    private static final ModelConfig CONFIG = ModelConfig.llama(300, 32, 2, 4, 2, 64, 512, true, SpecialTokens.none());
    private static final long[] PROMPT = new SplittableRandom(1).longs(150, 0, 300).toArray();
    private static final int ROWS = 8;
    private static final long[] NO_EOS = {-2};
    private static NDManager manager;
    private static Decoder decoder;

    @BeforeAll
    static void open() {
        Engines.threads(1);
        manager = Engines.manager();
        decoder = Decoder.random(CONFIG, 3, manager);
    }

    @AfterAll
    static void close() {
        decoder.close();
        manager.close();
    }

    private static Draws draws(int rows, int steps) {
        SplittableRandom random = new SplittableRandom(7);
        return new Draws(Sampling.PLAIN,
                IntStream.range(0, rows).mapToObj(row -> random.doubles(steps).toArray()).toArray(double[][]::new));
    }

    private static long[][] alone(long[] prompt, int rows, int steps) {
        long[][] tokens = new long[rows][];
        for (int row = 0; row < rows; row++) {
            try (Decoding one = Decoding.start(decoder, List.of(prompt))) {
                double[] mine = draws(rows, steps).rows().get(row).uniforms();
                tokens[row] = one.advance(new Draws(Sampling.PLAIN, new double[][] {mine}), NO_EOS)[0];
            }
        }
        return tokens;
    }

    @Test
    void samplesOfOnePromptDrawWhatEachDrawsAloneAndHoldThePromptOnce() {
        CacheSizes sizes = decoder.cacheSizes();
        try (Decoding all = Decoding.start(decoder, Collections.nCopies(ROWS, PROMPT))) {
            assertEquals(sizes.bytes(PROMPT.length) + ROWS * sizes.bytes(64), all.bytes());
            assertArrayEquals(alone(PROMPT, ROWS, 80), all.advance(draws(ROWS, 80), NO_EOS));
            assertEquals(PROMPT.length + 80, all.length(3));
            all.keep(new int[] {});
            assertEquals(0, all.bytes(), "a cache without rows");
        }
    }

    @Test
    void fewShortSamplesHoldWhatTheyBeginWithEachForItself() {
        try (Decoding all = Decoding.start(decoder, Collections.nCopies(2, PROMPT))) {
            assertEquals(2 * decoder.cacheSizes().bytes(192), all.bytes());
        }
    }

    @Test
    void rowsThatShareAreCopiedAndShortened() {
        try (Decoding all = Decoding.start(decoder, Collections.nCopies(ROWS, PROMPT));
                Decoding copy = all.copy(2); NDManager step = manager.newSubManager()) {
            long[] text = Arrays.copyOf(PROMPT, 151);
            text[150] = 5;
            long[] less = Arrays.copyOf(PROMPT, 101);
            less[100] = 9;
            for (long[] prompt : List.of(text, less)) {
                for (Decoding lender : List.of(all, copy)) {
                    int tokens = prompt.length - 1;
                    assertTrue(lender.lends(0, tokens, prompt.length));
                    try (Decoding next = Decoding.begin(decoder, prompt, prompt.length,
                            Optional.of(new Decoding.Shared(lender, 0, tokens)), ROWS)) {
                        next.read(1);
                        assertArrayEquals(alone(prompt, 1, 20), next.advance(draws(1, 20), NO_EOS));
                    }
                }
            }
            all.extend(Collections.nCopies(ROWS, new long[] {1, 2, 3}), step);
            for (int row = 0; row < ROWS; row++) {
                all.back(row, 3);
            }
            assertArrayEquals(alone(PROMPT, ROWS, 30), all.advance(draws(ROWS, 30), NO_EOS));
        }
    }

    @Test
    void whoLendsMayBeClosedFirst() {
        long[] prompt = Arrays.copyOf(PROMPT, 149);
        Decoding lender = Decoding.start(decoder, List.of(PROMPT));
        try (Decoding next = Decoding.begin(decoder, prompt, prompt.length,
                Optional.of(new Decoding.Shared(lender, 0, 148)), ROWS)) {
            lender.close();
            next.read(1);
            assertArrayEquals(alone(prompt, 1, 20), next.advance(draws(1, 20), NO_EOS));
        }
    }

    @Test
    void itIsWorthAFurtherSlabFromFiveHundredAndTwelveTokensNotReadAgain() {
        assertTrue(SharedPrefix.worth(512, 2) && SharedPrefix.worth(128, 5));
        assertFalse(SharedPrefix.worth(511, 2) || SharedPrefix.worth(128, 4) || SharedPrefix.worth(4096, 1));
    }
}
