package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a run came to, told when it ends: accuracies with intervals, comparisons, cost, time, and where the files lie.
///
/// @param root   the run's folder
/// @param stages   that ran or were skipped as done
/// @param reported whether the summary is of this run
record Results(Path root, Set<Stage> stages, boolean reported) {
    /// Prints tables, or with `json` the summary of a whole run; of single stages what the manifest keeps of them.
    void tell(Console console, boolean json) {
        boolean summed = reported && Files.exists(root.resolve(Report.SUMMARY));
        if (json) {
            console.json(summed ? Json.read(root.resolve(Report.SUMMARY), JsonNode.class) : kept());
        } else if (summed) {
            JsonNode summary = Json.read(root.resolve(Report.SUMMARY), JsonNode.class);
            tables(console, summary);
            cost(console, summary);
            console.data("report: " + root.resolve(Report.PAGE) + "   figures: " + root.resolve(Report.SUMMARY));
        } else {
            entries().forEach((stage, entry) -> entry.counts().ifPresent(counts ->
                    console.data("%s: %s   files: %s".formatted(stage, counts, root.resolve(stage)))));
        }
    }

    private static void tables(Console console, JsonNode summary) {
        int wide = width(summary);
        summary.path("eval").properties().forEach(model -> model.getValue().properties().forEach(task -> {
            JsonNode cell = task.getValue();
            console.data(cell.path("n").asLong() == 0
                    ? String.format(Locale.ROOT, "%-" + wide + "s %-20s  none answered", model.getKey(), task.getKey())
                    : String.format(Locale.ROOT, "%-" + wide + "s %-20s %5.1f %%  [%.1f, %.1f]  n %d", model.getKey(),
                            task.getKey(),
                            100 * cell.path("accuracy").asDouble(), 100 * cell.path("ci95").path(0).asDouble(),
                            100 * cell.path("ci95").path(1).asDouble(), cell.path("n").asLong()));
        }));
        summary.path("compare").properties().forEach(pair -> pair.getValue().properties().forEach(task -> {
            JsonNode cell = task.getValue();
            console.data(String.format(Locale.ROOT, "%-" + wide + "s %-20s %+5.1f points  [%+.1f, %+.1f]  p %.2g",
                    pair.getKey(), task.getKey(),
                    100 * cell.path("difference").asDouble(), 100 * cell.path("ci95").path(0).asDouble(),
                    100 * cell.path("ci95").path(1).asDouble(), cell.path("p").asDouble()));
        }));
    }

    private static int width(JsonNode summary) {
        int longest = 16;
        for (String part : new String[] {"eval", "compare"}) {
            for (Map.Entry<String, JsonNode> entry : summary.path(part).properties()) {
                longest = Math.max(longest, Math.min(40, entry.getKey().length()));
            }
        }
        return longest;
    }

    private void cost(Console console, JsonNode summary) {
        Usage spent = entries().values().stream().flatMap(stage -> stage.usage().stream())
                .reduce(Usage.NONE, Usage::plus);
        double seconds = summary.path("seconds").properties().stream().mapToDouble(stage -> stage.getValue().asDouble())
                .sum();
        console.data(String.format(Locale.ROOT, "%s%,d tokens read, %,d written, %s",
                spent.costUsd() > 0 ? String.format(Locale.ROOT, "%.2f USD, ", spent.costUsd()) : "",
                spent.promptTokens(), spent.completionTokens(), duration(Math.round(seconds))));
    }

    private static String duration(long seconds) {
        return seconds < 60 ? seconds + " s" : seconds < 3600 ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    private ObjectNode kept() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("folder", root.toString());
        ObjectNode stages = all.putObject("stages");
        entries().forEach((name, stage) -> {
            ObjectNode entry = stages.putObject(name);
            entry.put("state", stage.state().name().toLowerCase(Locale.ROOT));
            stage.counts().ifPresent(counts -> entry.set("counts", Json.tree(counts)));
            stage.usage().ifPresent(usage -> entry.set("usage", Json.tree(usage)));
            entry.set("notes", Json.tree(stage.notes()));
        });
        return all;
    }

    /// @return the manifest's entries of these stages, by name
    private Map<String, Manifest.Stage> entries() {
        Set<String> wanted = stages.stream().map(stage -> stage.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Map<String, Manifest.Stage> entries = new TreeMap<>();
        Manifest.read(root.resolve("manifest.json")).stages().forEach((name, entry) -> {
            if (wanted.contains(name.replaceFirst("/.*", ""))) {
                entries.put(name, entry);
            }
        });
        return entries;
    }
}
