package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which answers are written when, and in how much memory.
class SchedulerTest {
    private static final int CONTEXT = 400;

    @TempDir
    static Path folder;

    private static NDManager manager;
    private static Decoder decoder;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void oneModel() throws Exception {
        Engines.threads(1);
        SmallModel.write(folder, 320, CONTEXT);
        manager = Engines.manager();
        decoder = Decoder.load(folder, manager);
        tokenizer = Tokenizer.open(folder);
    }

    @AfterAll
    static void closed() {
        decoder.close();
        tokenizer.close();
        manager.close();
    }

    private static long[] ids(int seed, int count) {
        return new SplittableRandom(seed).longs(count, 10, 300).toArray();
    }

    private static long[] joined(long[] first, long[] second) {
        long[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static Answer answer(long[] prompt, int seed, int most, Watcher watcher) {
        GenerationParameters how = seed % 2 == 0 ? GenerationParameters.greedy(most)
                : new GenerationParameters(Sampling.PLAIN, most);
        return new Answer(new PromptReader.Tokens(prompt, how, seed, ""), CONTEXT, Set.of(), tokenizer, watcher,
                Optional.empty(), System::nanoTime);
    }

    private static Answer answer(long[] prompt, int seed, int most) {
        return answer(prompt, seed, most, Watcher.PATIENT);
    }

    private static Scheduler scheduler(long bytes, boolean keeps) {
        return new Scheduler(decoder, new long[0], new Scheduler.Limits(bytes, Integer.MAX_VALUE, keeps),
                Optional.empty(), done -> { });
    }

    private static List<Long> alone(long[] prompt, int seed, int most) throws InterruptedException {
        Answer answer = answer(prompt, seed, most);
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, false)) {
            scheduler.submit(answer);
            scheduler.finish();
        }
        return written(answer);
    }

    private static List<Long> written(Answer answer) {
        return Arrays.stream(answer.written()).boxed().toList();
    }

    private static void assertAlone(List<Answer> answers, int most) throws InterruptedException {
        for (int seed = 0; seed < answers.size(); seed++) {
            assertEquals(alone(answers.get(seed).prompt(), seed, most), written(answers.get(seed)), "answer " + seed);
        }
    }

    /// Room for three of a dozen answers that grow by two classes of lengths: some are given up and taken up again.
    @Test
    void theCacheStaysWithinItsMemoryAndEveryAnswerIsWhole() throws Exception {
        long room = 7 * Scheduler.most(decoder, 64);
        List<Answer> answers = IntStream.range(0, 12).mapToObj(i -> answer(ids(i, 30 + i), i, 110)).toList();
        try (Scheduler scheduler = scheduler(room, true)) {
            answers.forEach(scheduler::submit);
            scheduler.finish();
            assertTrue(scheduler.counts().peak() <= room, scheduler.counts() + " of " + room);
            assertTrue(scheduler.counts().gaveUp() > 0, scheduler.counts().toString());
        }
        assertAlone(answers, 110);
    }

    /// The same where somebody drafts, whose caches count, too: what was given up goes on with the token that was drawn
    /// and not read.
    @Test
    void draftedAnswersThatAreGivenUpGoOnWhereTheyWere() throws Exception {
        List<Answer> answers = IntStream.range(0, 8).mapToObj(i -> answer(ids(i, 30 + i), 2 * i, 110)).toList();
        Drafter.Counts counts = new Drafter.Counts();
        try (Scheduler scheduler = new Scheduler(decoder, new long[0],
                new Scheduler.Limits(12 * Scheduler.most(decoder, 64), Integer.MAX_VALUE, true),
                Optional.of(new Drafter(decoder, 4, counts)), done -> { })) {
            answers.forEach(scheduler::submit);
            scheduler.finish();
            assertTrue(scheduler.counts().gaveUp() > 0, scheduler.counts().toString());
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(alone(answers.get(i).prompt(), 2 * i, 110), written(answers.get(i)), "answer " + i);
        }
        assertTrue(counts.stood().get() > 0.9 * counts.drafted().get(), counts.toString());
    }

    @Test
    void aPromptIsReadOnceForAllItsSamples() throws Exception {
        long[] prompt = ids(1, 100);
        List<Answer> samples = IntStream.range(0, 8).mapToObj(i -> answer(prompt, i, 20)).toList();
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, false)) {
            samples.forEach(scheduler::submit);
            scheduler.finish();
            assertEquals(100 + 7, scheduler.counts().read());
            assertEquals(7 * 99, scheduler.counts().shared());
        }
        assertAlone(samples, 20);
    }

    /// Also while the first of them is still being read.
    @Test
    void examplesBeforeEachQuestionAreReadOnce() throws Exception {
        long[] examples = ids(2, 150);
        List<Answer> answers = IntStream.range(0, 5).mapToObj(i -> answer(joined(examples, ids(20 + i, 10)), i, 12))
                .toList();
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, false)) {
            answers.forEach(scheduler::submit);
            scheduler.finish();
            assertEquals(160 + 4 * 10, scheduler.counts().read());
        }
        assertAlone(answers, 12);
    }

    @Test
    void whatAFinishedAnswerHasReadServesTheNextTurn() throws Exception {
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, true)) {
            Answer first = answer(ids(3, 60), 0, 20);
            scheduler.submit(first);
            scheduler.finish();
            long[] next = joined(first.ids(), ids(4, 15));
            Answer second = answer(next, 2, 20);
            scheduler.submit(second);
            scheduler.finish();
            assertEquals(60 + 15, scheduler.counts().read());
            assertEquals(alone(next, 2, 20), written(second));
        }
    }

    /// Room for two kept answers beside one that is written: of three, the one that was not asked for again goes.
    @Test
    void whatWasOfNoUseForLongestIsGivenUpFirst() throws Exception {
        long each = Scheduler.most(decoder, 128);
        try (Scheduler scheduler = scheduler(3 * each + each / 2, true)) {
            for (int text : new int[] {1, 2, 1, 3}) {
                scheduler.submit(answer(ids(text, 100), text, 20));
                scheduler.finish();
            }
            long read = scheduler.counts().read();
            scheduler.submit(answer(ids(1, 100), 1, 20));
            scheduler.finish();
            assertEquals(read + 1, scheduler.counts().read(), "1 is kept");
            scheduler.submit(answer(ids(2, 100), 2, 20));
            scheduler.finish();
            assertEquals(read + 1 + 100, scheduler.counts().read(), "2 is not");
        }
    }

    /// Counts its pieces, and wants the answer until there are enough.
    private static final class Reader implements Watcher {
        private int pieces;
        private final int patience;

        Reader(int patience) {
            this.patience = patience;
        }

        @Override
        public boolean wanted() {
            return pieces < patience;
        }

        @Override
        public boolean watches() {
            return true;
        }

        @Override
        public void wrote(String piece) {
            pieces++;
        }
    }

    @Test
    void whoeverWatchesIsServedWhileALongPromptIsRead() {
        Answer watched = answer(ids(5, 20), 0, 60, new Reader(Integer.MAX_VALUE));
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, false)) {
            scheduler.submit(watched);
            scheduler.advance();
            scheduler.submit(answer(ids(6, 380), 0, 5));
            for (int chunk = 1; chunk <= 3; chunk++) {
                int before = watched.tokens();
                scheduler.advance();
                assertEquals(before + 2, watched.tokens(), "in chunk " + chunk);
                assertEquals(20 + Math.min(380, 128 * chunk), scheduler.counts().read());
            }
        }
    }

    @Test
    void anAnswerThatNobodyWantsFreesItsRoomWhereverItIs() {
        List<Reader> readers = new ArrayList<>();
        try (Scheduler scheduler = scheduler(Long.MAX_VALUE, false)) {
            for (int i = 0; i < 3; i++) {
                readers.add(new Reader(2));
                scheduler.submit(answer(ids(7 + i, 30), 0, 300, readers.get(i)));
            }
            for (int i = 0; i < 8; i++) {
                scheduler.advance();
            }
            assertEquals(0, scheduler.open());
            assertEquals(0, scheduler.bytes());
        }
    }
}
