package dev.socratic.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Spark job in local mode beside the single machine, on the same rows: the same rows stay, and what is written of
/// each is the same to the last byte.
class SparkCurationTest {
    private static SparkSession session;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        session = SparkSession.builder().master("local[2]").appName("test")
                .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "3")
                .config("spark.default.parallelism", "3").config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1").getOrCreate();
        session.sparkContext().setLogLevel("ERROR");
    }

    @AfterAll
    static void stop() throws IOException {
        session.close();
    }

    private record Both(Path single, Path spark, Counts counts) {}

    private Both both(String config, List<Path> files, boolean parquet) throws IOException {
        Path single = Files.createDirectories(folder.resolve("single"));
        Path spark = folder.resolve("spark");
        Counts counts = CurateStage.run(Curation.of(ConfigReader.read(config, "c", folder, CurateConfig.class)), files,
                Optional.empty(), new StageContext(single, Progress.SILENT, Clock.systemUTC(), 1)).counts();
        assertEquals(counts, SparkCuration.run(session, config, "c", folder.toString(),
                files.stream().map(Path::toString).toList(), spark.toString(), parquet));
        return new Both(single, spark, counts);
    }

    private static List<String> parts(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-")).sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(part));
            }
        }
        return lines;
    }

    private static void same(Both both) throws IOException {
        for (String file : List.of("train", "rejected", "decisions", "quarantine")) {
            assertEquals(Files.readAllLines(both.single().resolve(file + ".jsonl")), parts(both.spark().resolve(file)),
                    file);
        }
        JsonNode report = Json.read(Files.readString(both.single().resolve("report.json")), JsonNode.class, "report");
        JsonNode ours = Json.read(parts(both.spark().resolve("report")).getFirst(), JsonNode.class, "report");
        assertEquals(report.get("counts"), ours.get("counts"));
        for (JsonNode step : report.get("steps")) {
            ((ObjectNode) step).remove(List.of("facts", "thresholds"));
        }
        assertEquals(report.get("steps"), ours.get("steps"));
    }

    /// Rows of several words, some of them with copies, edited copies, copies of edited copies, and one template.
    private Path corpus(String name, int rows, boolean traps) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            String text = switch (random.nextInt(6)) {
                case 0 -> texts.isEmpty() ? words(random) : texts.get(random.nextInt(texts.size()));
                case 1, 2 -> texts.isEmpty() ? words(random) : edited(texts.get(random.nextInt(texts.size())), random);
                case 3 -> "Take the numbers that stand in the table below, add them one by one, and say what comes "
                        + "out of it for w" + random.nextInt(5_000) + " in the end of the long day.";
                default -> words(random);
            };
            texts.add(text);
            String answer = random.nextInt(9) == 0 ? "I'm sorry, but I can't help with that."
                    : "First we add them: 2 + 2 = 4. Then we say what it is. The answer is " + random.nextInt(3) + ".";
            out.write((Json.line(Map.of("messages", List.of(Map.of("role", "user", "content", text),
                    Map.of("role", "assistant", "content", answer)))) + "\n").getBytes(StandardCharsets.UTF_8));
            if (traps && row % 40 == 7) {
                out.write("{\"broken\": \n".getBytes(StandardCharsets.UTF_8));
                out.write("\n{\"messages\": 7}\r\n".getBytes(StandardCharsets.UTF_8));
                out.write(new byte[] {'{', '"', 't', '"', ':', '"', (byte) 0xC3, '"', '}', '\n'});
            }
        }
        return Files.write(folder.resolve(name), out.toByteArray());
    }

    private static String words(SplittableRandom random) {
        StringBuilder text = new StringBuilder("Tell me");
        for (int i = 0; i < 25; i++) {
            text.append(" w").append(random.nextInt(300));
        }
        return text.append("?").toString();
    }

    private static String edited(String text, SplittableRandom random) {
        String[] words = text.split(" ");
        words[3 + random.nextInt(words.length - 4)] = "w" + random.nextInt(300);
        return String.join(" ", words);
    }

    @Test
    void rowStepsDuplicatesAndSelectionSayWhatASingleMachineSays() throws IOException {
        String config = "steps: [repair, refusal, {pii: {action: mask}}, exact_duplicates, "
                + "{near_duplicates: {numbers: any, answers: any}}, {select: {per_question: 1}}]";
        Both both = both(config, List.of(corpus("a.jsonl", 500, true), corpus("b.jsonl", 300, false)), false);
        assertTrue(both.counts().dropped().get("exact_duplicate") > 10, both.counts().toString());
        assertTrue(both.counts().dropped().get("near_duplicate") > 100, both.counts().toString());
        assertTrue(both.counts().dropped().get("refusal") > 30, both.counts().toString());
        assertEquals(39, both.counts().failed());
        same(both);
    }

    @Test
    void otherRulesForWhatStaysAndOtherTextsSayTheSame() throws IOException {
        same(both("steps: [{exact_duplicates: {keep: longest}}, {near_duplicates: {on: both, keep: shortest, "
                + "chains: drop, threshold: 0.7}}]", List.of(corpus("a.jsonl", 400, false)), false));
    }

    @Test
    void theDefaultStepsSayTheSame() throws IOException {
        same(both("{}", List.of(corpus("a.jsonl", 200, false)), false));
    }

    @Test
    void parquetComesOutAndGoesIn() throws IOException {
        Both both = both("steps: [refusal, exact_duplicates]", List.of(corpus("a.jsonl", 200, false)), true);
        Path again = folder.resolve("again");
        Counts counts = SparkCuration.run(session, "steps: [refusal, exact_duplicates]", "c", "",
                List.of(both.spark().resolve("train") + "/*.parquet"), again.toString(), false);
        assertEquals(both.counts().kept(), counts.in());
        assertEquals(both.counts().kept(), counts.kept());
        assertEquals(Files.readAllLines(both.single().resolve("train.jsonl")).stream().map(SparkCurationTest::json)
                .sorted().toList(), parts(again.resolve("train")).stream().map(SparkCurationTest::json).sorted()
                .toList());
    }

    private static String json(String line) {
        return Json.canonical(Json.read(line, JsonNode.class, "a row"));
    }

    @Test
    void aStepThatSparkDoesNotRunIsRefusedByName() {
        assertEquals("c: steps[1]: a step that looks at one row, exact_duplicates, near_duplicates or select; got "
                + "SubstringDuplicates; leave it out here, and run 'socratic curate' with it over the rows that stay",
                assertThrows(ConfigException.class, () -> SparkCuration.run(session,
                        "steps: [refusal, substring_duplicates]", "c", "", List.of("a.jsonl"), "out", false))
                        .getMessage());
        assertTrue(assertThrows(ConfigException.class, () -> SparkCuration.run(session, "{}", "c", "",
                List.of("a.csv"), "out", false)).getMessage().startsWith("a.csv: a file .jsonl, .jsonl.gz or "
                        + ".parquet; got another ending"));
    }

    @Test
    void componentsOfLongChainsAndStarsAreFound() {
        var spark = org.apache.spark.api.java.JavaSparkContext.fromSparkContext(session.sparkContext());
        List<scala.Tuple2<Long, Long>> edges = new ArrayList<>();
        for (long i = 1; i < 60; i++) {
            edges.add(new scala.Tuple2<>(i * 7 % 60, (i - 1) * 7 % 60)); // one chain through 0 to 59
            edges.add(new scala.Tuple2<>(100L, 100 + i));
        }
        Map<Long, Long> found = Components.of(spark.parallelizePairs(edges)).collectAsMap();
        assertEquals(118, found.size());
        found.forEach((node, least) -> assertEquals(node < 60 ? 0 : 100, least, "of " + node));
    }
}
