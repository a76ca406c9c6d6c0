package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the manifest says of a stage while it is at work and afterwards.
class StageFiguresTest extends RunFixture {
    private static final int MEBI = 1 << 20;

    @Test
    void theManifestSaysWhileAStageIsAtWorkThatItIsAndWhatItHasSpent() throws Exception {
        run(plan(CONFIG), context -> {
            assertEquals("running", onDisk().at("/stages/generate/state").textValue());
            context.run().spent().accept(new Usage(10, 5, 0.5));
            assertEquals(0.5, onDisk().at("/spent/generate/cost_usd").doubleValue());
            return writing("a").run(context);
        });
    }

    @Test
    void aStageMadeOfSomethingElseHasFiguresOfItsOwn() throws Exception {
        run(plan(CONFIG), context -> {
            Thread.sleep(300);
            return writing("a").run(context);
        });
        Clock later = Clock.offset(clock, Duration.ofDays(1));
        try (RunFolder run = RunFolder.open(root)) {
            long began = System.nanoTime();
            run.run(plan(CONFIG.replace("4", "8")), Progress.SILENT, later, context -> {
                assertEquals(later.instant(), context.run().started());
                return writing("b").run(context);
            });
            double took = (System.nanoTime() - began) / 1e9;
            double seconds = stage(run).seconds().orElseThrow();
            assertTrue(seconds <= took, seconds + " of " + took + ": its own time alone");
        }
    }

    @Test
    void timeAtWorkIsInSeconds() throws Exception {
        run(plan(CONFIG), context -> {
            Thread.sleep(50);
            return writing("a").run(context);
        });
        try (RunFolder run = RunFolder.open(root)) {
            double seconds = stage(run).seconds().orElseThrow();
            assertTrue(seconds >= 0.05 && seconds < 60, "not " + seconds);
        }
    }

    /// Tensors lie outside the Java heap, as this buffer does.
    @Test
    void theLargestMemoryIsThatOfTheStageAndNotOfTheOneBefore() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "only Linux counts it");
        long before = resident();
        run(StagePlan.of("large", config("{}"), inputs(), "v1", 1), context -> {
            touch(ByteBuffer.allocateDirect(256 * MEBI));
            return writing("a").run(context);
        });
        for (int i = 0; i < 100 && resident() > before + 128; i++) {
            System.gc(); // the buffer's memory goes with it
            Thread.sleep(20);
        }
        run(StagePlan.of("small", config("{}"), inputs(), "v1", 1), writing("b"));
        try (RunFolder run = RunFolder.open(root)) {
            long large = run.manifest().stages().get("large").peakMemoryMb().orElseThrow();
            long small = run.manifest().stages().get("small").peakMemoryMb().orElseThrow();
            assertTrue(large >= 256 && large < 64 * 1024, "mebibytes, not " + large);
            assertTrue(small > 0 && small < large - 64, small + " after " + large);
        }
    }

    @Test
    void notesOfAnyShapeAreTheSameWhenTheStageIsSkipped() throws Exception {
        Map<String, Object> told = Map.of(
                "by_task", Map.of("gsm8k", List.of(1L, 0.5), "math", List.of()), "whole", true, "name", "x");
        StageReport report = new StageReport(Counts.of(1, 1, Map.of(), 0), Usage.NONE, told);
        StageBody body = context -> {
            writing("a").run(context);
            return report;
        };
        assertEquals(told, run(plan(CONFIG), body).report().notes());
        assertEquals(told, run(plan(CONFIG), body).report().notes());
    }

    @Test
    void whatIsWrittenLaterIsTheStagesOwn() throws Exception {
        run(plan(CONFIG), writing("a"));
        try (RunFolder run = RunFolder.open(root)) {
            run.rewrite("generate", "answers.jsonl", "with what was learned later");
            assertEquals("generate made no card.md", assertThrows(IllegalArgumentException.class,
                    () -> run.rewrite("generate", "card.md", "x")).getMessage());
            assertThrows(IllegalArgumentException.class, () -> run.rewrite("eval", "answers.jsonl", "x"));
        }
        assertEquals("with what was learned later", Files.readString(root.resolve("generate/answers.jsonl")));
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
    }

    @Test
    void aManifestOfTheFirstFormatIsReadAndOneOfNoFormatIsNot() throws Exception {
        run(plan(CONFIG), writing("a"));
        Path manifest = root.resolve("manifest.json");
        String now = Files.readString(manifest);
        Files.writeString(manifest, now.replace("\"format\" : 2", "\"format\" : 1"));
        assertEquals(new StageDecision.Skip(), decide(plan(CONFIG)));
        Files.writeString(manifest, now.replace("\"format\" : 2", "\"format\" : 0"));
        assertEquals(manifest + ": format 1 to 2; got 0; use the version of Socratic that wrote it",
                assertThrows(DataException.class, () -> RunFolder.open(root)).getMessage());
    }

    private static void touch(ByteBuffer buffer) {
        for (int at = 0; at < buffer.capacity(); at += 4096) {
            buffer.put(at, (byte) 1);
        }
    }

    /// Mebibytes of this process that lie in memory now.
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024).findFirst().orElseThrow();
    }

    private JsonNode onDisk() {
        return Json.read(root.resolve("manifest.json"), JsonNode.class);
    }

    private static Manifest.Stage stage(RunFolder run) {
        return run.manifest().stages().get("generate");
    }
}
