package dev.socratic.eval.report;

import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Accuracies and comparisons of a report, computed once from the saved samples for both the page and `summary.json`.
///
/// @param models      by model, then by task
/// @param comparisons by pair, then by task
record Scores(
        SequencedMap<String, SequencedMap<String, SavedSamples>> models,
        SequencedMap<ReportInput.Pair, SequencedMap<String, Paired>> comparisons) {

    static Scores read(ReportInput input) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        input.evaluations().forEach((model, folder) -> models.put(model, SavedSamples.ofFolder(folder)));
        SequencedMap<ReportInput.Pair, SequencedMap<String, Paired>> comparisons = new LinkedHashMap<>();
        for (ReportInput.Pair pair : input.compared()) {
            SequencedMap<String, Paired> byTask = new LinkedHashMap<>();
            models.getOrDefault(pair.first(), new LinkedHashMap<>()).forEach((task, first) -> {
                SavedSamples second = models.getOrDefault(pair.second(), new LinkedHashMap<>()).get(task);
                if (second != null) {
                    byTask.put(task, first.against(second));
                }
            });
            comparisons.put(pair, byTask);
        }
        return new Scores(models, comparisons);
    }

    /// @return every task any model was put through, in order of first appearance
    List<String> tasks() {
        return models.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    }

    /// @return the samples of one model on one task, or none
    Map<String, SavedSamples> of(String model) {
        return models.get(model);
    }
}
