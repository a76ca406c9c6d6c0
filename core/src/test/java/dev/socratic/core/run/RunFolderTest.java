package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.LimitException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunFolderTest extends RunFixture {
    @Test
    void aStageRunsOnceAndIsThenSkippedWithWhatItSaid() throws Exception {
        assertEquals(new StageResult(new StageDecision.Fresh(), REPORT, Duration.ZERO),
                run(plan(CONFIG), writing("a")));
        assertEquals(new StageResult(new StageDecision.Skip(), REPORT, Duration.ZERO), run(plan(CONFIG), context -> {
            throw new AssertionError("a skipped stage does nothing");
        }));
        assertEquals(List.of("generate: runs for the first time", "generate: skipped, nothing has changed"), notes);
    }

    @Test
    void theOrderOfKeysIsNoReasonToRunAgain() throws Exception {
        run(plan(CONFIG), writing("a"));
        assertEquals(new StageDecision.Skip(),
                decide(plan(
                        "{\"note\":null,\"terms\":[{\"w\":1},{\"w\":2}],"
                                + "\"sampling\":{\"top_p\":9e-1},\"samples\":4}")));
    }

    @Test
    void whatChangedIsNamed() throws Exception {
        run(plan(CONFIG), writing("a"));
        assertEquals("generate: runs again because the config changed: generate.samples 4 -> 8",
                say(plan(CONFIG.replace("4", "8"))));
        assertEquals(
                "generate: runs again because the config changed: generate.note nothing -> x, "
                        + "generate.sampling.top_p 0.9 -> nothing, generate.terms[1].w 2 -> 3",
                say(plan(CONFIG.replace("null", "\"x\"").replace("\"top_p\":0.9", "").replace("2", "3"))));
        assertEquals("generate: runs again because the code changed: v1 -> v2",
                say(new StagePlan("generate", config(CONFIG), inputs(), "v2", seeds(1), new TreeMap<>(), 2)));
        assertEquals("generate: runs again because seed run changed: 1 -> 2",
                say(new StagePlan("generate", config(CONFIG), inputs(), "v1", seeds(2), new TreeMap<>(), 2)));
        Files.writeString(questions, "q2");
        assertEquals("generate: runs again because input questions changed", say(plan(CONFIG)));
        TreeMap<String, Path> more = new TreeMap<>(Map.of("more", questions));
        assertEquals(
                "generate: runs again because input more is new; input questions is gone",
                say(new StagePlan("generate", config(CONFIG), more, "v1", seeds(1), new TreeMap<>(), 2)));
    }

    @Test
    void threadsAndVersionsAreKeptButNoReasonToRunAgain() throws Exception {
        run(plan(CONFIG), writing("a"));
        assertEquals(new StageDecision.Skip(),
                decide(new StagePlan("generate", config(CONFIG), inputs(), "v1", seeds(1),
                        new TreeMap<>(Map.of("java", "99")), 64)));
    }

    @Test
    void aChangedConfigMovesWhatWasThereAsideButKeepsTheCache() throws Exception {
        run(plan(CONFIG), context -> {
            AtomicFiles.write(context.folder().resolve("cache/ab/answer.json"), "paid for");
            AtomicFiles.write(context.folder().resolve("answers-000001.journal"), "old answers");
            return writing("old").run(context);
        });
        run(plan(CONFIG.replace("4", "8")), context -> {
            assertEquals("paid for", InBody.read(context.folder().resolve("cache/ab/answer.json")));
            assertEquals(List.of("cache"), InBody.names(context.folder()));
            return writing("new").run(context);
        });
        assertEquals("new", Files.readString(root.resolve("generate/answers.jsonl")));
        Path aside = superseded(CONFIG);
        assertEquals("old", Files.readString(aside.resolve("answers.jsonl")));
        assertEquals("old answers", Files.readString(aside.resolve("answers-000001.journal")));
        assertEquals(
                "generate: what was there before lies in " + aside + "; delete it when you need the room",
                notes.getLast());
    }

    @Test
    void whatWasSetAsideComesBackWhenItFitsAgain() throws Exception {
        String other = CONFIG.replace("4", "8");
        run(plan(CONFIG), writing("old"));
        run(plan(other), writing("new"));
        StageResult back = run(plan(CONFIG), context -> {
            throw new AssertionError("it was made of this already");
        });
        assertEquals(new StageDecision.Skip(), back.decision());
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl")));
        assertTrue(notes.contains("generate: what was made of this before comes back; "
                + "the config changed: generate.samples 8 -> 4"), notes.toString());
        assertFalse(Files.exists(superseded(CONFIG)), "nothing is left behind");
        assertEquals("new", Files.readString(superseded(other).resolve("answers.jsonl")));
        run(plan(other), context -> {
            throw new AssertionError("and the other way round");
        });
    }

    @Test
    void ofWhatAStageWasTheNewestThreeAreKeptAndWhatGoesIsSaid() throws Exception {
        for (int samples = 1; samples <= 6; samples++) {
            run(plan(samples(samples)), writing("answers " + samples));
            age(samples);
        }
        assertEquals(List.of(false, false, true, true, true), IntStream.rangeClosed(1, 5)
                .mapToObj(samples -> Files.exists(superseded(samples(samples)))).toList());
        assertTrue(notes.contains("generate: of what it was before the newest 3 are kept; removed: "
                + superseded(samples(1))), notes.toString());
        assertEquals(new StageDecision.Skip(), run(plan(samples(3)), writing("never")).decision());
        assertEquals("answers 3", Files.readString(root.resolve("generate/answers.jsonl")), "the oldest comes back");
        assertEquals(List.of(true, true, true), IntStream.rangeClosed(4, 6)
                .mapToObj(samples -> Files.exists(superseded(samples(samples)))).toList());
    }

    /// Another stage's are its own, and what was changed by hand is in none of them.
    @Test
    void whatSomebodyEditedAndWhatOtherStagesWereStays() throws Exception {
        run(plan(samples(9)), writing("a"));
        Files.writeString(root.resolve("generate/answers.jsonl"), "edited");
        run(plan(samples(9)), writing("a"));
        Path other = Files.createDirectories(root.resolve("superseded/generate-more-0123456789ab"));
        for (int samples = 1; samples <= 6; samples++) {
            run(plan(samples(samples)), writing("answers " + samples));
            age(samples);
        }
        assertEquals("edited", Files.readString(root.resolve("superseded/generate-1/answers.jsonl")));
        assertTrue(Files.exists(other));
    }

    @Test
    void whatMayBeTheOnlyCopyOfPaidAnswersIsNeverRemoved() throws Exception {
        String asked = CONFIG.replace("\"note\":null", "\"teacher\":{\"base_url\":\"http://h/v1\"}");
        for (int samples = 1; samples <= 6; samples++) { // no account: nothing of it is in asked/
            run(plan(asked.replace("4", "" + samples)), writing("answers " + samples));
            age(samples);
        }
        assertTrue(Files.exists(superseded(asked.replace("4", "1"))));
        for (int samples = 7; samples <= 8; samples++) { // with one they are
            run(plan(asked.replace("4", "" + samples)), context -> {
                context.run().spent().accept(new Usage(1, 1, 1));
                return writing("booked").run(context);
            });
        }
        assertFalse(Files.exists(superseded(asked.replace("4", "1"))));
        run(plan(samples(20)), context -> {
            AtomicFiles.write(context.folder().resolve("answers-000001.journal"), "of an earlier version");
            return writing("old").run(context);
        });
        for (int samples = 21; samples <= 26; samples++) {
            run(plan(samples(samples)), writing("answers " + samples));
            age(samples);
        }
        assertTrue(Files.exists(superseded(samples(20)).resolve("answers-000001.journal")));
    }

    private static String samples(int n) {
        return CONFIG.replace("4", String.valueOf(n));
    }

    /// What was just set aside was so a second later than what was before: a clock may be coarser than this test.
    private void age(int second) throws IOException {
        if (Files.isDirectory(root.resolve("superseded"))) {
            try (Stream<Path> all = Files.list(root.resolve("superseded"))) {
                for (Path entry : all.map(place -> place.resolve(".stage.json")).filter(Files::exists).toList()) {
                    if (Files.getLastModifiedTime(entry).toMillis() > 1_000_000) {
                        Files.setLastModifiedTime(entry, FileTime.fromMillis(1000L * second));
                    }
                }
            }
        }
    }

    @Test
    void aMistakeInTheConfigLeavesEverythingWhereItWas() throws Exception {
        run(plan(CONFIG), writing("old"));
        String manifest = Files.readString(root.resolve("manifest.json"));
        StagePlan other = plan(CONFIG.replace("4", "8"));
        ConfigException typo = assertThrows(ConfigException.class, () -> run(other, context -> {
            AtomicFiles.write(context.folder().resolve("quarantine.jsonl"), "what the attempt left");
            throw new ConfigException("prompt", "a template", "nosuch", "write direct");
        }));
        assertEquals("prompt: a template; got nosuch; write direct", typo.getMessage());
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl")));
        assertEquals(manifest, Files.readString(root.resolve("manifest.json")), "to the letter");
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
        assertEquals(
                "generate: what was there before is in its place again; what this attempt left lies in "
                        + superseded(CONFIG.replace("4", "8")),
                notes.getLast());
    }

    @Test
    void aLimitThatEndsAnAttemptLeavesEverythingWhereItWasToo() throws Exception {
        run(plan(CONFIG), writing("old"));
        StagePlan other = plan(CONFIG.replace("4", "8"));
        assertThrows(LimitException.class, () -> run(other, context -> {
            throw new LimitException("data", "at most half of the rows lost", "901 of 925", "raise max_seq");
        }));
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl")));
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    @Test
    void aFileThatIsAwayForAMomentCostsNothing() throws Exception {
        run(plan(CONFIG), writing("old"));
        Files.delete(questions);
        assertThrows(SocraticException.class, () -> run(plan(CONFIG), writing("never")));
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl")));
        Files.writeString(questions, "q1");
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    @Test
    void aProblemThatMayPassLeavesTheNewAttemptInPlaceAndTheOldOneWhereItComesBackFrom() throws Exception {
        run(plan(CONFIG), writing("old"));
        String other = CONFIG.replace("4", "8");
        assertThrows(RetryLaterException.class, () -> run(plan(other), context -> {
            AtomicFiles.write(context.folder().resolve("half"), "done so far");
            throw new RetryLaterException("disk", "room to write", "none", "free some");
        }));
        assertEquals("done so far", Files.readString(root.resolve("generate/half")));
        assertInstanceOf(StageDecision.Resume.class, decide(plan(other)));
        assertInstanceOf(StageDecision.Back.class, decide(plan(CONFIG)));
    }

    /// A kill between two moves leaves files in both places, under the manifest of before.
    @Test
    void aMoveThatWasKilledHalfWayIsUndoneAndBegunAgain() throws Exception {
        run(plan(CONFIG), context -> {
            AtomicFiles.write(context.folder().resolve("questions.jsonl"), "second file");
            return writing("old").run(context);
        });
        run(plan(CONFIG.replace("4", "8")), writing("new"));
        run(plan(CONFIG), writing("never"));
        Path aside = superseded(CONFIG);
        Files.createDirectories(aside);
        Files.move(root.resolve("generate/answers.jsonl"), aside.resolve("answers.jsonl"));
        JsonNode manifest = Json.read(root.resolve("manifest.json"), JsonNode.class);
        Files.writeString(aside.resolve(".stage.json"), Json.pretty(manifest.at("/stages/generate")));
        assertEquals(new StageDecision.Skip(), run(plan(CONFIG), writing("never")).decision());
        assertEquals("old", Files.readString(root.resolve("generate/answers.jsonl")));
        assertEquals("second file", Files.readString(root.resolve("generate/questions.jsonl")));
    }

    @Test
    void anIncompleteStageIsNeverTakenForADoneOneAndGoesOn() throws Exception {
        Counts counts = Counts.of(10, 4, Map.of(), 6);
        StageReport part = new StageReport(counts, Usage.NONE, Map.of(), Optional.of("6 are open"));
        StageResult first = run(plan(CONFIG), context -> {
            writing("a part").run(context);
            return part;
        });
        assertEquals(Optional.of("6 are open"), first.report().incomplete());
        assertEquals("generate: goes on; it is incomplete: 6 are open", say(plan(CONFIG)));
        try (RunFolder run = RunFolder.open(root)) {
            Manifest.Stage stage = run.manifest().stages().get("generate");
            assertEquals(Manifest.State.INCOMPLETE, stage.state());
            assertEquals(Optional.of("6 are open"), stage.report().orElseThrow().incomplete(), "also when it is read");
        }
        assertEquals(Optional.empty(), run(plan(CONFIG), writing("all")).report().incomplete());
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    @Test
    void whatWasSpentIsAFactOfTheRunThatNoConfigEnds() throws Exception {
        run(plan(CONFIG), context -> {
            context.run().spent().accept(new Usage(10, 5, 0.5));
            return writing("a").run(context);
        });
        run(plan(CONFIG.replace("4", "8")), writing("b"));
        try (RunFolder run = RunFolder.open(root)) {
            assertEquals(Optional.of(Map.of("generate", new Usage(10, 5, 0.5))), run.manifest().spent());
        }
    }

    @Test
    void aStageThatGoesOnKeepsWhenItBeganAndAddsUpItsWork() throws Exception {
        assertThrows(InterruptedException.class, () -> run(plan(CONFIG), context -> {
            Thread.sleep(20);
            throw new InterruptedException();
        }));
        run(plan(CONFIG), context -> {
            assertEquals(clock.instant(), context.run().started());
            return writing("a").run(context);
        });
        try (RunFolder run = RunFolder.open(root)) {
            Manifest.Stage stage = run.manifest().stages().get("generate");
            assertTrue(stage.seconds().orElseThrow() >= 0.02, stage.seconds().toString());
        }
    }

    @Test
    void aStageThatFailedGoesOnInItsOwnFolder() throws Exception {
        RetryLaterException full = assertThrows(RetryLaterException.class, () -> run(plan(CONFIG), context -> {
            AtomicFiles.write(context.folder().resolve("half"), "done so far");
            throw new RetryLaterException("disk", "room to write", "none", "free some");
        }));
        assertEquals("disk: room to write; got none; free some", full.getMessage());
        assertEquals("generate: goes on; the last run ended with: disk: room to write; got none; free some",
                say(plan(CONFIG)));
        run(plan(CONFIG), context -> {
            assertEquals("done so far", InBody.read(context.folder().resolve("half")));
            return writing("a").run(context);
        });
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    /// What a kill leaves: the manifest says running, the folder is half full.
    @Test
    void aStageThatWasKilledGoesOn() throws Exception {
        run(plan(CONFIG), writing("a"));
        Path manifest = root.resolve("manifest.json");
        Files.writeString(manifest,
                Files.readString(manifest).replace("\"state\" : \"done\"", "\"state\" : \"running\""));
        assertEquals("generate: goes on; the last run was stopped", say(plan(CONFIG)));
        assertThrows(InterruptedException.class, () -> run(plan(CONFIG), context -> {
            throw new InterruptedException();
        }));
        assertEquals("generate: goes on; the last run ended with: interrupted", say(plan(CONFIG)));
    }

    @Test
    void aMissingOrChangedOutputIsMadeAgainFromTheStagesOwnJournal() throws Exception {
        StageBody body = context -> {
            AtomicFiles.write(context.folder().resolve("x.journal"), "journal");
            AtomicFiles.write(context.folder().resolve("deep/report.json"), "{}");
            return writing("a").run(context);
        };
        run(plan(CONFIG), body);
        Files.writeString(root.resolve("generate/x.journal"), "work in progress is no output");
        Files.writeString(root.resolve("generate/notes.txt"), "nor is what somebody put there");
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
        Files.delete(root.resolve("generate/deep/report.json"));
        Files.writeString(root.resolve("generate/answers.jsonl"), "edited");
        assertEquals(
                "generate: runs again because output deep/report.json is missing; output answers.jsonl was changed",
                        say(plan(CONFIG)));
        run(plan(CONFIG), context -> {
            assertTrue(Files.exists(context.folder().resolve("x.journal")));
            assertFalse(Files.exists(context.folder().resolve("answers.jsonl")));
            return body.run(context);
        });
        assertEquals("edited", Files.readString(root.resolve("superseded/generate-1/answers.jsonl")));
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    @Test
    void theManifestSaysWhatWentInAndWhatCameOut() throws Exception {
        run(plan(CONFIG), writing("a"));
        assertEquals("""
                {"format":2,"stages":{"generate":{"state":"done","hash":"%s",\
                "basis":{"config":%s,"inputs":{"questions":"%s"},"code_version":"v1","seeds":{"run":1}},\
                "versions":{"java":"21"},"threads":2,"first":"2024-05-06T07:08:09Z",\
                "started":"2024-05-06T07:08:09Z","ended":"2024-05-06T07:08:09Z",\
                "counts":{"in":10,"kept":7,"dropped":{"wrong":2},"failed":1},"usage":{"prompt_tokens":100,"completion_tokens":50,"cost_usd":0.25},\
                "notes":{"best":"x","rate":0.5},"outputs":{"answers.jsonl":"%s"}}}}"""
                .formatted(hashInManifest(), CONFIG, Hashes.sha256("q1"), Hashes.sha256("a")),
                        sortedNotes(Json.read(root.resolve("manifest.json"), JsonNode.class)));
        try (RunFolder run = RunFolder.open(root)) {
            assertEquals(Manifest.State.DONE, run.manifest().stages().get("generate").state());
            assertEquals(REPORT.counts(), run.manifest().stages().get("generate").report().orElseThrow().counts());
        }
    }

    @Test
    void aDamagedManifestIsNamedWithTheRemedy() throws Exception {
        run(plan(CONFIG), writing("a"));
        Path manifest = root.resolve("manifest.json");
        Files.writeString(manifest, "{\"format\": 1,");
        DataException e = assertThrows(DataException.class, () -> RunFolder.open(root));
        assertTrue(e.getMessage().startsWith(manifest + ":1:"), e.getMessage());
        assertTrue(e.getMessage()
                .endsWith("move it away: every stage then runs from its start, and what is there is kept aside"),
                        e.getMessage());
        Files.delete(manifest);
        assertInstanceOf(StageDecision.Fresh.class, run(plan(CONFIG), writing("b")).decision());
        assertEquals("a", Files.readString(root.resolve("superseded/generate-1/answers.jsonl")));
        Files.writeString(manifest, Files.readString(manifest).replace("\"format\" : 2", "\"format\" : 3"));
        DataException later = assertThrows(DataException.class, () -> RunFolder.open(root));
        assertEquals(
                manifest + ": format 1 to 2; got 3; use the version of Socratic that wrote it", later.getMessage());
    }

    @Test
    void oneRunHasOneCommand() {
        try (RunFolder run = RunFolder.open(root)) {
            RetryLaterException e = assertThrows(RetryLaterException.class, () -> RunFolder.open(root));
            assertEquals(
                    root + ": to be the only one that writes here; got another run at work; wait until it has "
                            + "ended, or choose another folder", e.getMessage());
        }
    }

    @Test
    void aStagesNameIsAFolderBelow() {
        assertThrows(IllegalArgumentException.class, () -> StagePlan.of("../x", config("{}"), Map.of(), "v", 1));
        assertThrows(IllegalArgumentException.class, () -> StagePlan.of("/x", config("{}"), Map.of(), "v", 1));
        assertEquals("train/sft", StagePlan.of("train/sft", config("{}"), Map.of(), "v", 1).stage());
    }

    @Test
    void theSameCodeHasTheSameVersion() {
        assertTrue(CodeVersion.of(RunFolder.class).matches("[0-9a-f]{16}"));
        assertEquals(CodeVersion.of(RunFolder.class, Test.class), CodeVersion.of(Test.class, RunFolder.class));
        assertFalse(CodeVersion.of(RunFolder.class).equals(CodeVersion.of(RunFolder.class, Test.class)),
                "a jar counts too");
    }

    /// Notes keep the order they were given in; here that is the order of a `Map.of`, which is none.
    private static String sortedNotes(JsonNode manifest) {
        com.fasterxml.jackson.databind.node.ObjectNode stage =
                (com.fasterxml.jackson.databind.node.ObjectNode) manifest.path("stages").path("generate");
        assertTrue(stage.remove("seconds").doubleValue() >= 0);
        stage.remove("peak_memory_mb"); // only Linux says it
        stage.set("notes", config(Json.canonical(stage.get("notes"))));
        return Json.line(manifest);
    }
}
