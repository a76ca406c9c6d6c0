package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The figures of tasks of lm-evaluation-harness, out of the results file.
///
/// @param folder where it lies
/// @param others tasks that are told elsewhere
record HarnessTable(Path folder, List<String> others) {

    /// @param results gets them by task, as they stand in the file
    void tell(Console console, boolean json, Map<String, Object> results) {
        Optional<Path> file = newest();
        if (file.isEmpty()) {
            return;
        }
        JsonNode read = Json.read(file.get(), JsonNode.class);
        read.path("results").properties().forEach(task -> {
            if (others.contains(task.getKey())) {
                return;
            }
            results.put(task.getKey(), task.getValue());
            if (!json) {
                figures(console, task.getKey(), task.getValue(), read);
            }
        });
        if (!json) {
            console.data("results: " + file.get());
        }
    }

    private static void figures(Console console, String task, JsonNode row, JsonNode read) {
        long open = read.path("open").path(task).asLong();
        long failed = read.path("failed").path(task).asLong();
        long lost = read.path("lost").path(task).asLong();
        row.properties().forEach(cell -> {
            String[] parts = cell.getKey().split(",", 2);
            if (parts.length == 2 && !parts[0].endsWith("_stderr") && cell.getValue().isNumber()) {
                JsonNode error = row.path(parts[0] + "_stderr," + parts[1]);
                console.data(String.format(Locale.ROOT, "%-32s %-16s %-18s %8.4f%s  n %d%s", task, parts[0], parts[1],
                        cell.getValue().asDouble(),
                        error.isNumber() ? String.format(Locale.ROOT, " +- %.4f", error.asDouble()) : "",
                        row.path("sample_len").asLong(), (failed > 0 ? ", %s without an answer".formatted(failed) : "")
                        + (lost > 0 ? ", %s without the beginning of their context".formatted(lost) : "")));
            }
        });
        JsonNode programs = read.path("programs").path(task);
        if (programs.isObject()) {
            console.data("%-32s programs %s; isolation: %s; %s".formatted(task, programs.get("verdicts"),
                    programs.path("isolation").asText(), programs.path("interpreter").asText()));
        }
        JudgedTable.tell(console, task, read.path("judged").path(task));
        if (open > 0) {
            console.data("%-32s %s documents are still open: no figures".formatted(task, open));
        }
    }

    private Optional<Path> newest() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("results_.*\\.json"))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            throw IoProblems.reading(folder, "a folder of results", e);
        }
    }
}
