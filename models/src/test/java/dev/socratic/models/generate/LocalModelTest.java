package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TokenScore;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real folder with random weights: what it says is nonsense, but every law of generation holds for nonsense too.
class LocalModelTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final int VOCAB = 320;
    private static final int CONTEXT = 96;

    @TempDir
    static Path folder;

    private static LocalModel model;

    @BeforeAll
    static void oneModel() throws Exception {
        Engines.threads(1);
        SmallModel.write(folder, VOCAB, CONTEXT);
        model = LocalModel.open(folder, 8, CLOCK, Compute.CPU);
    }

    @AfterAll
    static void closed() {
        model.close();
    }

    private static GenerationRequest ask(String id, String text, GenerationParameters parameters) {
        return ask(id, text, parameters, 0);
    }

    private static GenerationRequest ask(String id, String text, GenerationParameters parameters, long seed) {
        return new GenerationRequest(id, List.of(ChatMessage.user(text)), parameters, seed);
    }

    private static GenerationParameters sampled(int max, String... stop) {
        return new GenerationParameters(new Sampling(0.8, 0.95), max, List.of(stop));
    }

    private static Completion one(GenerationRequest request) throws InterruptedException {
        return assertInstanceOf(Completion.class, model.generate(List.of(request)).getFirst());
    }

    private static List<GenerationRequest> unit() {
        return IntStream.range(0, 6)
                .mapToObj(i ->
                        ask("q" + i, "Tom has " + "apples ".repeat(i) + i,
                                i % 2 == 0 ? GenerationParameters.greedy(10 + 3 * i) : sampled(30 - i), i))
                .toList();
    }

    @Test
    void aUnitGivesWhatItsRequestsGiveOneByOne() throws Exception {
        List<GenerationOutcome> together = model.generate(unit());
        for (int i = 0; i < together.size(); i++) {
            assertEquals(model.generate(List.of(unit().get(i))).getFirst(), together.get(i));
        }
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherSeedAnother() throws Exception {
        String text = one(ask("a", "Tom", sampled(30), 1)).text();
        assertEquals(text, one(ask("a", "Tom", sampled(30), 1)).text());
        assertNotEquals(text, one(ask("a", "Tom", sampled(30), 2)).text());
    }

    @Test
    void anAnswerIsAtMostMaxTokensLong() throws Exception {
        Completion completion = one(ask("a", "Tom has 3", GenerationParameters.greedy(5)));
        assertEquals(5, completion.usage().completionTokens());
        assertEquals(FinishReason.LENGTH, completion.finish());
        assertTrue(completion.usage().promptTokens() > 3);
    }

    @Test
    void anAnswerEndsWithTheContextEvenNextToLongerPrompts() throws Exception {
        GenerationRequest brief = ask("short", "Tom", GenerationParameters.greedy(1000));
        GenerationRequest longer = ask("long", "12 ".repeat(24), GenerationParameters.greedy(1000));
        List<GenerationOutcome> together = model.generate(List.of(brief, longer));
        Completion first = assertInstanceOf(Completion.class, together.get(0));
        assertEquals(CONTEXT, first.usage().promptTokens() + first.usage().completionTokens());
        assertEquals(FinishReason.LENGTH, first.finish());
        assertEquals(one(brief), first);
        assertEquals(one(longer), together.get(1));
    }

    @Test
    void anEndTokenStopsTheAnswerAndIsNotPartOfIt() throws Exception {
        // With temperature 50 every token is about equally likely, so one of these answers meets the end token.
        for (int seed = 0; ; seed++) {
            Completion completion = one(ask("a", "Tom", new GenerationParameters(new Sampling(50, 1), 80), seed));
            if (completion.finish() == FinishReason.STOP) {
                assertTrue(completion.usage().completionTokens() < 80);
                assertTrue(!completion.text().contains("<|end|>"));
                return;
            }
            assertTrue(seed < 60, "no answer ended");
        }
    }

    @Test
    void aStopTextEndsTheAnswerBeforeItself() throws Exception {
        Completion whole = one(ask("a", "Tom has", sampled(40), 4));
        String stop = whole.text().substring(whole.text().length() / 2, whole.text().length() / 2 + 3);
        Completion cut = one(ask("a", "Tom has", sampled(40, "never", stop), 4));
        assertEquals(whole.text().substring(0, whole.text().indexOf(stop)), cut.text());
        assertEquals(FinishReason.STOP, cut.finish());
        assertTrue(cut.usage().completionTokens() <= whole.usage().completionTokens());
    }

    @Test
    void aPromptWithoutRoomForAnAnswerIsAFailureOfItsOwn() throws Exception {
        GenerationRequest tooLong = ask("long", "12 ".repeat(200), GenerationParameters.greedy(5));
        GenerationRequest fine = ask("fine", "Tom", GenerationParameters.greedy(5));
        List<GenerationOutcome> outcomes = model.generate(List.of(tooLong, fine));
        Failure failure = assertInstanceOf(Failure.class, outcomes.get(0));
        assertTrue(failure.problem().startsWith("messages: a prompt of 1 to 95 tokens, so that the context of "
                + "96 has room for an answer; got 96 or more; "
                + "shorten it or take a model with a longer context"), failure.problem());
        assertEquals(false, failure.temporary());
        assertEquals(one(fine), outcomes.get(1));
    }

    @Test
    void anInterruptEndsTheUnit() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> model.generate(unit()));
        assertEquals(false, Thread.currentThread().isInterrupted());
    }

    @Test
    void scoresAreSumsOfLogProbabilities() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager);
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            List<ScoreRequest> requests = List.of(new ScoreRequest("Tom has", " 12 apples"),
                    new ScoreRequest("Tom buys 3 ", "more"),
                    new ScoreRequest("Tom", ""), new ScoreRequest("", "Tom has"));
            List<ContinuationScore> scores = model.score(requests);
            List<List<TokenScore>> tokens = model.tokenScores(requests);
            for (int i = 0; i < requests.size(); i++) {
                assertEquals(scores.get(i).tokens(), tokens.get(i).size());
                assertEquals(scores.get(i).logProbability(), tokens.get(i).stream()
                        .mapToDouble(TokenScore::logProbability).sum(), 1e-9, "each token's, added up");
                assertTrue((requests.get(i).context() + requests.get(i).continuation()).endsWith(tokens.get(i).stream()
                        .map(TokenScore::text).collect(java.util.stream.Collectors.joining())), "blanks included");
            }
            for (int i : new int[] {0, 1}) {
                String context = requests.get(i).context().stripTrailing();
                long[] before = tokenizer.encode(context);
                long[] whole = tokenizer.encode(requests.get(i).context() + requests.get(i).continuation());
                NDArray logits = decoder.forward(manager.create(new long[][] {whole}), Set.of(), false).states()
                        .get("0")
                        .matMul(decoder.head().transpose()).logSoftmax(1);
                double sum = 0;
                for (int at = before.length; at < whole.length; at++) {
                    sum += logits.getFloat(at - 1, whole[at]);
                }
                assertEquals(sum, scores.get(i).logProbability(), 1e-3);
                assertEquals(whole.length - before.length, scores.get(i).tokens());
            }
            assertEquals(new ContinuationScore(0, 0, true), scores.get(2));
            assertEquals(tokenizer.encode("Tom has").length, scores.get(3).tokens());
        }
    }

    @Test
    void aScoreSaysHowMuchOfItsContextWasLost() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            String context = "Tom has 12 apples. ".repeat(40).strip();
            int whole = tokenizer.encode(context + " Anna has").length;
            int room = model.card().contextTokens() + 1; // the last token is predicted, not read
            assertTrue(whole > room, "longer than the context");
            List<ContinuationScore> scores = model.score(List.of(new ScoreRequest(context, " Anna has"),
                    new ScoreRequest("Tom has 12", " apples")));
            assertEquals(whole - room, scores.getFirst().lost());
            assertEquals(0, scores.getLast().lost());
        }
    }

    /// As lm-evaluation-harness: the context's own tokens, then the rest of both together from that many on.
    @Test
    void whereContextAndContinuationShareATokenTheContextKeepsItsOwn() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager);
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            String text = "Tom has 12 apples and buys more apples than Anna";
            int shared = 0;
            for (int cut = 1; cut < text.length(); cut++) {
                String context = text.substring(0, cut);
                long[] before = tokenizer.encode(context.stripTrailing());
                long[] both = tokenizer.encode(text);
                long[] read = LongStream.concat(Arrays.stream(before), Arrays.stream(both).skip(before.length))
                        .toArray();
                shared += Arrays.equals(read, both) ? 0 : 1;
                NDArray logits = decoder.forward(manager.create(new long[][] {read}), Set.of(), false).states().get("0")
                        .matMul(decoder.head().transpose()).logSoftmax(1);
                double sum = 0;
                for (int at = before.length; at < read.length; at++) {
                    sum += logits.getFloat(at - 1, read[at]);
                }
                ContinuationScore score = model.score(List.of(new ScoreRequest(context, text.substring(cut))))
                        .getFirst();
                assertEquals(sum, score.logProbability(), 1e-3, context);
                assertEquals(read.length - before.length, score.tokens(), context);
            }
            assertTrue(shared > 3, "cuts inside a token: " + shared);
        }
    }

    @Test
    void aContinuationThatBeginsAsAnEmptyContextWouldIsNotReadTwice() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            ContinuationScore plain = model.score(List.of(new ScoreRequest("", "Tom has"))).getFirst();
            ContinuationScore marked = model.score(List.of(new ScoreRequest("\u00a0", "Tom has"))).getFirst();
            assertEquals(tokenizer.encode("Tom has").length, plain.tokens());
            assertEquals(tokenizer.encode("\u00a0Tom has").length, marked.tokens(),
                    "blanks of a context are the continuation's");
        }
    }

    @Test
    void whatTheModelWritesGreedilyScoresAsGreedyAndAnythingElseDoesNot() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (int i = 0; ; i++) {
                String question = "Tom has " + i;
                String text = one(ask("a", question, GenerationParameters.greedy(1))).text();
                String context = "<|user|>" + question + "<|end|><|assistant|>";
                // one token, so the same one
                if (tokenizer.encode(context + text).length == tokenizer.encode(context).length + 1) {
                    List<ContinuationScore> scores =
                            model.score(
                                    List.of(new ScoreRequest(context, text), new ScoreRequest(context, text + "%")));
                    assertEquals(true, scores.get(0).greedy());
                    assertEquals(false, scores.get(1).greedy());
                    assertTrue(scores.get(1).logProbability() < scores.get(0).logProbability());
                    return;
                }
                assertTrue(i < 40, "no answer reads back as it was written");
            }
        }
    }

    @Test
    void aFolderWithoutATemplateScoresButDoesNotChat(@TempDir Path base) throws Exception {
        for (String name : List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(folder.resolve(name), base.resolve(name));
        }
        try (LocalModel plain = LocalModel.open(base, 1, CLOCK, Compute.CPU)) {
            assertEquals(model.score(List.of(new ScoreRequest("Tom", " has"))),
                    plain.score(List.of(new ScoreRequest("Tom", " has"))));
            Failure failure = assertInstanceOf(Failure.class,
                    plain.generate(List.of(ask("a", "Tom", GenerationParameters.greedy(3)))).getFirst());
            assertTrue(failure.problem().startsWith(base + ": a chat template; got none"), failure.problem());
        }
    }

    @Test
    void theCardNamesTheFolderAndItsContent() throws Exception {
        assertEquals(folder.getFileName().toString(), model.card().name());
        assertEquals("weights:" + model.card().revision(), model.card().place());
        assertEquals(64, model.card().revision().length());
        assertEquals(CONTEXT, model.card().contextTokens());
        assertEquals(8, model.card().unit());
        assertEquals(true, model.card().scores());
    }

    @Test
    void aTokenizerWithMoreTokensThanTheWeightsIsRefused(@TempDir Path other) throws Exception {
        for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
            Files.copy(folder.resolve(name), other.resolve(name));
        }
        String words =
                ("Ann sells pears, plums, cherries and strawberries at the market, "
                        + "then counts boxes, crates, baskets or jars. ").repeat(3);
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(VOCAB + 8), Stream.of(words)), other);
        DataException refusal = assertThrows(DataException.class, () -> LocalModel.open(other, 1, CLOCK, Compute.CPU));
        assertEquals(other + ": a tokenizer of at most 320 tokens, the rows of the embedding; got 328; "
                + "the tokenizer and the weights belong to different models", refusal.getMessage());
    }

    /// Nearly the same scores of half the memory; the card says that it is another model, for its answers are others.
    @ParameterizedTest
    @EnumSource(value = FloatType.class, names = {"BFLOAT16", "FLOAT16"})
    void answersAndScoresInHalfPrecision(FloatType type) throws InterruptedException {
        Compute compute = new Compute(Device.cpu(), type, type, true);
        try (LocalModel half = LocalModel.open(folder, 8, CLOCK, compute)) {
            assertEquals("weights:" + half.card().revision() + ":" + type.label(), half.card().place());
            assertEquals(model.card().revision(), half.card().revision());
            List<GenerationRequest> unit = unit();
            List<GenerationOutcome> outcomes = half.generate(unit);
            assertEquals(outcomes, half.generate(unit));
            outcomes.forEach(outcome -> assertInstanceOf(Completion.class, outcome));
            ScoreRequest request = new ScoreRequest("Tom has 12", " apples and buys");
            ContinuationScore plain = model.score(List.of(request)).getFirst();
            ContinuationScore score = half.score(List.of(request)).getFirst();
            assertEquals(plain.tokens(), score.tokens());
            assertEquals(plain.logProbability(), score.logProbability(), 0.1 * plain.tokens());
            assertNotEquals(plain.logProbability(), score.logProbability());
        }
    }

    /// Weights in a quarter of the memory; the card says that it is another model.
    @Test
    void answersAndScoresInEightBits() throws InterruptedException {
        try (LocalModel eight = LocalModel.open(folder, 8, CLOCK, Compute.CPU.in(Quantization.INT8))) {
            assertEquals("weights:" + eight.card().revision() + ":int8", eight.card().place());
            List<GenerationOutcome> outcomes = eight.generate(unit());
            assertEquals(outcomes, eight.generate(unit()));
            outcomes.forEach(outcome -> assertInstanceOf(Completion.class, outcome));
            ScoreRequest request = new ScoreRequest("Tom has 12", " apples and buys");
            ContinuationScore plain = model.score(List.of(request)).getFirst();
            ContinuationScore score = eight.score(List.of(request)).getFirst();
            assertEquals(plain.logProbability(), score.logProbability(), 0.1 * plain.tokens());
            assertNotEquals(plain.logProbability(), score.logProbability());
        }
    }
}
