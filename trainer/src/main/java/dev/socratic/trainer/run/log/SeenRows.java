package dev.socratic.trainer.run.log;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.JsonLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `rows.jsonl` of a student, read back: at which steps a row of the data was learned from.
///
/// It is written as steps are taken and not computed again from the seed: what a step learned from depends on more than
/// seed and rows (which rows the tokenizers of all sides could read, replayed answers, steps that were learned from
/// again, a run that stopped early). It takes about six bytes for each row and pass, and is the same for the same run.
public final class SeenRows {
    /// Its name in the student's folder.
    public static final String FILE = "rows.jsonl";

    private static final int LONGEST_LINE = 1 << 24;

    private SeenRows() {}

    /// A step that learned from a row.
    ///
    /// @param step    number, from 1
    /// @param written whether a model wrote an answer to the row's prompt, in the place of the row's own or beside it
    /// @param skipped why the weights stayed as they were
    public record Seen(long step, boolean written, Optional<String> skipped) {}

    /// @param student its folder
    /// @param number  of the row of the data, from 0
    /// @return steps in order; empty where the row was never in one
    public static List<Seen> of(Path student, int number) {
        Path file = student.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        Map<Long, String> skipped = skipped(student.resolve("metrics.jsonl"));
        List<Seen> seen = new ArrayList<>();
        JsonLines.each(file, LONGEST_LINE, line -> {
            for (JsonNode row : line.path("rows")) {
                if (row.asInt() == number) {
                    long step = line.path("step").asLong();
                    seen.add(new Seen(step, line.path("written").asBoolean(), Optional.ofNullable(skipped.get(step))));
                    break;
                }
            }
        });
        return List.copyOf(seen);
    }

    /// @return why, by step
    private static Map<Long, String> skipped(Path metrics) {
        Map<Long, String> reasons = new TreeMap<>();
        JsonLines.each(metrics, LONGEST_LINE, line -> {
            if (line.has("skipped")) {
                reasons.put(line.path("step").asLong(), line.path("skipped").asText());
            }
        });
        return reasons;
    }
}
