package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonJson;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.eval.harness.SuiteTask.Argument;
import dev.socratic.eval.harness.SuiteTask.Asked;
import dev.socratic.eval.harness.function.TaskFunction.Likelihood;
import dev.socratic.eval.harness.score.SampleValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lines of `samples_<task>_<date>.jsonl`, field by field as lm-evaluation-harness writes them: one for each document
/// and filter. Ours are `failed` and `why` of a question that the model cannot answer, and `lost`.
final class SampleLines {
    private static final Template PRINTED = Template.parse("{{ value }}", TemplateOptions.DEFAULT);

    private SampleLines() {}

    /// @param answers to the requests, one or more to each, as they came
    /// @param values  figures by metric
    /// @param why     what kept the model from answering; empty where nothing did
    /// @param lost    tokens of the beginning that the longest context lost
    static ObjectNode line(SuiteTask task, Asked asked, List<List<Object>> answers, List<Object> filtered,
            String filter, Map<String, SampleValue> values, Optional<String> why, int lost) {
        ObjectNode line = Json.mapper().createObjectNode();
        boolean rolling = task.config().kind() == dev.socratic.eval.harness.task.TaskConfig.Kind.LOGLIKELIHOOD_ROLLING;
        String target = printed(task.fields().target(task.config().prompt(), asked.doc()));
        line.put("doc_id", asked.id());
        line.set("doc", asked.doc());
        line.put("target", target);
        ObjectNode arguments = line.putObject("arguments");
        for (int i = 0; i < asked.arguments().size(); i++) {
            argument(task, asked.arguments().get(i), rolling, arguments.putObject("gen_args_" + i));
        }
        ArrayNode responses = line.putArray("resps");
        answers.forEach(several -> {
            ArrayNode of = responses.addArray();
            several.forEach(one -> put(of, one));
        });
        ArrayNode left = line.putArray("filtered_resps");
        filtered.forEach(one -> put(left, one));
        line.put("filter", filter);
        ArrayNode metrics = line.putArray("metrics");
        values.keySet().forEach(metrics::add);
        line.put("doc_hash", Hashes.sha256(PythonJson.indented(asked.doc())));
        line.put("prompt_hash", Hashes.sha256(asked.arguments().getFirst().prompt()));
        line.put("target_hash", Hashes.sha256(target));
        values.forEach((metric, value) -> line.set(metric, Json.tree(shown(value))));
        why.ifPresent(problem -> line.put("failed", true).put("why", problem));
        if (lost > 0) {
            line.put("lost", lost);
        }
        return line;
    }

    private static void argument(SuiteTask task, Argument argument, boolean rolling, ObjectNode into) {
        into.put("arg_0", argument.prompt());
        argument.continuation().ifPresent(text -> into.put("arg_1", text));
        if (argument.continuation().isEmpty() && !rolling) {
            into.set("arg_1", Json.tree(task.config().generation()));
        }
    }

    private static void put(ArrayNode list, Object one) {
        switch (one) {
            case Likelihood score -> list.addArray().add(printed(score.logProbability()))
                    .add(score.greedy() ? "True" : "False");
            case List<?> several -> {
                ArrayNode below = list.addArray();
                several.forEach(item -> put(below, item));
            }
            case Object other -> list.add(printed(other));
        }
    }

    /// As Python prints it.
    private static String printed(Object value) {
        return PRINTED.render(Map.of("value", value)).text();
    }

    private static Object shown(SampleValue value) {
        return switch (value) {
            case SampleValue.Number number -> number.value();
            case SampleValue.Weighted weighted -> List.of(weighted.value(), weighted.weight());
            case SampleValue.Classes classes -> List.of(classes.gold(), classes.predicted());
            case SampleValue.Forecast forecast -> List.of(forecast.gold(), forecast.probabilities());
            case SampleValue.Several several -> several.values();
            case SampleValue.Pair pair -> List.of(pair.references(), pair.written());
        };
    }
}
