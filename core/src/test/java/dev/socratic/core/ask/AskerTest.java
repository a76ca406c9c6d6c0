package dev.socratic.core.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.journal.Journal;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskerTest {
    @TempDir
    Path folder;

    @Test
    void whatIsAnsweredIsAskedOnceWhateverItIsCalled() throws Exception {
        ask(new Echo(1, true), requests("a", "b"));
        Echo second = new Echo(1, true);
        List<GenerationRequest> again = List.of(Echo.request("other", "b"), Echo.request("new", "c"));
        assertEquals(List.of("b", "c"), texts(ask(second, again)));
        assertEquals(List.of("c"), second.asked());
    }

    @Test
    void theSameContentTwiceInOnePlanIsOneRequest() throws Exception {
        Echo model = new Echo(1, true);
        assertEquals(List.of("a", "b", "a"), texts(ask(model, requests("a", "b", "a"))));
        assertEquals(List.of("a", "b"), model.asked());
    }

    @Test
    void anotherModelSamplingOrShapeIsAnotherRequest() throws Exception {
        ask(new Echo(1, true), requests("a"));
        Echo other = new Echo(2, true); // another batch rounds otherwise
        ask(other, requests("a"));
        assertEquals(List.of("a"), other.asked());
        GenerationRequest warmer = new GenerationRequest(
                "x", Echo.request("x", "a").messages(), new GenerationParameters(new Sampling(0.5, 1), 10),
                0);
        Echo again = new Echo(1, true);
        ask(again, List.of(warmer));
        assertEquals(List.of("a"), again.asked());
    }

    @Test
    void aBatchIsTheSameAgainAfterAKill() throws Exception {
        Echo whole = new Echo(3, false);
        ask(whole, requests("a", "b", "c", "d", "e", "f", "g"));
        assertEquals(List.of(List.of("a", "b", "c"), List.of("d", "e", "f"), List.of("g")), whole.units());
        Path other = folder.resolve("killed");
        List<byte[]> records = new ArrayList<>();
        try (Journal journal = Journal.open(folder.resolve("asked"), "asked")) {
            journal.replay(records::add);
        }
        try (Journal journal = Journal.open(other, "asked")) {
            journal.append(records.get(1)); // the second unit was faster
        }
        Echo rest = new Echo(3, false);
        ask(other, rest, requests("a", "b", "c", "d", "e", "f", "g"), BudgetConfig.NONE);
        assertEquals(List.of(List.of("a", "b", "c"), List.of("g")), rest.units());
    }

    @Test
    void everyAttemptThatLeftIsBookedAlsoTheOneThatBecameNoAnswer() throws Exception {
        AskOutcome asked = ask(new Echo(1, true), requests("a", "twice b", "never", "later"));
        assertEquals(new Usage(15, 30, 3), asked.spent(), "a, the lost attempt at its worst case, b");
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            assertEquals(Map.of("generate", new Usage(15, 30, 3)), store.spent());
        }
    }

    @Test
    void anAttemptThatAKillLeftOnItsWayIsBookedAtItsWorstCase() throws Exception {
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            long number = store.out("generate", new Usage(5, 10, 1));
            store.out("generate", new Usage(5, 10, 1)); // and never came back
            store.back(number, "generate", new Usage(5, 1, 0.1));
        }
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            assertEquals(new Usage(10, 11, 1.1), store.spent("generate"::equals));
            long next = store.out("generate", new Usage(5, 10, 1));
            store.back(next, "generate", Usage.NONE);
        }
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            assertEquals(1.1, store.spent("generate"::equals).costUsd(), 1e-12, "numbers are not used again");
        }
    }

    @Test
    void theBudgetIsNotPassedByAttemptsThatBecomeNoAnswer() throws Exception {
        String[] words = IntStream.range(0, 20).mapToObj(i -> "twice " + i).toArray(String[]::new);
        AskOutcome asked = ask(folder.resolve("asked"), new Echo(1, true), requests(words), usd(7));
        assertEquals(7, asked.spent().costUsd(), 1e-12);
        assertEquals(3, settled(asked), "each of three took two attempts, and one was lost");
        assertTrue(asked.incomplete(17).orElseThrow().startsWith(
                "17 of 20 requests without an answer:"
                        + " budget.max_usd: 7.0 USD: room for one more request; got 7.0000 USD"));
        AskOutcome more = ask(folder.resolve("asked"), new Echo(1, true), requests(words), usd(9));
        assertEquals(9, more.spent().costUsd(), 1e-12, "the account goes on where it was");
    }

    @Test
    void stagesHaveAccountsOfTheirOwnInOneStore() throws Exception {
        ask(new Echo(1, true), requests("a", "b"));
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            AskOutcome asked = new Asker(
                    Asks.of(requests("c")), new Echo(1, true), store, "eval/x", usd(1),
                            name -> name.startsWith("eval/"),
                    Progress.SILENT).ask();
            assertEquals(1, settled(asked));
            assertEquals(new Usage(5, 10, 1), asked.spent());
            assertEquals(new Usage(15, 30, 3), store.spent(name -> true));
        }
    }

    @Test
    void whatFailsForNowIsAskedAgainWhatFailsForGoodIsNot() throws Exception {
        AskOutcome first = ask(new Echo(1, true), requests("a", "never", "later"));
        assertEquals(List.of(true, true, false), IntStream.range(0, 3).mapToObj(first::settled).toList());
        Echo again = new Echo(1, true);
        ask(again, requests("a", "never", "later"));
        assertEquals(List.of("later"), again.asked());
    }

    @Test
    void whatFailsForGoodBeforeAnythingWasAnsweredIsNotBelieved() throws Exception {
        ask(new Echo(1, true), requests("never"));
        Echo again = new Echo(1, true);
        ask(again, requests("never"));
        assertEquals(List.of("never"), again.asked());
    }

    @Test
    void ofABatchTheSettledOnesAreKept() throws Exception {
        ask(new Echo(3, false), requests("a", "later", "never"));
        Echo again = new Echo(3, false);
        ask(again, requests("a", "later", "never"));
        assertEquals(List.of(List.of("later")), again.units());
    }

    @Test
    void whoWatchesIsToldOfAllThatIsThereAndAllThatComes() throws Exception {
        ask(new Echo(1, true), requests("a"));
        List<String> told = new ArrayList<>();
        Progress watching = new Progress() {
            @Override
            public void total(long items) {
                told.add("total " + items);
            }

            @Override
            public void done(long items) {
                told.add("done " + items);
            }

            @Override
            public void spent(Usage usage) {
                told.add("spent " + usage.completionTokens());
            }

            @Override
            public void failed(long items) {
                told.add("failed " + items);
            }

            @Override
            public void note(String line) {
                told.add(line);
            }
        };
        for (boolean metered : List.of(true, false)) {
            told.clear();
            try (AskStore store = AskStore.open(folder.resolve("asked"))) {
                String words = metered ? "b" : "c";
                new Asker(
                        Asks.of(requests("a", words, "later")), new Echo(1, metered), store, "generate",
                        BudgetConfig.NONE, "generate"::equals, watching).ask();
            }
            assertEquals(
                    List.of(
                            "total 3", "done 1", "1 of 3 answers are there from earlier runs",
                            metered ? "spent 10" : "done 1", metered ? "done 1" : "spent 10"),
                    told.subList(0, 5));
            assertTrue(told.contains("failed 1"), told.toString());
        }
    }

    @Test
    void anErrorOfAWorkerReachesTheCaller() {
        Echo broken = new Echo(1, false);
        TextModel failing = new TextModel() {
            @Override
            public ModelCard card() {
                return broken.card();
            }

            @Override
            public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
                throw new OutOfMemoryError("heap");
            }

            @Override
            public List<ContinuationScore> score(List<ScoreRequest> requests) {
                return List.of();
            }

            @Override
            public void close() {}
        };
        try (AskStore store = AskStore.open(folder.resolve("asked"))) {
            assertThrows(OutOfMemoryError.class, () -> new Asker(
                    Asks.of(requests("a")), failing, store, "generate", BudgetConfig.NONE, name -> true,
                            Progress.SILENT).ask());
        }
    }

    /// A flipped bit in one record of a journal of thousands must not cost the others.
    @Test
    void aDamagedRecordCostsItselfAlone() throws Exception {
        ask(new Echo(1, false), requests("a", "b", "c"));
        Path segment = folder.resolve("asked/asked-000001.journal");
        byte[] bytes = Files.readAllBytes(segment);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at : List.of(text.indexOf("\"text\":\"b\""), text.indexOf("{\"asked\"",
                text.indexOf("\"text\":\"a\"")) - 8)) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4; // in the payload; in the header, so that even the record's length is unknown
            Files.write(segment, damaged);
            try (AskStore store = AskStore.open(folder.resolve("asked"))) {
                assertEquals(1, store.notes().size(), store.notes().toString());
                assertTrue(store.notes().getFirst().startsWith(segment + " at byte "), store.notes().toString());
                assertTrue(store.notes().getFirst().endsWith(" damaged bytes are left out; the answers in them are"
                        + " asked again, and what they took is in no account any more"), store.notes().toString());
            }
            Echo again = new Echo(1, false);
            assertEquals(List.of("a", "b", "c"), texts(ask(again, requests("a", "b", "c"))));
            assertEquals(List.of("b"), again.asked());
        }
    }

    @Test
    void aRecordOfAnotherVersionIsNamedWithTheRemedy() {
        try (Journal journal = Journal.open(folder.resolve("asked"), "asked")) {
            journal.append("{\"new\": 1}".getBytes(StandardCharsets.UTF_8));
        }
        DataException e = assertThrows(
                DataException.class, () -> AskStore.open(folder.resolve("asked")));
        assertEquals(
                folder.resolve("asked/asked") + ": a record of this version's journal; got another;"
                        + " move the folder away to ask anew, or run the version that wrote it",
                e.getMessage());
    }

    @Test
    void anIndexFindsWhatWasPutInAndNothingElse() {
        KeyIndex index = new KeyIndex();
        for (int i = 0; i < 5_000; i++) {
            assertTrue(index.putIfAbsent(Hashes.sha256("k" + i), i));
        }
        assertFalse(index.putIfAbsent(Hashes.sha256("k7"), 99));
        for (int i = 0; i < 5_000; i++) {
            assertEquals(i, index.get(Hashes.sha256("k" + i)));
        }
        assertEquals(KeyIndex.NONE, index.get(Hashes.sha256("k5000")));
        assertEquals(5_000, index.size());
    }

    private static BudgetConfig usd(double most) {
        return new BudgetConfig(Optional.of(most), Optional.empty());
    }

    private static List<GenerationRequest> requests(String... words) {
        return IntStream.range(0, words.length).mapToObj(i -> Echo.request("r" + i, words[i])).toList();
    }

    private AskOutcome ask(Echo model, List<GenerationRequest> requests) throws InterruptedException {
        return ask(folder.resolve("asked"), model, requests, BudgetConfig.NONE);
    }

    /// @return with everything read, for the store is closed
    private static AskOutcome ask(Path store, Echo model, List<GenerationRequest> requests, BudgetConfig budget)
            throws InterruptedException {
        try (AskStore open = AskStore.open(store)) {
            return new Asker(
                    Asks.of(requests), model, open, "generate", budget, "generate"::equals, Progress.SILENT).ask();
        }
    }

    private static long settled(AskOutcome asked) {
        return IntStream.range(0, asked.asks().size()).filter(asked::settled).count();
    }

    private static List<String> texts(AskOutcome asked) {
        return IntStream.range(0, asked.asks().size())
                .mapToObj(asked::outcome)
                .map(outcome -> switch (outcome) {
                    case Completion c -> c.text();
                    case Failure f -> f.problem();
                })
                .toList();
    }
}
