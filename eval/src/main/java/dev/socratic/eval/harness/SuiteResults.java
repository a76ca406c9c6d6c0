package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.harness.SuiteResult.Figure;
import dev.socratic.eval.harness.score.DocScores;
import dev.socratic.eval.harness.task.TaskConfig;
import dev.socratic.eval.harness.task.TaskGroup;
import dev.socratic.eval.harness.task.TaskIndex.ChosenGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What came of all tasks, and the figures of their groups.
///
/// @param results    by task
/// @param groups     each behind those it is made of
/// @param incomplete why requests are still open, with what to do
public record SuiteResults(Map<String, SuiteResult> results, List<ChosenGroup> groups, Optional<String> incomplete) {
    /// Nothing was asked.
    public static final SuiteResults NONE = new SuiteResults(Map.of(), List.of(), Optional.empty());
    private static final String NOT_KNOWN = "N/A";

    /// Rows and tokens.
    ///
    /// @param asked  documents
    /// @param failed of them, that the model cannot answer, or not yet
    public record Sums(long asked, long failed, Usage usage) {}

    public Sums sums() {
        long asked = results.values().stream().mapToLong(result -> result.task().asked().size()).sum();
        long failed = results.values().stream().mapToLong(result -> result.failed() + result.open()).sum();
        return new Sums(asked, failed, results.values().stream().map(SuiteResult::usage)
                .reduce(Usage.NONE, Usage::plus));
    }

    /// @return figures for the stage's report
    public Map<String, Object> notes() {
        Map<String, Object> notes = new LinkedHashMap<>();
        results.forEach((task, result) -> {
            result.figures().forEach((key, figure) -> notes.put(key + "." + task, figure.value()));
            result.programs().json().ifPresent(json -> notes.put("programs." + task, json));
            notes.put("failed." + task, result.failed());
            notes.put("open." + task, result.open());
            if (result.lost() > 0) {
                notes.put("lost." + task, result.lost());
            }
            if (result.task().generation().isPresent()) {
                notes.put("truncated." + task, result.cut());
            }
        });
        return notes;
    }

    /// Writes `samples_<task>_<date>.jsonl` of each.
    public void write(Path folder, String date) {
        results.forEach((task, result) -> AtomicFiles.write(folder.resolve("samples_%s_%s.jsonl".formatted(
                task.replaceAll("[^A-Za-z0-9._-]", "__"), date)), stream -> {
            for (ObjectNode line : result.lines()) {
                stream.write((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }));
    }

    /// Puts all of it into a results file, by the field names of lm-evaluation-harness.
    public void into(ObjectNode file) {
        Map<String, ObjectNode> rows = new LinkedHashMap<>();
        results.forEach((name, result) -> {
            rows.put(name, row(name, result));
            TaskConfig config = result.task().config();
            file.withObject("/group_subtasks").putArray(name);
            file.withObject("/configs").set(name, config(result.task()));
            file.withObject("/versions").set(name, Json.tree(config.version()));
            file.withObject("/n-shot").put(name, result.task().shots());
            ObjectNode better = file.withObject("/higher_is_better").putObject(name);
            config.scoring().metrics().forEach(metric -> DocScores.figures(config, metric).forEach(figure ->
                    better.put(figure, metric.higherIsBetter())));
            result.programs().json().ifPresent(json -> file.withObject("/programs").set(name, json));
            file.withObject("/n-samples").putObject(name).put("original", result.task().documents())
                    .put("effective", result.documents());
            file.withObject("/task_hashes").put(name, hash(result));
            file.withObject("/failed").put(name, result.failed());
            file.withObject("/open").put(name, result.open());
            if (result.task().generation().isEmpty()) {
                file.withObject("/lost").put(name, result.lost());
            }
            if (result.task().generation().isPresent()) {
                file.withObject("/truncated").put(name, result.cut());
            }
        });
        groups.forEach(group -> {
            rows.put(group.group().name(), row(group, rows));
            ArrayNode below = file.withObject("/group_subtasks").putArray(group.group().name());
            group.members().forEach(below::add);
            file.withObject("/versions").set(group.group().name(), Json.tree(group.group().version()));
        });
        rows.forEach((name, row) -> file.withObject("/results").set(name, row));
        groups.stream().filter(group -> !group.group().aggregates().isEmpty()).forEach(group ->
                file.withObject("/groups").set(group.group().name(), rows.get(group.group().name())));
    }

    private static ObjectNode row(String name, SuiteResult result) {
        ObjectNode row = Json.mapper().createObjectNode().put("name", name)
                .put("alias", result.task().config().alias()).put("sample_len", result.documents());
        result.figures().values().forEach(figure -> put(row, figure.metric(), figure.filter(), figure.value(),
                figure.standardError()));
        return row;
    }

    private static void put(ObjectNode row, String metric, String filter, double value, Optional<Double> error) {
        row.put(metric + "," + filter, value);
        error.ifPresentOrElse(known -> row.put(metric + "_stderr," + filter, known),
                () -> row.put(metric + "_stderr," + filter, NOT_KNOWN));
    }

    /// A group's figure is a mean of its tasks', by documents or by tasks; its error is pooled, or that of the mean.
    private ObjectNode row(ChosenGroup group, Map<String, ObjectNode> rows) {
        ObjectNode row = Json.mapper().createObjectNode().put("alias", group.group().alias())
                .put("name", group.group().name());
        if (group.group().aggregates().isEmpty()) {
            return row;
        }
        List<SuiteResult> leaves = group.leaves().stream().map(results::get).filter(result -> result != null).toList();
        row.put("sample_len", leaves.stream().mapToInt(SuiteResult::documents).sum());
        ObjectNode counts = Json.mapper().createObjectNode();
        for (TaskGroup.Aggregate aggregate : group.group().aggregates()) {
            SortedSet<String> found = new TreeSet<>();
            leaves.forEach(leaf -> leaf.figures().values().stream()
                    .filter(figure -> figure.metric().equals(aggregate.metric()))
                    .forEach(figure -> found.add(figure.filter())));
            for (String filter : aggregate.filters().orElse(List.copyOf(found))) {
                put(row, aggregate, filter, leaves, counts);
            }
        }
        if (!counts.isEmpty()) {
            row.set("sample_count", counts);
        }
        return row;
    }

    private static void put(ObjectNode row, TaskGroup.Aggregate aggregate, String filter, List<SuiteResult> leaves,
            ObjectNode counts) {
        List<Figure> figures = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        leaves.forEach(leaf -> Optional.ofNullable(leaf.figures().get(aggregate.metric() + "," + filter))
                .ifPresent(figure -> {
                    figures.add(figure);
                    sizes.add(leaf.documents());
                }));
        if (figures.isEmpty()) {
            return;
        }
        double sum = 0;
        double of = 0;
        for (int i = 0; i < figures.size(); i++) {
            double weight = aggregate.weightBySize() ? sizes.get(i) : 1;
            sum += figures.get(i).value() * weight;
            of += weight;
        }
        boolean errors = figures.stream().allMatch(figure -> figure.standardError().isPresent());
        put(row, aggregate.metric(), filter, sum / of,
                errors ? Optional.of(error(figures, sizes, aggregate.weightBySize())) : Optional.empty());
        counts.put(aggregate.metric() + "," + filter, sizes.stream().mapToInt(Integer::intValue).sum());
    }

    private static double error(List<Figure> figures, List<Integer> sizes, boolean bySize) {
        double sum = 0;
        long all = sizes.stream().mapToLong(Integer::longValue).sum();
        for (int i = 0; i < figures.size(); i++) {
            double error = figures.get(i).standardError().orElseThrow();
            double n = sizes.get(i);
            sum += bySize ? (n - 1) * error * error * n : error * error;
        }
        return bySize ? Math.sqrt(sum / (all - sizes.size()) / all) : Math.sqrt(sum) / figures.size();
    }

    private static ObjectNode config(SuiteTask task) {
        TaskConfig config = task.config();
        ObjectNode json = Json.mapper().createObjectNode().put("task", config.task())
                .put("task_alias", config.alias()).put("dataset_path", config.data().path());
        config.data().name().ifPresent(name -> json.put("dataset_name", name));
        config.splits().test().ifPresent(split -> json.put("test_split", split));
        config.splits().validation().ifPresent(split -> json.put("validation_split", split));
        json.put("output_type", config.kind().word()).put("num_fewshot", task.shots())
                .put("repeats", config.scoring().repeats())
                .put("target_delimiter", config.prompt().targetDelimiter())
                .put("fewshot_delimiter", config.prompt().fewshotDelimiter());
        if (!config.generation().isEmpty()) {
            json.set("generation_kwargs", Json.tree(config.generation()));
        }
        ArrayNode metrics = json.putArray("metric_list");
        config.scoring().metrics().forEach(metric -> {
            ObjectNode one = metrics.addObject().put("metric", metric.name()).put("aggregation", metric.aggregation())
                    .put("higher_is_better", metric.higherIsBetter());
            metric.options().forEach((key, value) -> one.set(key, Json.tree(value)));
        });
        ArrayNode filters = json.putArray("filter_list");
        config.scoring().filters().forEach(pipeline -> {
            ArrayNode steps = filters.addObject().put("name", pipeline.name()).putArray("filter");
            pipeline.steps().forEach(step -> {
                ObjectNode one = steps.addObject().put("function", step.function());
                step.options().forEach((key, value) -> one.set(key, Json.tree(value)));
            });
        });
        json.set("metadata", Json.tree(config.metadata()));
        return json;
    }

    private static String hash(SuiteResult result) {
        return Hashes.sha256(result.lines().stream().map(line -> line.get("doc_hash").asText()
                + line.get("prompt_hash").asText() + line.get("target_hash").asText()).collect(Collectors.joining()));
    }
}
