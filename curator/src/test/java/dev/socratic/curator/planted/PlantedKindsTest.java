package dev.socratic.curator.planted;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.duplicate.SharedData;
import dev.socratic.curator.planted.PlantedCorpus.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bad rows of 20 kinds among GSM8K and seed tasks: how many of each are caught, how many good ones go. The whole of it,
/// 2,000 bad rows among 5,648 good ones, is the table of `docs/curation.md` and run by `bench/curator/planted_kinds`.
public class PlantedKindsTest {
    private static final String STEPS = """
            steps:
              - repair
              - pii
              - toxicity
              - format
              - artifacts
              - length
              - refusal
              - reasoning
              - consistency
              - repetition
              - quality
              - language
            """;

    private static final long SEED = 20261201;
    private static final long FRESH_SEED = 77;

    @TempDir
    Path folder;

    /// @param caught by kind, of `each`
    /// @param lost   good rows that went, by reason
    record Result(Map<String, Integer> caught, int each, Map<String, Integer> lost, int lostInAll, int changed, int good,
            Map<String, Map<String, Integer>> reasons) {}

    @Test
    void ofEveryKindNearlyAllAreCaughtAndNearlyNoGoodRowGoes() throws IOException {
        check(run(folder, 5, 400, PlantedPhrases.TUNED, SEED));
    }

    @Test
    @Tag("slow")
    void ofTwoThousandBadRowsAmongAllOfGsm8kNineteenInTwentyAreCaughtAndOneGoodRowInAHundredIsLostAtMost()
            throws IOException {
        check(run(folder, 100, Integer.MAX_VALUE, PlantedPhrases.TUNED, SEED));
    }

    private static void check(Result result) {
        int all = result.caught().values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(all >= 0.95 * result.each() * PlantedCorpus.KINDS.size(), result::toString);
        assertTrue(result.caught().values().stream().allMatch(n -> n >= 0.8 * result.each()), result::toString);
        assertTrue(result.lostInAll() + result.changed() <= 0.01 * result.good(), result::toString);
    }

    static Result run(Path folder, int each, int good, PlantedPhrases phrases, long seed) throws IOException {
        List<Planted> rows = PlantedCorpus.of(SharedData.file("data/gsm8k/train.jsonl"),
                SharedData.file("data/seeds/seed_tasks.jsonl"), each, good, phrases, seed);
        Path file = folder.resolve("planted.jsonl");
        Files.write(file, rows.stream().map(Planted::line).toList());
        CurateStage.run(Curation.of(ConfigReader.read(STEPS, "curate.yaml", CurateConfig.class)), List.of(file),
                Optional.empty(), new StageContext(Files.createDirectories(folder.resolve("curate")), Progress.SILENT,
                        Clock.systemUTC(), 1));
        Map<String, JsonNode> kept = read(folder.resolve("curate/train.jsonl"));
        Map<String, JsonNode> gone = read(folder.resolve("curate/rejected.jsonl"));
        Map<String, JsonNode> decisions = read(folder.resolve("curate/decisions.jsonl"));
        Map<String, Integer> caught = new TreeMap<>();
        Map<String, Map<String, Integer>> reasons = new TreeMap<>();
        PlantedCorpus.KINDS.forEach(kind -> caught.put(kind, 0));
        Map<String, Integer> lost = new TreeMap<>();
        int changed = 0;
        int goodRows = 0;
        for (Planted row : rows) {
            String kind = row.id().substring(0, row.id().indexOf('-'));
            String reason = gone.containsKey(row.id()) ? gone.get(row.id()).get("reason").textValue() : "kept";
            if (kind.equals("good")) {
                goodRows++;
                changed += kept.containsKey(row.id()) && decisions.get(row.id()).has("edits") ? 1 : 0;
                if (!reason.equals("kept")) {
                    lost.merge(reason, 1, Integer::sum);
                }
                continue;
            }
            boolean mended = kept.containsKey(row.id()) && !row.origin().isEmpty() && isMended(kind, row,
                    kept.get(row.id()).get("messages").get(1).get("content").textValue());
            caught.merge(kind, !reason.equals("kept") || mended ? 1 : 0, Integer::sum);
            reasons.computeIfAbsent(kind, k -> new TreeMap<>()).merge(mended ? "mended" : reason, 1, Integer::sum);
        }
        return new Result(caught, each, lost, lost.values().stream().mapToInt(Integer::intValue).sum(), changed, goodRows,
                reasons);
    }

    private static boolean isMended(String kind, Planted row, String answer) {
        return kind.equals("personal_data") ? !answer.contains(row.origin()) && answer.contains("_1]")
                : answer.strip().replaceAll("\\s+", " ").equals(row.origin().strip().replaceAll("\\s+", " "));
    }

    private static Map<String, JsonNode> read(Path file) throws IOException {
        Map<String, JsonNode> all = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = Json.read(line, JsonNode.class, "row");
            all.put(row.get("id").textValue(), row);
        }
        return all;
    }

    /// Prints the table.
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("planted");
        boolean fresh = args.length > 1 && args[1].equals("fresh");
        Result result = run(folder, args.length > 0 ? Integer.parseInt(args[0]) : 100, Integer.MAX_VALUE,
                fresh ? PlantedPhrases.FRESH : PlantedPhrases.TUNED, fresh ? FRESH_SEED : SEED);
        System.out.println("| kind | caught | how |\n|---|---|---|");
        for (String kind : PlantedCorpus.KINDS) {
            System.out.println("| %s | %s of %s | %s |".formatted(kind.replace('_', ' '), result.caught().get(kind),
                    result.each(), result.reasons().get(kind).toString().replaceAll("[{}]", "")));
        }
        int all = result.caught().values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(String.format(Locale.ROOT, "caught %.1f %%; of %d good rows dropped %d (%.2f %%): %s; changed %d",
                100.0 * all / (result.each() * PlantedCorpus.KINDS.size()), result.good(), result.lostInAll(),
                100.0 * result.lostInAll() / result.good(), result.lost(), result.changed()));
        System.out.println("the run: " + folder);
    }
}
