package dev.socratic.eval.report;

import dev.socratic.core.error.DataException;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Accuracies and comparisons of a report, computed once from the saved samples for both the page and `summary.json`.
///
/// @param models      by model, then by task
/// @param comparisons by pair, then by task
/// @param refused     why a pair could not be compared on a task, one line each
/// @param incomplete  models whose evaluation is still open, with the reason: a part of a task has no figure
/// @param stages      what the manifest says of each evaluation, by model
record Scores(
        SequencedMap<String, SequencedMap<String, SavedSamples>> models,
        SequencedMap<ReportInput.Pair, SequencedMap<String, Paired>> comparisons,
        List<String> refused,
        SortedMap<String, String> incomplete,
        SortedMap<String, ReportInput.StageFacts> stages) {
    private static final String STAGE = "eval/";

    static Scores read(ReportInput input) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        input.evaluations().forEach((model, folder) -> models.put(model, SavedSamples.ofFolder(folder)));
        SequencedMap<ReportInput.Pair, SequencedMap<String, Paired>> comparisons = new LinkedHashMap<>();
        SortedMap<String, String> incomplete = new TreeMap<>();
        input.incomplete().forEach((stage, why) -> {
            if (stage.startsWith(STAGE)) {
                incomplete.put(stage.substring(STAGE.length()), why);
            }
        });
        List<String> refused = new ArrayList<>();
        for (ReportInput.Pair pair : input.compared()) {
            SequencedMap<String, Paired> byTask = new LinkedHashMap<>();
            List<String> open = Stream.of(pair.first(), pair.second())
                    .filter(incomplete::containsKey)
                    .distinct()
                    .toList();
            if (!open.isEmpty()) {
                refused.add("%s: the evaluation of %s is incomplete".formatted(pair.key(), String.join(" and ", open)));
                comparisons.put(pair, byTask);
                continue;
            }
            models.getOrDefault(pair.first(), new LinkedHashMap<>()).forEach((task, first) -> {
                SavedSamples second = models.getOrDefault(pair.second(), new LinkedHashMap<>()).get(task);
                if (second == null) {
                    return;
                }
                try {
                    SavedSamples.Alike alike = first.alike(second);
                    byTask.put(task, alike.first().against(alike.second()));
                } catch (DataException e) {
                    refused.add("%s, %s: %s".formatted(pair.key(), task, e.problems().getFirst()));
                }
            });
            comparisons.put(pair, byTask);
        }
        SortedMap<String, ReportInput.StageFacts> stages = new TreeMap<>();
        input.stages().stream().filter(stage -> stage.name().startsWith(STAGE))
                .forEach(stage -> stages.put(stage.name().substring(STAGE.length()), stage));
        return new Scores(models, comparisons, List.copyOf(refused), incomplete, stages);
    }

    /// @return every task any model was put through, in order of first appearance
    List<String> tasks() {
        return models.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    }

    /// @return which of the page's colours a model has, the same everywhere
    int colour(String model) {
        return List.copyOf(models.keySet()).indexOf(model);
    }
}
