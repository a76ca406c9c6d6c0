package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.Steps;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig.Length.Unit;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubstringDuplicatesTest {
    private static final String BOILER = "remember to like this page and to tell all of your friends about it today";

    @TempDir
    Path scratch;

    private Step step(String keys) {
        return Steps.of(ConfigReader.read("steps: [{substring_duplicates: {" + keys + "}}]", "curate.yaml",
                CurateConfig.class).steps().getFirst(), List.of(), scratch);
    }

    private List<Decision> decide(String keys, Candidate... rows) {
        try (Step step = step(keys)) {
            List.of(rows).forEach(step::look);
            return List.of(rows).stream().map(step::judge).toList();
        }
    }

    @Test
    void everySharedPassageIsFoundAsComparingAllPairsOfPlacesFindsIt() {
        SplittableRandom random = new SplittableRandom(11);
        for (int min : new int[] {2, 3, 7, 12}) {
            for (Unit unit : Unit.values()) {
                List<String> texts = texts(random, unit);
                long most = texts.stream().mapToLong(text ->
                        PassageIndex.fingerprints(Tokens.of(text, unit).size(), min)).sum();
                try (PassageIndex index = new PassageIndex(min, unit, most, scratch.resolve("passages"))) {
                    List<Tokens> earlier = new ArrayList<>();
                    for (String text : texts) {
                        Tokens read = Tokens.of(text, unit);
                        boolean[] found = new boolean[read.size()];
                        index.find(read).forEach(one -> Arrays.fill(found, one.from(), one.to(), true));
                        assertArrayEquals(byHand(read, earlier, min), found, unit + " " + min + ": " + text);
                        index.add("id", text, read);
                        earlier.add(read);
                    }
                    assertEquals(0, index.unchecked());
                }
            }
        }
    }

    private static boolean[] byHand(Tokens text, List<Tokens> earlier, int min) {
        boolean[] covered = new boolean[text.size()];
        for (Tokens other : earlier) {
            for (int at = 0; at + min <= text.size(); at++) {
                for (int its = 0; its + min <= other.size(); its++) {
                    int length = 0;
                    while (length < min && text.same(at + length, other, its + length)) {
                        length++;
                    }
                    if (length == min) {
                        Arrays.fill(covered, at, at + min, true);
                    }
                }
            }
        }
        return covered;
    }

    private static List<String> texts(SplittableRandom random, Unit unit) {
        List<String> alphabet = List.of("a", "b", "c", "\uD83D\uDE00", "\u00E9", "<think>", "d", "e", "f", "g");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int from = texts.isEmpty() ? 0 : random.nextInt(texts.size());
            String copied = texts.isEmpty() ? "" : texts.get(from);
            String gap = unit == Unit.WORDS ? " " : "";
            texts.add(IntStream.range(0, 10).mapToObj(j -> alphabet.get(random.nextInt(10)))
                    .collect(Collectors.joining(gap)) + gap
                    + copied.substring(0, copied.offsetByCodePoints(0,
                            copied.codePointCount(0, copied.length()) / 2)));
        }
        return texts;
    }

    @Test
    void aRowThatIsForTheMostPartCopiedGoesAndNamesWhereFrom() {
        Candidate first = Answers.chat("a", "One fine day. " + BOILER);
        Candidate copy = Answers.chat("b", "And so, " + BOILER + " again");
        Candidate own = Answers.chat("c", "Nothing of that is in here, for these are other words altogether, all of "
                + "them.");
        List<Decision> decisions = decide("min: 10", first, copy, own);
        assertEquals(0.0, decisions.get(0).scores().values().get("shared"));
        Decision.Drop drop = (Decision.Drop) decisions.get(1);
        assertEquals("substring_duplicate", drop.reason());
        JsonNode passage = drop.evidence().path("passages").get(0);
        assertEquals(first.id(), passage.path("kept_id").textValue());
        assertEquals(BOILER, passage.path("text").textValue());
        assertEquals(15, passage.path("words").intValue());
        assertEquals(0.833333, drop.evidence().path("share").doubleValue());
        assertEquals(0.0, decisions.get(2).scores().values().get("shared"));
    }

    @Test
    void whatIsCutIsThePassageAloneAndItsFirstPlaceKeepsIt() {
        String own = "The sum of three and four is seven, which is what we were looking for from the very start. ";
        List<Decision> decisions = decide("min: 10, cut: true",
                Answers.chat("a", "Well. " + BOILER), Answers.chat("b", own + BOILER + "\nSo it is."));
        assertTrue(decisions.get(0) instanceof Decision.Keep);
        Decision.Edit edit = (Decision.Edit) decisions.get(1);
        assertEquals(own + "So it is.", edit.row().at("/messages/1/content").textValue());
        assertEquals("substring_cut", edit.reason());
        assertEquals(BOILER, edit.evidence().at("/passages/0/text").textValue());
    }

    @Test
    void whatComesTogetherWhereAPassageWasCutIsLookedAtAgain() {
        String seam = "p1 p2 p3 p4 p5 p6 p7 p8";
        List<Decision> decisions = decide("min: 8, cut: true, share: 0.9", Answers.chat("a", BOILER),
                Answers.chat("b", seam), Answers.chat("c", "x1 x2 x3 x4 x5 p1 p2 p3 p4 " + BOILER
                        + " p5 p6 p7 p8 y1 y2 y3"));
        assertEquals("x1 x2 x3 x4 x5 y1 y2 y3",
                ((Decision.Edit) decisions.get(2)).row().at("/messages/1/content").textValue());
    }

    @Test
    void aPassageInCharactersIsNeverCutWithinACodePoint() {
        String faces = "\uD83D\uDE00\uD83D\uDE01\uD83D\uDE02\uD83E\uDD23".repeat(3);
        List<Decision> decisions = decide("min: 12, unit: characters, cut: true, share: 0.9",
                Answers.chat("a", "x" + faces), Answers.chat("b", "\uD83D\uDE03 y " + faces + "\uD83D\uDE05 z"));
        String left = ((Decision.Edit) decisions.get(1)).row().at("/messages/1/content").textValue();
        assertEquals("\uD83D\uDE03 y \uD83D\uDE05 z", left);
    }

    @Test
    void noPassageReachesOverTheMarksOfReasoning() {
        String half = "one two three four five six";
        Candidate first = Answers.chat("a", "<think> " + half + " </think> " + half.replace("t", "u"));
        Candidate again = Answers.chat("b", "<think> " + half + " </think> " + half.replace("t", "u"));
        assertTrue(decide("min: 8", first, again).get(1) instanceof Decision.Keep);
        assertTrue(decide("min: 6", first, again).get(1) instanceof Decision.Drop);
    }

    @Test
    void memoryThatWouldNotDoIsSaidBeforeARowIsJudged() {
        String words = IntStream.range(0, 60_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        try (Step step = step("min: 2, memory_mb: 1")) {
            Candidate row = Answers.chat("a", words);
            step.look(row);
            assertEquals("substring_duplicates.memory_mb: room for the 59999 fingerprints of 60000 words; got 1, of 2 "
                            + "needed; write 'memory_mb: 2' where the heap has that, or a greater 'min': twice as "
                            + "much takes half",
                    assertThrows(ConfigException.class, () -> step.judge(row)).getMessage());
        }
        assertEquals(1, decide("min: 2, memory_mb: 2", Answers.chat("a", words)).size());
    }

    @Test
    void aRunThatStandsInManyTextsIsComparedInSomeAndTheRestIsCounted() {
        String near = BOILER.substring(0, BOILER.lastIndexOf(' '));
        Candidate[] rows = IntStream.range(0, 70)
                .mapToObj(i -> Answers.chat("q" + i, near + " day" + i)).toArray(Candidate[]::new);
        try (Step step = step("min: 15")) {
            List.of(rows).forEach(step::look);
            List.of(rows).forEach(row -> assertTrue(step.judge(row) instanceof Decision.Keep));
            assertTrue(step.facts().path("runs_not_compared_everywhere").longValue() > 0);
        }
    }

    @Test
    void questionsAreNotCut() {
        assertTrue(assertThrows(ConfigException.class, () -> step("cut: true, on: question")).getMessage()
                .endsWith("cut: answers are cut, questions never; got 'on: question'; write 'on: answer'"));
        assertFalse(assertThrows(ConfigException.class, () -> step("min: 1")).getMessage().isEmpty());
    }
}
