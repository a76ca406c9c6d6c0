package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchStreamTest {
    private static final BatchStream.Settings SETTINGS = new BatchStream.Settings(16, 512, 3);

    @TempDir
    Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void tokenizer() throws Exception {
        TokenizerFolder.write(
                BpeTrainer.train(TokenizerRecipe.embedded(300), Stream.of("Tom has 3 apples. The answer is 5.")),
                        folder);
        tokenizer = Tokenizer.open(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void aStreamOpenedAtAPlaceGivesWhatTheFirstOneGaveFromThereOn() {
        List<Example> rows = problems(40);
        List<MicroBatch> all = new ArrayList<>();
        List<BatchStream.Position> places = new ArrayList<>();
        try (BatchStream stream = stream(rows, BatchStream.Position.START)) {
            for (int i = 0; i < 90; i++) {
                places.add(stream.position());
                all.add(stream.next());
            }
        }
        assertTrue(places.getLast().epoch() >= 2, "the test is to cross the end of a pass");
        for (int from = 0; from < 80; from += 3) {
            try (BatchStream again = stream(rows, places.get(from))) {
                for (int i = from; i < from + 10; i++) {
                    assertEquals(places.get(i), again.position());
                    assertArrayEquals(all.get(i).ids(), again.next().ids());
                }
            }
        }
    }

    @Test
    void eachPassHoldsEveryRowInAnotherOrder() {
        try (BatchStream stream = stream(problems(40), BatchStream.Position.START)) {
            List<List<String>> passes = new ArrayList<>();
            for (int pass = 0; pass < 2; pass++) {
                List<String> rows = new ArrayList<>();
                while (stream.position().epoch() == pass) {
                    rows.add(Arrays.toString(stream.next().labels()));
                }
                passes.add(rows);
            }
            assertFalse(passes.get(0).equals(passes.get(1)));
            assertEquals(40, stream.rowCounts().read());
        }
    }

    @Test
    void onlyWhatTheAssistantWritesCountsItsEndIncluded() {
        Example.Chat chat = new Example.Chat("",
                List.of(ChatMessage.user("Tom has 3."), ChatMessage.assistant("The answer is 5.")));
        RowEncoder.Verdict.Kept kept = (RowEncoder.Verdict.Kept) encoder(LossOn.ASSISTANT, 99, TooLong.DROP)
                .encode(chat);
        List<Long> lossTokens = new ArrayList<>();
        for (int i = 0; i < kept.row().ids().length; i++) {
            if (kept.row().lossMask()[i]) {
                lossTokens.add((long) kept.row().ids()[i]);
            }
        }
        assertEquals("The answer is 5.<|end|>",
                tokenizer.decode(lossTokens.stream().mapToLong(id -> id).toArray(), false));
        RowEncoder.Verdict.Kept whole = (RowEncoder.Verdict.Kept) encoder(LossOn.ALL, 99, TooLong.DROP).encode(chat);
        assertEquals(whole.row().ids().length - 1, whole.row().lossTokens());
    }

    @Test
    void aLongRowIsDroppedOrCutAsTold() {
        Example.Text row = new Example.Text("", "Tom has 3 apples. ".repeat(40));
        assertEquals(new RowEncoder.Verdict.Dropped("too_long"), encoder(LossOn.ALL, 50, TooLong.DROP).encode(row));
        RowEncoder.Verdict.Kept cut = (RowEncoder.Verdict.Kept) encoder(LossOn.ALL, 50, TooLong.TRUNCATE).encode(row);
        assertEquals(50, cut.row().ids().length);
        assertTrue(cut.truncated());
    }

    @Test
    void dataWithNothingToLearnEndsTheRunWithItsReasons() {
        List<Example> rows = List.of(new Example.Text("", "x ".repeat(400)), new Example.Text("", "y ".repeat(400)));
        DataException refused = assertThrows(DataException.class, () -> {
            try (BatchStream stream = stream(rows, BatchStream.Position.START)) {
                stream.next();
            }
        });
        assertEquals(
                "data: at least one row to learn from; got 2 rows, all dropped: {too_long=2}; raise max_seq or "
                        + "write too_long: truncate",
                refused.getMessage());
    }

    private BatchStream stream(List<Example> rows, BatchStream.Position from) {
        return new BatchStream("data", () -> rowsOf(rows), encoder(LossOn.ASSISTANT, 400, TooLong.DROP), SETTINGS,
                from);
    }

    private RowEncoder encoder(LossOn lossOn, int maxSeq, TooLong tooLong) {
        return new RowEncoder(tokenizer, new LazyTemplate(folder), TextMarks.NONE, lossOn, maxSeq, tooLong);
    }

    private static RowStream<Example> rowsOf(List<Example> rows) {
        var left = rows.iterator();
        return RowStream.of(() -> left.hasNext() ? Optional.of(left.next()) : Optional.empty(), () -> {});
    }

    private static List<Example> problems(int count) {
        try (RowStream<Example> rows = new ExampleSource.WordProblems(Split.TRAIN, count, 1,
                new Form.Direct("Answer only."))
                .open(Quarantine.list(), 0)) {
            return rows.toList();
        }
    }
}
