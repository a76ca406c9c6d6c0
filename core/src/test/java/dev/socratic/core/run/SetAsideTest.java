package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What lies in a stage's place when it begins is never lost, and a user is told where it is now.
class SetAsideTest extends RunFixture {
    private static final String OTHER = CONFIG.replace("4", "8");

    @Test
    void filesThatAreInNoManifestAreSetAsideAndTheCacheStays() throws Exception {
        AtomicFiles.write(root.resolve("generate/mine.txt"), "whose is this");
        AtomicFiles.write(root.resolve("generate/cache/ab.json"), "paid for");
        run(plan(CONFIG), context -> {
            assertEquals(List.of("cache"), InBody.names(context.folder()));
            return writing("a").run(context);
        });
        Path aside = root.resolve("superseded/generate-1");
        assertEquals("whose is this", Files.readString(aside.resolve("mine.txt")));
        assertEquals("paid for", Files.readString(root.resolve("generate/cache/ab.json")));
        assertEquals(lies(aside), notes.getLast());
    }

    @Test
    void whatWasEditedTwiceLiesInTwoPlaces() throws Exception {
        run(plan(CONFIG), writing("a"));
        for (String edit : List.of("first", "second")) {
            Files.writeString(root.resolve("generate/answers.jsonl"), edit);
            run(plan(CONFIG), writing("a"));
        }
        assertEquals("first", Files.readString(root.resolve("superseded/generate-1/answers.jsonl")));
        assertEquals("second", Files.readString(root.resolve("superseded/generate-2/answers.jsonl")));
        assertEquals(lies(root.resolve("superseded/generate-2")), notes.getLast());
    }

    @Test
    void whereTheOtherOneLiesIsSaidWhenSomethingComesBack() throws Exception {
        run(plan(CONFIG), writing("old"));
        StageResult again = run(plan(OTHER), writing("new"));
        assertEquals("generate: runs again because the config changed: generate.samples 4 -> 8",
                again.decision().say("generate"));
        run(plan(CONFIG), writing("never"));
        assertTrue(notes.contains(lies(superseded(OTHER))), notes.toString());
    }

    /// The folder's name holds the first digits of a hash only.
    @Test
    void whatWasMadeOfSomethingElseDoesNotComeBackWhateverItsFolderIsCalled() throws Exception {
        run(plan(CONFIG), writing("old"));
        run(plan(OTHER), writing("new"));
        Path place = superseded(CONFIG);
        JsonNode entry = Json.read(root.resolve("manifest.json"), JsonNode.class).at("/stages/generate");
        Files.writeString(place.resolve(".stage.json"), Json.pretty(entry));
        assertInstanceOf(StageDecision.RunAgain.class, decide(plan(CONFIG)));
    }

    @Test
    void anAccountOfAnotherStageSaysNothingOfThisOnesAnswers() throws Exception {
        String asked = CONFIG.replace("\"note\":null", "\"teacher\":{\"base_url\":\"http://h/v1\"}");
        run(StagePlan.of("eval", config("{}"), inputs(), "v1", 1), context -> {
            context.run().spent().accept(new Usage(1, 1, 1));
            return writing("a").run(context);
        });
        for (int samples = 1; samples <= 5; samples++) {
            run(plan(asked.replace("4", "" + samples)), writing("answers " + samples));
        }
        assertTrue(Files.exists(superseded(asked.replace("4", "1"))));
    }

    /// A kill between two moves, and a file of the same name that somebody put there meanwhile.
    @Test
    void aNameThatIsTakenMeanwhileCostsNeitherFile() throws Exception {
        run(plan(CONFIG), writing("old"));
        Path aside = superseded(CONFIG);
        Files.createDirectories(aside);
        Files.move(root.resolve("generate/answers.jsonl"), aside.resolve("answers.jsonl"));
        Files.writeString(root.resolve("generate/answers.jsonl"), "somebody's");
        Files.writeString(root.resolve("generate/answers.jsonl.2"), "somebody's too");
        JsonNode entry = Json.read(root.resolve("manifest.json"), JsonNode.class).at("/stages/generate");
        Files.writeString(aside.resolve(".stage.json"), Json.pretty(entry));
        run(plan(CONFIG), writing("made again"));
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl.3")));
        assertEquals("somebody's too", Files.readString(root.resolve("generate/answers.jsonl.2")));
        assertEquals("somebody's", Files.readString(root.resolve("superseded/generate-1/answers.jsonl")));
    }

    @Test
    void aManifestThatCannotBeWrittenHidesNoProblem() throws Exception {
        run(plan(CONFIG), writing("old"));
        Path manifest = root.resolve("manifest.json");
        ConfigException typo = assertThrows(ConfigException.class, () -> run(plan(OTHER), context -> {
            inTheWay(manifest);
            throw new ConfigException("prompt", "a template", "nosuch", "write direct");
        }));
        assertEquals("prompt: a template; got nosuch; write direct", typo.getMessage());
        assertEquals(2, Arrays.stream(typo.getSuppressed())
                .filter(e -> e.getMessage().startsWith(manifest.toString())).count(),
                Arrays.toString(typo.getSuppressed()));
        assertFalse(notes.getLast().contains("in its place again"), notes.getLast());
        assertEquals("old", Files.readString(superseded(CONFIG).resolve("answers.jsonl")));
    }

    /// A folder that is not empty is replaced by no file.
    private static void inTheWay(Path file) {
        try {
            Files.delete(file);
            Files.createDirectories(file.resolve("full"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lies(Path place) {
        return "generate: what was there before lies in " + place + "; delete it when you need the room";
    }
}
