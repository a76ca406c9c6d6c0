package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads the trainer's `metrics.jsonl`.
final class Metrics {
    private Metrics() {}

    /// @return tokens seen and loss of each step that reports a loss, in order
    /// @throws DataException naming file and line of a row that is no JSON
    static List<double[]> losses(Path file) {
        List<double[]> points = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int line = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                JsonNode row = Json.read(text, JsonNode.class, file + ":" + line);
                if (row.hasNonNull("loss") && row.hasNonNull("tokens")) {
                    points.add(new double[] {row.get("tokens").asDouble(), row.get("loss").asDouble()});
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return points;
    }
}
