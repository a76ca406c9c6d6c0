package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Why a stage runs again, in the words a user reads.
class ReasonsTest extends RunFixture {
    @Test
    void aKeyThatIsNewAndOneThatIsGoneAreNamed() throws Exception {
        run(plan("{\"a\":1}"), writing("x"));
        assertEquals(
                "generate: runs again because the config changed: generate.a 1 -> nothing, generate.b nothing -> 2",
                say(plan("{\"b\":2}")));
    }

    @Test
    void listsOfOneLengthAreComparedPlaceByPlaceAndOthersAsAWhole() throws Exception {
        run(plan("{\"steps\":[1,2,3]}"), writing("x"));
        assertEquals("generate: runs again because the config changed: generate.steps[2] 3 -> 4",
                say(plan("{\"steps\":[1,2,4]}")));
        assertEquals("generate: runs again because the config changed: generate.steps [1,2,3] -> [1,2]",
                say(plan("{\"steps\":[1,2]}")));
    }

    @Test
    void ofManyChangedValuesFiveAreShownAndTheOthersCounted() throws Exception {
        run(plan(keys(7, 0)), writing("x"));
        assertEquals("generate: runs again because the config changed: " + changes(7, 5) + " and 2 more",
                say(plan(keys(7, 1))));
        run(plan(keys(5, 0)), writing("x"));
        assertEquals("generate: runs again because the config changed: " + changes(5, 5), say(plan(keys(5, 1))));
    }

    @Test
    void oneMissingFileIsAndSeveralAreMissing() throws Exception {
        run(plan(CONFIG), context -> {
            writing("a").run(context);
            return writing("b", "more.jsonl").run(context);
        });
        Files.delete(root.resolve("generate/more.jsonl"));
        assertEquals("generate: runs again because output more.jsonl is missing", say(plan(CONFIG)));
        Files.delete(root.resolve("generate/answers.jsonl"));
        assertEquals("generate: runs again because output answers.jsonl, more.jsonl are missing", say(plan(CONFIG)));
    }

    /// Two texts that begin alike are cut so that what differs can be seen.
    @Test
    void ofLongTextsThePlaceWhereTheyDifferIsShown() throws Exception {
        String alike = "a".repeat(70);
        String before = "a".repeat(15);
        assertChange(alike + "b", alike + "c", "..." + before + "b -> ..." + before + "c");
        assertChange(alike, alike + "c", "..." + before + " -> ..." + before + "c");
        assertChange(alike + "c", alike, "..." + before + "c -> ..." + before);
        assertChange(alike + "b" + "d".repeat(60), alike + "c",
                "..." + before + "b" + "d".repeat(44) + "... -> ..." + before + "c");
    }

    @Test
    void textsOfSixtyCharactersAreShownWhole() throws Exception {
        String sixty = "a".repeat(59);
        assertChange(sixty + "b", sixty + "c", sixty + "b -> " + sixty + "c");
        assertChange("short", sixty + "b", "short -> " + sixty + "b");
        assertChange(sixty + "b", "short", sixty + "b -> short");
        assertChange("short", sixty + "bc", "short -> " + sixty + "b...");
    }

    /// Which of the two is longer decides nothing: what is cut is cut at the same place.
    @Test
    void aLongTextBesideAShortOneIsCutWhereTheyPart() throws Exception {
        assertChange("a".repeat(50) + "b", "a".repeat(50) + "c".repeat(20),
                "..." + "a".repeat(15) + "b -> ..." + "a".repeat(15) + "c".repeat(20));
        assertChange("a".repeat(50) + "c".repeat(20), "a".repeat(50) + "b",
                "..." + "a".repeat(15) + "c".repeat(20) + " -> ..." + "a".repeat(15) + "b");
    }

    private void assertChange(String then, String now, String shown) throws InterruptedException {
        run(plan("{\"prompt\":\"" + then + "\"}"), writing("x"));
        String said = say(plan("{\"prompt\":\"" + now + "\"}"));
        String before = "the config changed: generate.prompt ";
        assertEquals(shown, said.substring(said.indexOf(before) + before.length()));
    }

    private static String keys(int n, int value) {
        return IntStream.range(0, n).mapToObj(i -> "\"k" + i + "\":" + value)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String changes(int n, int shown) {
        return IntStream.range(0, Math.min(n, shown)).mapToObj(i -> "generate.k" + i + " 0 -> 1")
                .collect(Collectors.joining(", "));
    }
}
