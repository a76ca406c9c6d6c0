package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Draws;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where answers begin and end, what they lose for what stands there already, and what is told of their tokens.
class AnswerLimitsTest {
    @TempDir
    static Path folder;

    private static LocalModel model;

    @BeforeAll
    static void oneModel() throws Exception {
        Engines.threads(1);
        SmallModel.write(folder, 320, 96);
        model = LocalModel.open(folder, 8, ChatTemplate.DAY, Compute.CPU);
    }

    @AfterAll
    static void closed() {
        model.close();
    }

    private static GenerationOutcome outcome(GenerationParameters parameters, long seed) throws InterruptedException {
        return model.generate(List.of(new GenerationRequest("a", List.of(ChatMessage.user("Tom has 12")), parameters,
                seed))).getFirst();
    }

    private static Completion one(GenerationParameters parameters, long seed) throws InterruptedException {
        return assertInstanceOf(Completion.class, outcome(parameters, seed));
    }

    private static GenerationParameters hot(int max, Limits limits) {
        return new GenerationParameters(new Sampling(3, 1), max, List.of(), limits, "", Optional.empty());
    }

    private static Limits least(int tokens) {
        return new Limits(tokens, List.of(), Optional.empty());
    }

    @Test
    void anAnswerHasAtLeastMinTokens() throws Exception {
        int brief = 0;
        for (int seed = 0; seed < 40; seed++) {
            Completion free = one(hot(40, Limits.NONE), seed);
            brief += free.finish() == FinishReason.STOP && free.usage().completionTokens() <= 20 ? 1 : 0;
            Completion long20 = one(hot(40, least(20)), seed);
            assertTrue(long20.usage().completionTokens() > 20 || long20.finish() == FinishReason.LENGTH,
                    long20.toString());
        }
        assertTrue(brief > 0, "no answer would have been shorter");
    }

    @Test
    void aStopIdEndsAnAnswerAndIsNoPartOfIt() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            Told told = told(GenerationParameters.greedy(20));
            long stop = told.tokens.get(6);
            int first = told.tokens.indexOf(stop);
            Completion cut = one(new GenerationParameters(Sampling.GREEDY, 20, List.of(),
                    new Limits(0, List.of(stop), Optional.empty()), "", Optional.empty()), 0);
            assertEquals(FinishReason.STOP, cut.finish());
            assertEquals(first + 1, cut.usage().completionTokens());
            assertEquals(tokenizer.decode(told.tokens.stream().limit(first).mapToLong(Long::longValue).toArray(), true),
                    cut.text());
        }
    }

    @Test
    void anAnswerGoesOnBehindItsPrefix() throws Exception {
        String greedy = one(GenerationParameters.greedy(12), 0).text();
        Completion begun = one(new GenerationParameters(Sampling.GREEDY, 12, List.of("buys"), Limits.NONE,
                "She buys ", Optional.empty()), 0);
        assertTrue(begun.text().startsWith("She buys"), begun.text());
        assertNotEquals(greedy, begun.text());
        Prompt.Chat continued = new Prompt.Chat(List.of(ChatMessage.user("Tom has 12"),
                ChatMessage.assistant("She buys")), Map.of(), true);
        LiveModel.Ready ready = assertInstanceOf(LiveModel.Ready.class,
                model.read(continued, GenerationParameters.greedy(12), 0));
        Told told = new Told();
        write(ready, told);
        assertEquals("She buys" + told.whole.orElseThrow().text().split("buys", 2)[0], begun.text());
    }

    @Test
    void noTextOfAPenalisedAnswerDependsOnHowManyTokensAreDrawnAtOnce() throws Exception {
        Sampling penalised = new Sampling(0, 1, 0, 0, 1, new Penalties(1.3, 0.4, 0.3), Map.of(9, 1.5));
        GenerationParameters way = new GenerationParameters(penalised, 40);
        Completion whole = one(way, 0);
        Told watched = told(way); // two tokens at once instead of sixteen
        assertEquals(whole.text(), watched.whole.orElseThrow().text());
        assertNotEquals(whole.text(), one(GenerationParameters.greedy(40), 0).text());
        assertTrue(Set.copyOf(watched.tokens).size() > Set.copyOf(told(GenerationParameters.greedy(40)).tokens).size(),
                "fewer repetitions");
    }

    @Test
    void everyTokenIsToldWithItsLogProbabilityBeforeItsText() throws Exception {
        Told told = told(new GenerationParameters(new Sampling(0.01, 1), 12));
        assertEquals(told.whole.orElseThrow().usage().completionTokens(), told.tokens.size());
        for (int i = 0; i < told.tokens.size(); i++) {
            Draws.Noted noted = told.noted.get(i);
            assertEquals(3, noted.likeliest().length);
            assertTrue(noted.logProbs()[0] >= noted.logProbs()[1] && noted.logProb() <= 0);
            long token = told.tokens.get(i);
            IntStream.range(0, 3).filter(j -> noted.likeliest()[j] == token)
                    .forEach(j -> assertEquals(noted.logProbs()[j], noted.logProb()));
        }
        assertEquals(told.tokens.getFirst(), told.noted.getFirst().likeliest()[0], "cold, so the likeliest");
    }

    @Test
    void anAnswerEndsWithItsTime() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            AtomicLong now = new AtomicLong();
            Answer answer = new Answer(new PromptReader.Tokens(new long[] {5}, hot(50, new Limits(0, List.of(),
                    Optional.of(Duration.ofSeconds(2)))), 0, ""), 96, Set.of(1L), tokenizer, Watcher.PATIENT,
                    Optional.empty(), now::get);
            now.set(Duration.ofSeconds(100).toNanos()); // the time before its first token is not its own
            answer.accept(7);
            now.addAndGet(Duration.ofMillis(1999).toNanos());
            answer.accept(7);
            assertEquals(false, answer.finished());
            now.addAndGet(Duration.ofMillis(2).toNanos());
            answer.accept(7);
            assertEquals(FinishReason.LENGTH, answer.finish());
            assertEquals(3, answer.tokens());
        }
    }

    @Test
    void idsThatTheTokenizerDoesNotHaveAreRefused() throws Exception {
        assertEquals("logit_bias: ids of tokens, below 269; got 320; leave it out",
                assertInstanceOf(Failure.class, outcome(new GenerationParameters(
                        new Sampling(0, 1, 0, 0, 1, Penalties.NONE, Map.of(320, 1.0)), 5), 0)).problem());
        assertEquals("stop_token_ids: ids of tokens, below 269; got 400; leave it out",
                assertInstanceOf(Failure.class, outcome(hot(5, new Limits(0, List.of(400L), Optional.empty())), 0))
                        .problem());
        assertEquals("prefix: a prompt of text, with which it can be joined; got token ids; write its tokens behind "
                + "them", assertInstanceOf(LiveModel.Refused.class, model.read(new Prompt.Tokens(new long[] {5}),
                        new GenerationParameters(Sampling.GREEDY, 5, List.of(), Limits.NONE, "x", Optional.empty()), 0)).problem());
    }

    private static final class Told implements Watcher {
        private final List<Long> tokens = new ArrayList<>();
        private final List<Draws.Noted> noted = new ArrayList<>();
        private Optional<Completion> whole = Optional.empty();

        @Override
        public boolean watches() {
            return true;
        }

        @Override
        public OptionalInt likeliest() {
            return OptionalInt.of(3);
        }

        @Override
        public void drew(long token, Draws.Noted note) {
            tokens.add(token);
            noted.add(note);
        }

        @Override
        public void done(Completion completion, long[] ids) {
            whole = Optional.of(completion);
        }
    }

    private static Told told(GenerationParameters parameters) throws InterruptedException {
        Told told = new Told();
        write(assertInstanceOf(LiveModel.Ready.class,
                model.read(new Prompt.Chat(List.of(ChatMessage.user("Tom has 12"))), parameters, 0)), told);
        return told;
    }

    private static void write(LiveModel.Ready ready, Watcher watcher) throws InterruptedException {
        try (Writing writing = model.writing()) {
            writing.join(ready, watcher);
            while (writing.open() > 0) {
                writing.advance();
            }
        }
    }
}
