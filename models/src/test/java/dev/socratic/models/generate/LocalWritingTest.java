package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.text.ChatTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers that come and go, over a real folder with random weights.
class LocalWritingTest {
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

    /// Remembers everything, and wants an answer until it has that many pieces.
    private static final class Reader implements Watcher {
        private final List<String> pieces = new ArrayList<>();
        private final boolean watches;
        private final int patience;
        private Optional<Completion> whole = Optional.empty();
        private int tokens;

        Reader(boolean watches, int patience) {
            this.watches = watches;
            this.patience = patience;
        }

        @Override
        public boolean wanted() {
            return pieces.size() < patience;
        }

        @Override
        public boolean watches() {
            return watches;
        }

        @Override
        public void wrote(String piece) {
            pieces.add(piece);
        }

        @Override
        public void done(Completion completion, long[] written) {
            assertTrue(whole.isEmpty(), "told twice");
            whole = Optional.of(completion);
            tokens = written.length;
        }
    }

    private static List<ChatMessage> asked(int i) {
        return List.of(ChatMessage.user("Tom has " + "12 apples ".repeat(i % 5) + i));
    }

    private static GenerationParameters way(int i) {
        return i % 3 == 0 ? GenerationParameters.greedy(5 + 7 * i % 60)
                : new GenerationParameters(new Sampling(0.8, 0.95), 5 + 11 * i % 60);
    }

    private static Reader join(Writing writing, int i, boolean watches, int patience) {
        Reader reader = new Reader(watches, patience);
        writing.join(assertInstanceOf(LiveModel.Ready.class, model.read(new Prompt.Chat(asked(i)), way(i), i)),
                reader);
        return reader;
    }

    private static String alone(int i) throws InterruptedException {
        GenerationRequest request = new GenerationRequest("", asked(i), way(i), i);
        return assertInstanceOf(Completion.class, model.generate(List.of(request)).getFirst()).text();
    }

    private static void drain(Writing writing) throws InterruptedException {
        for (int i = 0; writing.open() > 0; i++) {
            assertTrue(i < 1_000, writing.open() + " answers never end");
            writing.advance();
        }
    }

    @Test
    void answersThatComeAndGoAreThoseThatWereGivenAlone() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        List<Reader> readers = new ArrayList<>();
        try (Writing writing = model.writing()) {
            for (int i = 0; i < 30; i++) {
                readers.add(join(writing, i, i % 4 == 0, i % 7 == 6 ? 2 : Integer.MAX_VALUE));
                for (int steps = random.nextInt(3); steps > 0; steps--) {
                    writing.advance();
                }
            }
            drain(writing);
        }
        for (int i = 0; i < 30; i++) {
            Reader reader = readers.get(i);
            String joined = String.join("", reader.pieces);
            if (i % 7 == 6 && reader.whole.isEmpty()) {
                assertTrue(alone(i).startsWith(joined), "cut short, " + i);
                continue;
            }
            Completion whole = reader.whole.orElseThrow();
            assertEquals(alone(i), whole.text(), "answer " + i);
            assertEquals(whole.text(), joined, "pieces " + i);
            int end = whole.finish() == FinishReason.STOP ? 1 : 0;
            assertEquals(whole.usage().completionTokens(), reader.tokens + end);
            assertTrue(whole.finish() != FinishReason.LENGTH || reader.tokens == way(i).maxTokens());
        }
    }

    @Test
    void whoReadsAlongGetsThePiecesEarlyAndNoHalfCharacter() throws Exception {
        try (Writing writing = model.writing()) {
            Reader reader = new Reader(true, Integer.MAX_VALUE);
            GenerationParameters way = new GenerationParameters(new Sampling(0.8, 0.95), 60, List.of("zzzz"));
            writing.join((LiveModel.Ready) model.read(new Prompt.Chat(asked(1)), way, 4), reader);
            writing.advance();
            assertTrue(reader.whole.isEmpty());
            drain(writing);
            assertTrue(reader.pieces.size() > 5, reader.pieces.toString());
            assertEquals(reader.whole.orElseThrow().text(), String.join("", reader.pieces));
            assertTrue(reader.pieces.stream().noneMatch(piece ->
                    Character.isHighSurrogate(piece.charAt(piece.length() - 1))));
        }
    }

    @Test
    void anAnswerThatNobodyWantsLeavesAtOnceAndIsNotTold() throws Exception {
        try (Writing writing = model.writing()) {
            Reader gone = join(writing, 7, true, 1);
            Reader stays = join(writing, 8, false, Integer.MAX_VALUE);
            while (gone.wanted()) {
                writing.advance();
            }
            writing.advance();
            assertEquals(stays.whole.isEmpty() ? 1 : 0, writing.open());
            Reader never = join(writing, 9, false, 0);
            drain(writing);
            assertTrue(gone.whole.isEmpty() && never.whole.isEmpty() && never.pieces.isEmpty());
            assertEquals(alone(8), stays.whole.orElseThrow().text());
        }
    }

    @Test
    void aMessageThatIsOnlyBegunGoesOn() {
        List<ChatMessage> begun = List.of(ChatMessage.user("Tom"), ChatMessage.assistant("has 12 "));
        int closed = tokens(new Prompt.Chat(begun));
        int open = tokens(new Prompt.Chat(begun, Map.of(), true));
        assertTrue(open < closed, "no end token, no new turn: %s and %s".formatted(open, closed));
        LiveModel.Refused refused = assertInstanceOf(LiveModel.Refused.class, model.read(
                new Prompt.Chat(List.of(ChatMessage.assistant(" ")), Map.of(), true), way(1), 1));
        assertEquals("messages: a last message that the chat template writes as it is, to be continued; got an "
                + "empty one; "
                + "leave continue_final_message out", refused.problem());
    }

    /// As the tokenizer begins any text: with its BOS, once.
    @Test
    void aPlainTextBeginsAsTheTokenizerBeginsOne(@TempDir Path other) throws Exception {
        SmallModel.write(other, 320, 96);
        Path file = other.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) Json.read(file, JsonNode.class);
        ObjectNode processor = json.putObject("post_processor").put("type", "TemplateProcessing");
        processor.putArray("single").addObject().putObject("SpecialToken").put("id", "<|user|>").put("type_id", 0);
        processor.withArray("single").addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        processor.putArray("pair");
        processor.putObject("special_tokens").putObject("<|user|>").put("id", "<|user|>").putArray("ids").add(1);
        processor.withObject("special_tokens").withObject("<|user|>").putArray("tokens").add("<|user|>");
        Files.writeString(file, json.toString());
        try (LocalModel begun = LocalModel.open(other, 1, ChatTemplate.DAY, Compute.CPU)) {
            long[] plain = assertInstanceOf(LiveModel.Ready.class,
                    model.read(new Prompt.Text("Tom has"), way(1), 1)).ids();
            long[] marked = assertInstanceOf(LiveModel.Ready.class,
                    begun.read(new Prompt.Text("Tom has"), way(1), 1)).ids();
            assertEquals(plain.length + 1, marked.length);
            assertEquals(1, marked[0]);
            Prompt written = new Prompt.Text("<|user|>Tom has");
            assertArrayEquals(marked, assertInstanceOf(LiveModel.Ready.class, begun.read(written, way(1), 1)).ids());
        }
    }

    private static int tokens(Prompt prompt) {
        return assertInstanceOf(LiveModel.Ready.class, model.read(prompt, way(1), 1)).ids().length;
    }

    @Test
    void aPromptThatTheContextCannotHoldIsRefusedAsSuch() {
        for (Prompt prompt : List.of(new Prompt.Text("12 apples ".repeat(40)), new Prompt.Tokens(new long[96]),
                new Prompt.Chat(List.of(ChatMessage.user("a".repeat(50_000_000)))))) {
            LiveModel.Refused refused = assertInstanceOf(LiveModel.Refused.class, model.read(prompt, way(1), 1));
            assertTrue(refused.tooLong());
            assertEquals((prompt instanceof Prompt.Chat ? "messages" : "prompt")
                    + ": a prompt of 1 to 95 tokens, so that the context of 96 has room for an answer; got 96 or more; "
                    + "shorten it or take a model with a longer context", refused.problem());
        }
        assertEquals(false, ((LiveModel.Refused) model.read(new Prompt.Text(""), way(1), 1)).tooLong());
    }

    @Test
    void whatCanNeverFitTheCacheIsRefusedByName() {
        try (LocalModel small = LocalModel.open(folder, new Batches(Batching.FIXED, 8, 20_000),
                ChatTemplate.DAY, Compute.CPU)) {
            Prompt prompt = new Prompt.Tokens(new long[] {20, 21, 22});
            assertInstanceOf(LiveModel.Ready.class, small.read(prompt, GenerationParameters.greedy(60), 1));
            assertEquals("max_tokens: a prompt and an answer whose keys and values fit the cache of 0 MiB; got 3 and "
                    + "up to 62 tokens, which take 1 MiB; ask for fewer, or give the cache more memory",
                    assertInstanceOf(LiveModel.Refused.class, small.read(prompt, GenerationParameters.greedy(62), 1))
                            .problem());
        }
    }

    /// As the asker does it: many threads with one request each.
    @Test
    void requestsOfManyThreadsAreWrittenTogetherAndEachIsAsIfAlone() throws Exception {
        List<GenerationRequest> requests = IntStream.range(0, 12)
                .mapToObj(i -> new GenerationRequest("r" + i, asked(i), way(i), i)).toList();
        List<String> notes = new ArrayList<>();
        try (LocalModel continuous = LocalModel.open(folder, new Batches(Batching.CONTINUOUS, 5, 64 << 20),
                ChatTemplate.DAY, Compute.CPU);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            continuous.onNote(notes::add);
            assertEquals(List.of("batching: continuous, up to 5 answers under way, keys and values in at most 64 MiB; "
                    + "what prompts share is read once; equal up to rounding"), notes);
            assertEquals(List.of(1, 5), List.of(continuous.card().unit(), continuous.card().parallel()));
            List<Future<List<GenerationOutcome>>> later = requests.stream()
                    .map(request -> threads.submit(() -> continuous.generate(List.of(request)))).toList();
            for (int i = 0; i < later.size(); i++) {
                assertEquals(alone(i), assertInstanceOf(Completion.class, later.get(i).get().getFirst()).text());
            }
        }
    }
}
