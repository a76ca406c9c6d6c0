package dev.socratic.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextModel;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.prompts.FewShot;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `results_<date>.json` with the field names of lm-evaluation-harness. What it has no name for stands at the top
/// level, by task, for its readers take every unknown field of a task for a metric: the interval as `ci95`, answers
/// cut off at the most tokens allowed as `truncated`, questions the model cannot answer, which count as wrong, as
/// `failed`, and those still to be asked as `open`: such a task has no accuracy. What an endpoint did not take of the
/// requests stands there as [TextModel#REFUSED_FIELDS].
final class ResultsFile {
    private ResultsFile() {}

    static ObjectNode json(EvalConfig config, String name, TextModel asked, Instant started,
            Map<String, TaskResult> results) {
        ModelCard card = asked.card();
        ObjectNode file = Json.mapper().createObjectNode();
        ObjectNode byTask = file.putObject("results");
        ObjectNode subtasks = file.putObject("group_subtasks");
        ObjectNode configs = file.putObject("configs");
        ObjectNode versions = file.putObject("versions");
        ObjectNode shots = file.putObject("n-shot");
        ObjectNode better = file.putObject("higher_is_better");
        ObjectNode samples = file.putObject("n-samples");
        ObjectNode intervals = file.putObject("ci95");
        ObjectNode truncated = file.putObject("truncated");
        ObjectNode failed = file.putObject("failed");
        ObjectNode open = file.putObject("open");
        ObjectNode hashes = Json.mapper().createObjectNode();
        results.forEach((task, result) -> {
            ObjectNode row = byTask.putObject(task).put("name", task).put("alias", task)
                    .put("sample_len", result.samples().size());
            if (result.open() == 0) { // a part of a task has no figure
                ObjectNode ends = intervals.putObject(task);
                result.metrics().forEach(metric -> {
                    String key = metric.name() + "," + SampleJson.FINAL_ANSWER;
                    String error = metric.name() + "_stderr," + SampleJson.FINAL_ANSWER;
                    row.put(key, metric.value());
                    metric.error().ifPresentOrElse(value -> row.put(error, value), () -> row.put(error, "N/A"));
                    ends.putArray(key).add(metric.ci95().low()).add(metric.ci95().high());
                });
                further(file, task, result);
            }
            truncated.put(task, result.truncated());
            failed.put(task, result.failed());
            open.put(task, result.open());
            subtasks.putArray(task);
            configs.set(task, config(result.asking()));
            versions.put(task, ExactMatch.VERSION);
            shots.put(task, shots(result.asking().task()));
            ObjectNode higher = better.putObject(task).put(SampleJson.METRIC, true);
            result.metrics().forEach(metric -> higher.put(metric.name(), true));
            samples.putObject(task).put("original", result.asking().in()).put("effective", result.samples().size());
            hashes.put(task, hash(result));
        });
        Optional.ofNullable(asked.notes().get(TextModel.REFUSED_FIELDS))
                .ifPresent(fields -> file.set(TextModel.REFUSED_FIELDS, Json.tree(fields)));
        file.set("config", model(card, config.seed()));
        file.put("date", started.getEpochSecond());
        file.set("task_hashes", hashes);
        file.put("model_source", source(card));
        file.put("model_name", name);
        file.put("model_name_sanitized", name.replaceAll("[\"<>:/|\\\\?*\\[\\]]+", "__"));
        return file;
    }

    /// What is said of a task besides its metrics, where there is something to say: scores by the values of a field,
    /// questions by difficulty, where the spread comes from, and how far agreement tells what is right.
    private static void further(ObjectNode file, String task, TaskResult result) {
        if (result.samples().isEmpty()) {
            return;
        }
        SampleMetrics figures = result.figures();
        if (result.asking().task().logprobs()) {
            file.withObject("/logprobs").putObject(task)
                    .put("tokens", result.samples().stream().mapToLong(sample -> sample.line()
                            .path(SampleEvidence.LOGPROBS).valueStream().mapToLong(list -> list.size()).sum()).sum())
                    .put("left_out", result.samples().stream().mapToLong(sample -> sample.line()
                            .path(AnswerTokens.LEFT_OUT).asLong(0)).sum());
        }
        figures.groups().forEach((group, mean) -> {
            ObjectNode one = file.withObject("/by").withObjectProperty(task).putObject(group);
            one.put("n", mean.n()).put(SampleJson.METRIC, mean.value());
            mean.error().ifPresent(error -> one.put("stderr", error));
            one.putArray("ci95").add(mean.ci95().low()).add(mean.ci95().high());
        });
        result.asking().task().stopEarly().ifPresent(stop -> file.withObject("/sequential_stop").putObject(task)
                .put("half_width", stop.halfWidth()).put("asked", result.samples().size())
                .put("spared", result.asking().spared()));
        if (figures.clustered()) {
            file.withObject("/clusters").put(task, figures.score().clusters());
        }
        figures.difficulty().forEach((stratum, n) ->
                file.withObject("/difficulty").withObjectProperty(task).put(stratum, n));
        figures.variance().ifPresent(split -> file.withObject("/variance").putObject(task)
                .put("questions", split.between()).put("answers", split.within()).put("share", split.share()));
        figures.selfConsistency().ifPresent(calibration -> file.withObject("/calibration")
                .set(task, CalibrationJson.of(calibration)));
    }

    private static ObjectNode config(PreparedTask asking) {
        EvalTask task = asking.task();
        ObjectNode config = Json.mapper().createObjectNode().put("task", task.name())
                .put("output_type", "generate_until");
        config.put("doc_to_text", asking.template().name())
                .put("prompt_version", asking.template().version())
                .put("prompt_hash", asking.template().hash())
                .put("num_fewshot", shots(task))
                .put("repeats", task.repeats().repeats());
        config.set("generation_kwargs", SampleJson.generation(task.generation()));
        config.putArray("metric_list").addObject().put("metric", SampleJson.METRIC).put("aggregation", "mean")
                .put("higher_is_better", true);
        ArrayNode filters = config.putArray("filter_list");
        filters.addObject().put("name", SampleJson.FINAL_ANSWER).putArray("filter").addObject()
                .put("function", SampleJson.FINAL_ANSWER);
        return config;
    }

    private static ObjectNode model(ModelCard card, long seed) {
        return Json.mapper().createObjectNode()
                .put("model", source(card))
                .put("model_args", card.place())
                .put("model_revision", card.revision())
                .put("batch_size", String.valueOf(card.unit()))
                .put("random_seed", seed);
    }

    private static String source(ModelCard card) {
        return card.place().startsWith("endpoint:") ? "endpoint" : "weights";
    }

    private static int shots(EvalTask task) {
        return task.fewShot().map(FewShot::k).orElse(0);
    }

    /// As the harness does: the hash of all hashes of the samples, in order.
    private static String hash(TaskResult result) {
        return Hashes.sha256(result.samples().stream()
                .map(Sample::line)
                .map(line -> line.get("doc_hash").asText() + line.get("prompt_hash").asText() + line.get("target_hash")
                        .asText())
                .collect(Collectors.joining()));
    }
}
