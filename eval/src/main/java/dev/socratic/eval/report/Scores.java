package dev.socratic.eval.report;

import dev.socratic.core.error.DataException;
import dev.socratic.eval.Leaderboard;
import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.TaskComparisons;
import dev.socratic.eval.stats.Correction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Scores and comparisons of a page, computed once for the page and for `summary.json`.
///
/// @param models      samples by model, then by task
/// @param results     the results file of each model
/// @param comparisons by pair, then by task
/// @param refused     what could not be compared or read, one line each
/// @param incomplete  models whose evaluation is still open, with the reason: a part of a task has no figure
/// @param stages      what the manifest says of each evaluation, by model
/// @param costs       what each model took and how large it is
/// @param trained     models with what they were before a training
record Scores(
        SequencedMap<String, SequencedMap<String, SavedSamples>> models,
        Map<String, SavedResults> results,
        SequencedMap<ReportInput.Pair, SequencedMap<String, ComparedTask>> comparisons,
        List<String> refused,
        SortedMap<String, String> incomplete,
        SortedMap<String, ReportInput.StageFacts> stages,
        SequencedMap<String, ModelCost> costs,
        SequencedMap<String, String> trained) {
    private static final String STAGE = "eval/";

    static Scores read(ReportInput input) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        Map<String, SavedResults> results = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        input.evaluations().forEach((model, folder) -> {
            models.put(model, samples(model, folder, refused));
            results.put(model, SavedResults.ofFolder(folder));
        });
        SortedMap<String, String> incomplete = new TreeMap<>();
        input.incomplete().forEach((stage, why) -> {
            if (stage.startsWith(STAGE)) {
                incomplete.put(stage.substring(STAGE.length()), why);
            }
        });
        SortedMap<String, ReportInput.StageFacts> stages = new TreeMap<>();
        input.stages().stream().filter(stage -> stage.name().startsWith(STAGE))
                .forEach(stage -> stages.put(stage.name().substring(STAGE.length()), stage));
        SequencedMap<String, ModelCost> costs = new LinkedHashMap<>();
        models.forEach((model, tasks) -> costs.put(model, ModelCost.of(tasks, Optional.ofNullable(stages.get(model)),
                input.sizes().getOrDefault(model, ReportInput.ModelSize.NONE), results.get(model))));
        return new Scores(models, results, comparisons(models, input.compared(), incomplete, SavedSamples::alike,
                refused), List.copyOf(refused), incomplete, stages, costs, input.trained());
    }

    /// @param names  of the models, the first of which is compared with each other one
    /// @param choice how two files are brought to verdicts of one extraction
    static Scores of(SequencedMap<String, SequencedMap<String, SavedSamples>> models,
            Map<String, SavedResults> results, TaskComparisons.Choice choice) {
        List<String> refused = new ArrayList<>();
        SequencedMap<String, ModelCost> costs = new LinkedHashMap<>();
        models.forEach((model, tasks) -> costs.put(model, ModelCost.of(tasks, Optional.empty(),
                ReportInput.ModelSize.NONE, results.getOrDefault(model, SavedResults.NONE))));
        return new Scores(models, results, comparisons(models, firstAgainstOthers(models.sequencedKeySet().stream()
                .toList()), new TreeMap<>(), choice, refused), refused, new TreeMap<>(), new TreeMap<>(), costs,
                new LinkedHashMap<>());
    }

    static Scores of(Leaderboard board) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        Map<String, SavedResults> results = new LinkedHashMap<>();
        SequencedMap<String, ModelCost> costs = new LinkedHashMap<>();
        SortedMap<String, String> incomplete = new TreeMap<>();
        board.rows().forEach(row -> {
            models.put(row.model(), row.tasks());
            results.put(row.model(), row.results());
            costs.put(row.model(), new ModelCost(row.parameters(), Optional.empty(), row.seconds(),
                    row.usage().map(usage -> usage.promptTokens()), row.usage().map(usage ->
                    usage.completionTokens()), row.usd()));
            row.incomplete().ifPresent(why -> incomplete.put(row.model(), why));
        });
        List<String> refused = new ArrayList<>();
        return new Scores(models, results, comparisons(models, firstAgainstOthers(List.copyOf(models.keySet())),
                incomplete, SavedSamples::alike, refused), refused, incomplete, new TreeMap<>(), costs,
                new LinkedHashMap<>());
    }

    private static List<ReportInput.Pair> firstAgainstOthers(List<String> names) {
        return names.stream().skip(1).map(name -> new ReportInput.Pair(names.getFirst() + "_vs_" + name,
                names.getFirst(), name)).toList();
    }

    /// A task that is scored in another way than from 0 to 1 has figures, but no samples to browse.
    private static SequencedMap<String, SavedSamples> samples(String model, Path folder, List<String> refused) {
        SequencedMap<String, SavedSamples> byTask = new LinkedHashMap<>();
        SavedSamples.files(folder).forEach(file -> {
            try {
                SavedSamples samples = SavedSamples.file(file);
                byTask.put(samples.task(), samples);
            } catch (DataException e) {
                refused.add("%s: %s".formatted(model, e.problems().getFirst()));
            }
        });
        return byTask;
    }

    private static SequencedMap<ReportInput.Pair, SequencedMap<String, ComparedTask>> comparisons(
            SequencedMap<String, SequencedMap<String, SavedSamples>> models, List<ReportInput.Pair> pairs,
            SortedMap<String, String> incomplete, TaskComparisons.Choice choice, List<String> refused) {
        SequencedMap<ReportInput.Pair, SequencedMap<String, ComparedTask>> comparisons = new LinkedHashMap<>();
        for (ReportInput.Pair pair : pairs) {
            SequencedMap<String, ComparedTask> byTask = new LinkedHashMap<>();
            comparisons.put(pair, byTask);
            List<String> open = Stream.of(pair.first(), pair.second()).filter(incomplete::containsKey).distinct()
                    .toList();
            if (!open.isEmpty()) {
                refused.add("%s: the evaluation of %s is incomplete".formatted(pair.key(), String.join(" and ", open)));
                continue;
            }
            models.getOrDefault(pair.first(), new LinkedHashMap<>()).forEach((task, first) -> {
                SavedSamples second = models.getOrDefault(pair.second(), new LinkedHashMap<>()).get(task);
                if (second == null) {
                    return;
                }
                try {
                    byTask.put(task, ComparedTask.of(choice.of(first, second)));
                } catch (DataException e) {
                    refused.add("%s, %s: %s".formatted(pair.key(), task, e.problems().getFirst()));
                }
            });
        }
        Correction corrected = Correction.of(comparisons.values().stream().flatMap(tasks -> tasks.values().stream())
                .map(one -> one.paired().p()).toList());
        int[] number = {0};
        comparisons.values().forEach(tasks -> tasks.replaceAll((task, one) ->
                one.corrected(corrected.holm().get(number[0]++))));
        return comparisons;
    }

    /// @return every task any model was put through, in order of first appearance
    List<String> tasks() {
        return models.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    }

    /// @return how many tests the comparisons are
    int tests() {
        return comparisons.values().stream().mapToInt(SequencedMap::size).sum();
    }

    /// @return which of the page's colours a model has, the same everywhere
    int colour(String model) {
        return List.copyOf(models.keySet()).indexOf(model);
    }

    /// @return samples that have a figure
    Optional<SavedSamples> samples(String model, String task) {
        return incomplete.containsKey(model) ? Optional.empty()
                : Optional.ofNullable(models.get(model).get(task)).filter(samples -> samples.size() > 0);
    }
}
