package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However far a run got before it was killed: going on gives the files of an undisturbed run, and asks for nothing
/// that was durable.
class ResumeLaws {
    @TempDir
    Path folder;

    @Test
    void afterEveryPrefixOfTheJournal() throws Exception {
        GenerateConfig config = Runs.config(Runs.sums(folder, 9), 3);
        GenerateStage.run(config, new Adder(2, 4), Runs.context(folder.resolve("whole")));
        Map<String, String> whole = Runs.files(folder.resolve("whole"));
        List<byte[]> records = new ArrayList<>();
        try (Journal journal = Journal.open(folder.resolve("whole/asked"), "asked")) {
            journal.replay(records::add);
        }
        assertEquals(14, records.size());
        for (int kept = 0; kept <= records.size(); kept++) {
            Path run = folder.resolve("kept-" + kept);
            try (Journal journal = Journal.open(run.resolve("asked"), "asked")) {
                records.subList(0, kept).forEach(journal::appendLater);
            }
            Adder rest = new Adder(2, 4);
            GenerateStage.run(config, rest, Runs.context(run));
            assertEquals(whole, Runs.files(run), "after " + kept + " records");
            assertEquals(14 - kept, rest.calls(), "calls after " + kept + " records");
        }
    }

    @Test
    void afterACutAnywhereInTheLastRecord() throws Exception {
        GenerateConfig config = Runs.config(Runs.sums(folder, 5), 2);
        GenerateStage.run(config, new Adder(1, 3), Runs.context(folder.resolve("whole")));
        Map<String, String> whole = Runs.files(folder.resolve("whole"));
        byte[] bytes = Files.readAllBytes(segment(folder.resolve("whole/asked")));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 25; i++) {
            int cut = random.nextInt(bytes.length);
            Path run = Files.createDirectories(folder.resolve("cut-" + cut));
            Path asked = Files.createDirectories(run.resolve("asked"));
            Files.write(asked.resolve(segment(folder.resolve("whole/asked")).getFileName()),
                    java.util.Arrays.copyOf(bytes, cut));
            GenerateStage.run(config, new Adder(1, 3), Runs.context(run));
            assertEquals(whole, Runs.files(run), "cut after " + cut + " bytes");
        }
    }

    private static Path segment(Path run) throws IOException {
        try (var files = Files.list(run)) {
            List<Path> segments = files.filter(f -> f.toString().endsWith(".journal")).toList();
            assertTrue(segments.size() == 1, segments.toString());
            return segments.getFirst();
        }
    }
}
