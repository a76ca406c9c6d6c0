package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.text.TextModel;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Paired;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The figures of a run as `summary.json`:
/// `{"rows":{"questions","answers","kept","dropped":{reason:n},"failed"},`
/// `"eval":{model:{task:{"accuracy","ci95":[lo,hi],"n","truncated","failed","request_fields_refused":[...]} or`
/// `{"incomplete","answered"}}},`
/// `"compare":{pair:{task:{"difference","ci95","p"}}},"parameters":{"teacher","student"},"seconds":{stage:s},`
/// `"peak_memory_mb","usd":{stage:dollars},"incomplete":{stage:why}}`.
///
/// `rows.answers` are the answers asked for (questions times samples); `answers = kept + dropped + failed` over
/// generation and curation together, so `kept` is what the students learn from.
final class Summary {
    private Summary() {}

    static ObjectNode json(ReportInput input, Scores scores, long questions) {
        ObjectNode summary = Json.mapper().createObjectNode();
        rows(summary.putObject("rows"), input, questions);
        ObjectNode eval = summary.putObject("eval");
        scores.models().forEach((model, tasks) -> {
            ObjectNode byTask = eval.putObject(model);
            tasks.forEach((task, samples) -> {
                ObjectNode cell = byTask.putObject(task);
                if (scores.incomplete().containsKey(model)) {
                    cell.put("incomplete", scores.incomplete().get(model));
                    cell.put("answered", samples.size());
                    return;
                }
                cell.put("accuracy", samples.accuracy());
                interval(cell.putArray("ci95"), samples.ci95());
                cell.put("n", samples.size());
                cell.put("truncated", samples.truncated());
                cell.put("failed", samples.failed());
                Optional.ofNullable(scores.stages().get(model)).map(ReportInput.StageFacts::refused)
                        .filter(fields -> !fields.isEmpty())
                        .ifPresent(fields -> cell.set(TextModel.REFUSED_FIELDS, Json.tree(fields)));
            });
        });
        ObjectNode compare = summary.putObject("compare");
        scores.comparisons().forEach((pair, tasks) -> {
            ObjectNode byTask = compare.putObject(pair.key());
            tasks.forEach((task, one) -> {
                Paired paired = one.paired();
                ObjectNode cell = byTask.putObject(task);
                cell.put("difference", paired.difference());
                interval(cell.putArray("ci95"), paired.ci95());
                cell.put("p", paired.p());
            });
        });
        ObjectNode parameters = summary.putObject("parameters");
        input.parameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder()))
                .forEach(e -> parameters.put(e.getKey(), e.getValue()));
        ObjectNode seconds = summary.putObject("seconds");
        input.stages().forEach(stage -> seconds.put(stage.name(), Math.round(stage.seconds() * 10) / 10.0));
        summary.put("peak_memory_mb", input.peakMemoryMb());
        ObjectNode cost = summary.putObject("usd");
        input.stages().stream()
                .filter(stage -> stage.usage().costUsd() > 0)
                .forEach(stage -> cost.put(stage.name(), stage.usage().costUsd()));
        ObjectNode incomplete = summary.putObject("incomplete");
        input.incomplete().forEach(incomplete::put);
        return summary;
    }

    private static void rows(ObjectNode rows, ReportInput input, long questions) {
        Optional<Counts> generated = counts(input, "generate");
        Optional<Counts> curated = counts(input, "curate");
        SortedMap<String, Long> dropped = new TreeMap<>();
        generated.ifPresent(c -> c.dropped().forEach((reason, n) -> dropped.merge(reason, n, Long::sum)));
        curated.ifPresent(c -> c.dropped().forEach((reason, n) -> dropped.merge(reason, n, Long::sum)));
        rows.put("questions", questions);
        rows.put("answers", generated.or(() -> curated).map(Counts::in).orElse(0L));
        rows.put("kept", curated.or(() -> generated).map(Counts::kept).orElse(0L));
        ObjectNode reasons = rows.putObject("dropped");
        dropped.forEach(reasons::put);
        rows.put("failed", generated.map(Counts::failed).orElse(0L) + curated.map(Counts::failed).orElse(0L));
    }

    private static Optional<Counts> counts(ReportInput input, String stage) {
        return input.stages().stream().filter(s -> s.name().equals(stage)).map(ReportInput.StageFacts::counts)
                .findFirst();
    }

    private static void interval(ArrayNode array, Interval interval) {
        array.add(interval.low()).add(interval.high());
    }
}
