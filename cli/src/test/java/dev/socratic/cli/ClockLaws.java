package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No default test measures speed: how fast a machine is today says nothing about the code, and a benchmark under
/// `bench/` shows it as a ratio. The tests that read a clock nevertheless stand here, each with what it needs it for.
class ClockLaws {
    private static final Pattern CLOCK = Pattern.compile(
            "nanoTime\\(|currentTimeMillis\\(|CpuTime\\(|assertTimeout|@Timeout|Instant\\.now\\(");
    private static final String WAITS = "waits for a state, and gives up after many seconds";
    private static final String ENDLESS = "guards against what never ends: what is asked for takes a thirtieth of it";
    private static final String NAME = "makes a name";
    private static final String TAGGED = "runs by its tag only";

    private static final Map<String, String> READERS = Map.ofEntries(
            Map.entry("ServeSoakTest", TAGGED), Map.entry("ServeWireTest", WAITS), Map.entry("Browser", WAITS),
            Map.entry("SurvivalTest", WAITS), Map.entry("ServeProcessTest", "nothing waits for a limit of 15 s or more"),
            Map.entry("RowsCommandTest", NAME), Map.entry("EndpointAnswersTest", NAME),
            Map.entry("MeasuredMain", NAME), Map.entry("ReviewServerTest", "a file that was written long ago"),
            Map.entry("StageFiguresTest", "a stage's time is within the time around it"),
            Map.entry("GgufPlacesTest", "the time of a file"),
            Map.entry("RegularFilesTest", ENDLESS), Map.entry("TemplateTest", ENDLESS),
            Map.entry("EquivalenceTest", ENDLESS), Map.entry("HostileTextsClockTest", ENDLESS),
            Map.entry("TokenizerLimitsTest", ENDLESS), Map.entry("BrokenFoldersTest", ENDLESS),
            Map.entry("ClockLaws", "the law itself"));

    @Test
    void testsThatReadAClockSayWhatFor() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        int files = 0;
        try (Stream<Path> sources = Files.walk(Path.of(".."))) {
            for (Path source : sources.filter(file -> file.toString().matches(".*/src/test/java/.*\\.java")).toList()) {
                files++;
                if (CLOCK.matcher(Files.readString(source)).find()) {
                    found.add(source.getFileName().toString().replace(".java", ""));
                }
            }
        }
        assertTrue(files > 400, "the law must see the tests; saw " + files);
        assertEquals(new TreeSet<>(READERS.keySet()), found,
                "show speed by a benchmark under bench/; a test that needs a clock for something else stands here");
    }
}
