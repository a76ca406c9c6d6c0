package dev.socratic.eval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ModelCard;
import java.time.Instant;
import java.util.Map;

/// `results_<date>.json` with the field names of lm-evaluation-harness; what it has no name for (the interval) stands beside them.
final class ResultsFile {
    private static final String KEY = Sample.METRIC + "," + Sample.FILTER;
    private static final String STDERR_KEY = Sample.METRIC + "_stderr," + Sample.FILTER;

    private ResultsFile() {}

    static ObjectNode json(EvalConfig config, String name, ModelCard card, Instant started, Map<String, TaskResult> results) {
        ObjectNode file = Json.mapper().createObjectNode();
        ObjectNode byTask = file.putObject("results");
        ObjectNode configs = file.putObject("configs");
        ObjectNode versions = file.putObject("versions");
        ObjectNode shots = file.putObject("n-shot");
        ObjectNode better = file.putObject("higher_is_better");
        ObjectNode samples = file.putObject("n-samples");
        results.forEach((task, result) -> {
            ObjectNode row = byTask.putObject(task);
            row.put("alias", task);
            row.put(KEY, result.accuracy());
            row.put(STDERR_KEY, result.stderr());
            row.putArray("ci95").add(result.ci95().low()).add(result.ci95().high());
            row.put("n", result.scored());
            configs.set(task, Json.tree(Map.of(
                    "task", task,
                    "prompt", result.task().prompt(),
                    "output_type", "generate_until",
                    "generation_kwargs", Map.of(
                            "temperature", result.task().temperature(),
                            "top_p", result.task().topP(),
                            "max_gen_toks", result.task().maxTokens(),
                            "until", result.task().stop()))));
            versions.put(task, 1);
            shots.put(task, 0);
            better.putObject(task).put(Sample.METRIC, true);
            samples.putObject(task).put("original", result.asked()).put("effective", result.scored());
        });
        file.putObject("config")
                .put("model", card.place().startsWith("endpoint:") ? "endpoint" : "weights")
                .put("model_args", card.place())
                .put("model_revision", card.revision())
                .put("batch_size", card.unit())
                .put("random_seed", config.seed());
        file.put("model_name", name);
        file.put("model_source", card.name());
        file.put("date", started.getEpochSecond());
        return file;
    }
}
