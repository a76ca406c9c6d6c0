package dev.socratic.curator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.text.WordDiff;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// All that a curation measured, changed and decided of one row: read from `decisions.jsonl`, `report.json` and the
/// rows themselves; nothing is computed again.
///
/// @param id       of the row
/// @param decision its line in `decisions.jsonl`
/// @param row      as it stayed, or as it was when it was dropped
/// @param steps    of those that saw it, in order: `{step, measured, thresholds, edits, dropped}`, what there is
/// @param change   what would have changed the decision, as far as thresholds tell
public record RowExplanation(String id, ObjectNode decision, Optional<ObjectNode> row, List<ObjectNode> steps,
        List<String> change) {
    private static final int NEAREST = 3;

    /// @param run    the run's folder, or the folder `curate` in it
    /// @param wanted the row's id, or the beginning of one
    /// @return of each row of that id: a corpus may hold the same row twice
    /// @throws ConfigException if there is no such row, with the ids that were probably meant
    public static List<RowExplanation> of(Path run, String wanted) {
        Path folder = Files.isRegularFile(run.resolve("decisions.jsonl")) ? run : run.resolve("curate");
        Path file = folder.resolve("decisions.jsonl");
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(run.toString(), "the folder of a run with curate/decisions.jsonl",
                    Files.isDirectory(run) ? "a folder without it" : Files.exists(run) ? "a file" : "none there",
                    "give what --out of curate or run was");
        }
        Set<String> ids = new LinkedHashSet<>();
        List<ObjectNode> found = read(file, row -> {
            ids.add(row.path("id").asText());
            return row.path("id").asText().equals(wanted);
        });
        String id = wanted;
        if (found.isEmpty()) {
            id = only(wanted, ids);
            String begun = id;
            found = read(file, row -> row.path("id").asText().equals(begun));
        }
        String known = id;
        List<ObjectNode> rows = new ArrayList<>();
        for (String name : List.of("train.jsonl", "rejected.jsonl")) {
            if (Files.isRegularFile(folder.resolve(name))) {
                rows.addAll(read(folder.resolve(name), row -> row.path("id").asText().equals(known)));
            }
        }
        JsonNode report = Json.read(folder.resolve("report.json"), JsonNode.class);
        List<RowExplanation> all = new ArrayList<>();
        for (ObjectNode decision : found) {
            List<ObjectNode> steps = steps(decision, report);
            all.add(new RowExplanation(known, decision, row(decision, rows), steps, change(decision, steps)));
        }
        return all;
    }

    private static List<ObjectNode> read(Path file, Predicate<ObjectNode> wanted) {
        List<ObjectNode> all = new ArrayList<>();
        try (RowReader rows = RowFiles.read(file, Quarantine.refuse())) {
            while (rows.hasNext()) {
                ObjectNode row = rows.next().json();
                if (wanted.test(row)) {
                    all.add(row);
                }
            }
        }
        return all;
    }

    private static String only(String wanted, Set<String> ids) {
        List<String> begun = ids.stream().filter(id -> !wanted.isEmpty() && id.startsWith(wanted)).limit(NEAREST + 1)
                .toList();
        if (begun.size() == 1) {
            return begun.getFirst();
        }
        String remedy = begun.isEmpty()
                ? Spelling.nearest(wanted, ids).map(id -> "write '" + id + "'")
                        .orElse("take an id of decisions.jsonl, train.jsonl or rejected.jsonl")
                : "write more of it: " + String.join(", ", begun.subList(0, Math.min(NEAREST, begun.size())))
                        + (begun.size() > NEAREST ? ", ..." : "");
        throw new ConfigException("ROW", "the id of one of the %s rows of this curation".formatted(ids.size()),
                "'" + wanted + "'", remedy);
    }

    /// A row that was dropped carries its reason, one that stayed does not.
    private static Optional<ObjectNode> row(ObjectNode decision, List<ObjectNode> rows) {
        boolean kept = decision.path("decision").asText().equals("kept");
        return rows.stream().filter(row -> kept ? !row.has("evidence") || !row.has("step")
                : row.path("step").equals(decision.path("step"))
                        && row.path("reason").equals(decision.path("reason"))).findFirst();
    }

    private static List<ObjectNode> steps(ObjectNode decision, JsonNode report) {
        List<ObjectNode> all = new ArrayList<>();
        for (JsonNode step : report.path("steps")) {
            String name = step.path("step").asText();
            ObjectNode seen = object().put("step", name);
            ObjectNode measured = object();
            decision.path("scores").properties().stream().filter(score -> score.getKey().startsWith(name + "."))
                    .forEach(score -> measured.set(score.getKey().substring(name.length() + 1), score.getValue()));
            if (!measured.isEmpty()) {
                seen.set("measured", measured);
            }
            if (!step.path("thresholds").isEmpty()) {
                seen.set("thresholds", step.path("thresholds"));
            }
            ArrayNode edits = JsonNodeFactory.instance.arrayNode();
            decision.path("edits").forEach(edit -> {
                if (edit.path("step").asText().equals(name)) {
                    edits.add(told(edit));
                }
            });
            if (!edits.isEmpty()) {
                seen.set("edits", edits);
            }
            boolean last = decision.path("decision").asText().equals("dropped")
                    && decision.path("step").asText().equals(name);
            if (last) {
                seen.putObject("dropped").put("reason", decision.path("reason").asText())
                        .set("evidence", decision.path("evidence"));
            }
            all.add(seen);
            if (last) {
                break;
            }
        }
        return all;
    }

    /// @return the edit, each change also as words that went and came
    private static ObjectNode told(JsonNode edit) {
        ObjectNode told = edit.deepCopy();
        told.remove("step");
        told.path("evidence").path("changes").forEach(change -> ((ObjectNode) change).put("diff",
                WordDiff.marked(change.path("before").asText(), change.path("after").asText())));
        return told;
    }

    private static List<String> change(ObjectNode decision, List<ObjectNode> steps) {
        List<String> all = new ArrayList<>();
        boolean dropped = decision.path("decision").asText().equals("dropped");
        for (ObjectNode step : steps) {
            for (JsonNode threshold : step.path("thresholds")) {
                JsonNode value = step.path("measured").path(threshold.path("score").asText());
                if (!value.isNumber()) {
                    continue;
                }
                String side = threshold.has("least") ? "least" : "most";
                boolean holds = side.equals("least") ? value.doubleValue() >= threshold.path(side).doubleValue()
                        : value.doubleValue() <= threshold.path(side).doubleValue();
                boolean of = dropped && step.has("dropped")
                        && decision.path("reason").equals(threshold.path("reason"));
                if (of && !holds) {
                    all.add("%s lets it pass if %s may be at %s %s instead of %s; the steps behind it have not seen it"
                            .formatted(step.path("step").asText(), threshold.path("score").asText(), side,
                                    value.asText(), threshold.path(side).asText()));
                } else if (!dropped && holds) {
                    all.add("%s drops it (%s) if %s has to be at %s %s %s; it is at %s, the limit %s".formatted(
                            step.path("step").asText(), threshold.path("reason").asText(),
                            threshold.path("score").asText(), side, side.equals("least") ? "above" : "below",
                            value.asText(), value.asText(), threshold.path(side).asText()));
                }
            }
        }
        if (dropped && all.isEmpty()) {
            all.add("another text, or %s without this rule: it decides by what it finds, not by a threshold".formatted(
                    decision.path("step").asText()));
        }
        return all;
    }

    /// @return all of it as one object
    public ObjectNode json() {
        ObjectNode json = object().put("id", id);
        json.set("decision", decision.path("decision"));
        if (decision.has("step")) {
            json.set("step", decision.path("step"));
            json.set("reason", decision.path("reason"));
        }
        steps.forEach(json.putArray("steps")::add);
        change.forEach(json.putArray("what_would_change_it")::add);
        row.ifPresent(text -> json.set("row", text));
        return json;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
