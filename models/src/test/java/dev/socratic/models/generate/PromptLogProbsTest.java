package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.OwnProcess;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What random weights expect at every position.
class PromptLogProbsTest {
    private static final int CONTEXT = 96;

    @TempDir
    static Path folder;

    private static LocalModel model;

    @BeforeAll
    static void oneModel() throws Exception {
        Engines.threads(1);
        TokenizerFolder.write(
                BpeTrainer.train(TokenizerRecipe.embedded(320), Stream.of("Tom has 12 apples and buys 3 more apples.")),
                        folder);
        // The rows of the embedding behind the tokenizer's own stand for no token.
        ModelConfig loud = ModelConfig.llama(336, 32, 2, 4, 2, 48, CONTEXT, true, SpecialTokens.none())
                .withInitializerRange(0.3);
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(loud, 11, manager)) {
            decoder.save(folder, DType.F32);
        }
        model = LocalModel.open(folder, 8, Clock.systemUTC(), Compute.CPU);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static int[] ids(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return Arrays.stream(tokenizer.encode(text)).mapToInt(Math::toIntExact).toArray();
        }
    }

    private static Distributions one(int[] row, int k) throws InterruptedException {
        return model.distributions(List.of(row), k).getFirst();
    }

    @Test
    void theWholeVocabularySumsToOneWithoutTheRowsThatStandForNoToken() throws Exception {
        int vocab = model.vocabulary();
        assertTrue(vocab <= 320, "padded rows of the embedding are no tokens");
        Distributions all = one(ids("Tom has 12 apples"), DistributionModel.ALL);
        assertEquals(vocab, all.width());
        for (int i = 0; i < all.positions(); i++) {
            int from = i * vocab;
            assertEquals(1, IntStream.range(from, from + vocab).mapToDouble(j -> Math.exp(all.logs()[j])).sum(), 1e-5);
            assertTrue(all.rest()[i] <= -1e30f);
            assertArrayEquals(IntStream.range(0, vocab).toArray(),
                    Arrays.stream(all.ids(), from, from + vocab).sorted().toArray());
        }
    }

    @Test
    void theLikeliestAreTheBeginningOfTheWholeAndTheRestIsWhatTheyLeave() throws Exception {
        int[] row = ids("Tom has 12 apples and buys 3 more");
        Distributions all = one(row, DistributionModel.ALL);
        Distributions some = one(row, 5);
        for (int i = 0; i < some.positions(); i++) {
            assertArrayEquals(Arrays.copyOfRange(all.logs(), i * all.width(), i * all.width() + 5),
                    Arrays.copyOfRange(some.logs(), 5 * i, 5 * i + 5));
            int at = 5 * i;
            double named = IntStream.range(at, at + 5).mapToDouble(j -> Math.exp(some.logs()[j])).sum();
            assertEquals(1 - named, Math.exp(some.rest()[i]), 1e-5);
            int own = some.ranks()[i] - 1;
            assertEquals(row[i + 1], all.ids()[i * all.width() + own], "the rank is the place among all");
            assertEquals(all.logs()[i * all.width() + own], some.labels()[i]);
            assertEquals(model.word(row[i + 1]), some.words().get(i));
        }
    }

    @Test
    void theLabelsOfAContinuationSumToItsScore() throws Exception {
        String context = "Tom has 12 apples";
        String continuation = " and buys 3 more apples.";
        ContinuationScore score = model.score(List.of(new ScoreRequest(context, continuation))).getFirst();
        int[] row = ids(context + continuation);
        Distributions said = one(row, 1);
        double sum = IntStream.range(row.length - 1 - score.tokens(), row.length - 1).mapToDouble(i -> said.labels()[i])
                .sum();
        // The score counts the padded rows of the embedding too, so it is a little lower.
        assertTrue(score.logProbability() <= sum + 1e-4, score + " " + sum);
        assertEquals(sum, score.logProbability(), 0.1 * Math.abs(sum));
    }

    @Test
    void rowsReadTogetherSayWhatEachSaysAloneAlsoWhereTheyAreTooManyForOnePass() throws Exception {
        List<int[]> rows = IntStream.range(0, 400)
                .mapToObj(i -> IntStream.range(0, 3 + i % 90).map(t -> (7 * t + i) % 260).toArray()).toList();
        List<Distributions> together = model.distributions(rows, 3);
        assertEquals(400, together.size());
        for (int i = 0; i < 400; i += 37) {
            Distributions alone = one(rows.get(i), 3);
            assertEquals(rows.get(i).length - 1, together.get(i).positions());
            assertArrayEquals(alone.logs(), together.get(i).logs(), 1e-4f);
            assertArrayEquals(alone.labels(), together.get(i).labels(), 1e-4f);
        }
    }

    /// A whole `[tokens, vocab]` of these rows would be 2 GB.
    @Test
    void theLogitsOfAWideVocabularyAreNeverHeldWhole(@TempDir Path wide) throws Exception {
        TokenizerFolder.write(
                BpeTrainer.train(TokenizerRecipe.embedded(320), Stream.of("Tom has 12 apples and buys 3 more apples.")),
                wide);
        ModelConfig padded = ModelConfig.llama(1 << 15, 8, 1, 2, 1, 8, CONTEXT, true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(padded, 3, manager)) {
            decoder.save(wide, DType.F32);
        }
        long most = OwnProcess.numbers(128, Wide.class, wide.toString()).getFirst();
        assertTrue(most < 500 << 20, "bytes: %s".formatted(most));
        assertTrue(most > 10 << 20, "bytes: %s; nothing was measured".formatted(most));
    }

    /// Asks for the distributions of 170 rows, and prints the most bytes that took.
    static final class Wide {
        private Wide() {}

        public static void main(String[] args) throws Exception {
            List<int[]> rows = Collections.nCopies(170, IntStream.range(0, CONTEXT).toArray());
            try (LocalModel model = LocalModel.open(Path.of(args[0]), 8, Clock.systemUTC(), Compute.CPU)) {
                model.distributions(rows.subList(0, 1), 1);
                System.out.println(OwnProcess.most(() -> model.distributions(rows, 1)));
            }
        }
    }

    @Test
    void rowsTheModelCannotReadAreRefusedByName() {
        int[] longest = new int[CONTEXT + 2];
        assertEquals("row 1: 2 to 97 tokens, the model's context and the token predicted last; got 98; shorten it",
                assertThrows(DataException.class, () -> model.distributions(List.of(new int[] {1, 2}, longest), 3))
                        .getMessage());
        assertEquals(
                "row 0: 2 to 97 tokens, the model's context and the token predicted last; got 1; leave it out: "
                        + "nothing is predicted in it",
                assertThrows(DataException.class, () -> one(new int[] {1}, 3)).getMessage());
        int vocab = model.vocabulary();
        assertEquals(
                ("row 0: token ids from 0 to %s, the model's vocabulary; got %s; tokenize with the model's own "
                        + "tokenizer").formatted(vocab - 1, vocab),
                assertThrows(DataException.class, () -> one(new int[] {1, vocab}, 3)).getMessage());
    }
}
