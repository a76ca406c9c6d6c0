package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DecodingTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final Path FIXTURE = Path.of("src/test/resources/llama");
    private static final long[] NO_EOS = {-2};
    private static final List<long[]> PROMPTS =
            List.of(new long[] {5, 9, 33}, new long[] {7}, new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                    new long[] {60, 2, 60, 2});

    private static Draws greedy(int batch, int steps) {
        return draws(batch, steps, 0, 1, 1);
    }

    private static Draws draws(int batch, int steps, double temperature, double topP, long seed) {
        double[][] uniforms = new double[batch][];
        for (int row = 0; row < batch; row++) {
            uniforms[row] = new SplittableRandom(seed + row).doubles(steps).toArray();
        }
        return new Draws(new Sampling(temperature, topP), uniforms);
    }

    /// The likeliest next token, again and again, each time from the whole sequence and without a cache.
    private static long[] uncached(Decoder decoder, NDManager manager, long[] prompt, int steps) {
        long[] ids = prompt.clone();
        for (int i = 0; i < steps; i++) {
            NDArray states = decoder.forward(manager.create(new long[][] {ids}), Set.of(), false).states();
            long next = states.get("0, -1").matMul(decoder.head().transpose()).argMax().getLong();
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = next;
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    @Test
    void cachedIsUncachedInABatchOfUnequalLengths() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager);
                Decoding decoding = Decoding.start(decoder, PROMPTS)) {
            long[][] first = decoding.advance(greedy(4, 5), NO_EOS);
            long[][] second = decoding.advance(greedy(4, 30), NO_EOS);
            for (int row = 0; row < 4; row++) {
                long[] wanted = uncached(decoder, manager, PROMPTS.get(row), 35);
                assertArrayEquals(Arrays.copyOf(wanted, 5), first[row], "row " + row);
                assertArrayEquals(Arrays.copyOfRange(wanted, 5, 35), second[row], "row " + row);
            }
        }
    }

    @Test
    void rowsThatAreKeptGoOnAsIfNothingHappened() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager);
                Decoding decoding = Decoding.start(decoder, PROMPTS)) {
            decoding.advance(greedy(4, 5), NO_EOS);
            decoding.keep(new int[] {3, 1});
            long[][] rest = decoding.advance(greedy(2, 10), NO_EOS);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(3), 15), 5, 15), rest[0]);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(1), 15), 5, 15), rest[1]);
        }
    }

    /// Shorter and longer than what is there, and both go on as if they had been alone.
    @Test
    void rowsThatJoinLaterGoOnAsIfTheyHadBeenAlone() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager);
                Decoding decoding = Decoding.start(decoder, PROMPTS.subList(0, 2))) {
            decoding.advance(greedy(2, 5), NO_EOS);
            decoding.finish(1);
            try (Decoding longer = Decoding.start(decoder, PROMPTS.subList(2, 4))) {
                decoding.join(longer);
            }
            assertEquals(64 - 11, decoding.room());
            long[][] three = decoding.advance(greedy(4, 6), NO_EOS);
            try (Decoding shorter = Decoding.start(decoder, PROMPTS.subList(1, 2))) {
                decoding.join(shorter);
            }
            assertEquals(5, decoding.batch());
            long[][] rest = decoding.advance(greedy(5, 9), NO_EOS);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(0), 20), 5, 11), three[0]);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(0), 20), 11, 20), rest[0]);
            assertArrayEquals(new long[] {-1, -1, -1, -1, -1, -1}, three[1], "finished before");
            for (int row = 2; row < 4; row++) {
                long[] wanted = uncached(decoder, manager, PROMPTS.get(row), 15);
                assertArrayEquals(Arrays.copyOf(wanted, 6), three[row], "row " + row);
                assertArrayEquals(Arrays.copyOfRange(wanted, 6, 15), rest[row], "row " + row);
            }
            assertArrayEquals(uncached(decoder, manager, PROMPTS.get(1), 9), rest[4]);
        }
    }

    @Test
    void droppingTheLongestPromptMakesRoomForTheOthers() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager);
                Decoding decoding = Decoding.start(decoder, List.of(new long[60], PROMPTS.get(0), PROMPTS.get(3)))) {
            decoding.advance(greedy(3, 4), NO_EOS);
            assertEquals(0, decoding.room());
            decoding.keep(new int[] {1, 2});
            assertEquals(64 - 4 - 4, decoding.room());
            long[][] rest = decoding.advance(greedy(2, 20), NO_EOS);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(0), 24), 4, 24), rest[0]);
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, PROMPTS.get(3), 24), 4, 24), rest[1]);
        }
    }

    @Test
    void theCacheGrowsBeyondItsFirstSize() {
        ModelConfig config = ModelConfig.llama(64, 32, 2, 4, 2, 48, 256, true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(config, 5, manager);
                Decoding decoding = Decoding.start(decoder, List.of(new long[] {3, 4}))) {
            decoding.advance(greedy(1, 60), NO_EOS);
            decoding.advance(greedy(1, 60), NO_EOS);
            assertEquals(256 - 2 - 120, decoding.room());
            assertArrayEquals(Arrays.copyOfRange(uncached(decoder, manager, new long[] {3, 4}, 130), 120, 130),
                    decoding.advance(greedy(1, 10), NO_EOS)[0]);
        }
    }

    @Test
    void aPromptOfSeveralBlocksIsReadAsOne() {
        ModelConfig config = ModelConfig.llama(64, 32, 1, 4, 2, 48, 1200, true, SpecialTokens.none());
        long[] prompt = new SplittableRandom(4).longs(1030, 0, 64).toArray();
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(config, 5, manager);
                Decoding decoding = Decoding.start(decoder, List.of(prompt, new long[] {7, 8}))) {
            long[][] tokens = decoding.advance(greedy(2, 3), NO_EOS);
            assertArrayEquals(uncached(decoder, manager, prompt, 3), tokens[0]);
            assertArrayEquals(uncached(decoder, manager, new long[] {7, 8}, 3), tokens[1]);
        }
    }

    @Test
    void aRowEndsWithItsEndTokenAndTheOthersGoOn() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager)) {
            long[] plain = uncached(decoder, manager, PROMPTS.get(0), 8);
            long eos = plain[3];
            int first = IntStream.range(0, 8).filter(i -> plain[i] == eos).findFirst().orElseThrow();
            try (Decoding decoding = Decoding.start(decoder, PROMPTS)) {
                long[][] tokens = decoding.advance(greedy(4, 8), new long[] {eos});
                assertEquals(true, decoding.finished(0));
                assertEquals(eos, tokens[0][first]);
                assertArrayEquals(new long[7 - first],
                        Arrays.stream(tokens[0]).skip(first + 1).map(t -> t + 1).toArray());
                long[] other = uncached(decoder, manager, PROMPTS.get(1), 8);
                int end = IntStream.range(0, 8).filter(i -> other[i] == eos).findFirst().orElse(8);
                assertArrayEquals(Arrays.copyOf(other, end), Arrays.copyOf(tokens[1], end));
            }
        }
    }

    @Test
    void whatARowDrawsDependsOnItsOwnNumbersOnly() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager)) {
            for (double topP : new double[] {1, 0.8}) {
                long[][] together;
                try (Decoding decoding = Decoding.start(decoder, PROMPTS)) {
                    together = decoding.advance(draws(4, 20, 1.3, topP, 50), NO_EOS);
                }
                for (int row = 0; row < 4; row++) {
                    try (Decoding alone = Decoding.start(decoder, PROMPTS.subList(row, row + 1))) {
                        assertArrayEquals(together[row], alone.advance(draws(1, 20, 1.3, topP, 50 + row), NO_EOS)[0]);
                    }
                }
            }
        }
    }

    @Test
    void aRowOfItsOwnSettingsIsNotChangedByItsNeighboursSettings() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager)) {
            Draws same = draws(2, 12, 1, 1, 9);
            Draws mixed = new Draws(List.of(new Draws.Row(Sampling.PLAIN, same.rows().get(0).uniforms(), Draws.Text.UNKNOWN),
                    new Draws.Row(new Sampling(0, 0.3), same.rows().get(1).uniforms(), Draws.Text.UNKNOWN)));
            try (Decoding one = Decoding.start(decoder, PROMPTS.subList(0, 2));
                    Decoding two = Decoding.start(decoder, PROMPTS.subList(0, 2))) {
                long[][] mixedTokens = two.advance(mixed, NO_EOS);
                assertArrayEquals(one.advance(same, NO_EOS)[0], mixedTokens[0]);
                assertArrayEquals(uncached(decoder, manager, PROMPTS.get(1), 12), mixedTokens[1]);
            }
        }
    }

    @Test
    void equalPromptsAreReadOnceAndGoOnApart() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager)) {
            List<long[]> prompts = List.of(PROMPTS.get(0), PROMPTS.get(2), PROMPTS.get(0).clone(),
                    PROMPTS.get(2).clone());
            try (Decoding decoding = Decoding.start(decoder, prompts)) {
                long[][] tokens = decoding.advance(draws(4, 20, 1.3, 1, 50), NO_EOS);
                for (int row = 0; row < 4; row++) {
                    try (Decoding alone = Decoding.start(decoder, prompts.subList(row, row + 1))) {
                        assertArrayEquals(alone.advance(draws(1, 20, 1.3, 1, 50 + row), NO_EOS)[0], tokens[row]);
                    }
                }
            }
        }
    }

    @Test
    void promptsAndStepsThatDoNotFitTheContextAreSaid() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURE, manager)) {
            assertEquals("prompts: each of 1 to 64 tokens; got lengths [3, 0]",
                    assertThrows(IllegalArgumentException.class,
                    () -> Decoding.start(decoder, List.of(new long[3], new long[0]))).getMessage());
            try (Decoding decoding = Decoding.start(decoder, List.of(new long[60]))) {
                assertEquals("steps: at most 4, the room left; got 5", assertThrows(IllegalArgumentException.class,
                        () -> decoding.advance(greedy(1, 5), NO_EOS)).getMessage());
            }
        }
    }
}
