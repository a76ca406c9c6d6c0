package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What came of all judged tasks.
///
/// @param usage      what the answers took, by who gave them
/// @param incomplete why requests are still open, with what to do
public record JudgedResults(List<JudgedResult> results, Map<String, Usage> usage, Optional<String> incomplete) {
    /// To be raised whenever the same answers may get another figure.
    private static final int VERSION = 1;

    public JudgedResults {
        results = List.copyOf(results);
    }

    /// Rows.
    ///
    /// @param read   all of them
    /// @param failed of them, without a figure: no question, unanswered, unjudged, or not answered yet
    public record Sums(long read, long failed) {}

    public Sums sums() {
        return new Sums(results.stream().mapToLong(JudgedResult::read).sum(), results.stream().mapToLong(result ->
                result.failed() + result.unjudged().size() + result.open() + result.unreadable()).sum());
    }

    /// @return figures for the stage's report
    public Map<String, Object> notes() {
        Map<String, Object> notes = new LinkedHashMap<>();
        results.forEach(result -> {
            String task = result.task().name();
            result.figures().forEach(figure -> notes.put(figure.metric() + "." + task, figure.value()));
            notes.put("failed." + task, result.failed());
            notes.put("unjudged." + task, result.facts().path("unjudged").asLong());
            notes.put("open." + task, result.open());
        });
        return notes;
    }

    /// Writes `samples_<task>_<date>.jsonl` of each, and `unjudged_<task>_<date>.jsonl` where there are any.
    public void write(Path folder, String date) {
        results.forEach(result -> {
            String task = result.task().name();
            write(folder.resolve("samples_%s_%s.jsonl".formatted(task, date)), result.lines());
            if (!result.unjudged().isEmpty()) {
                write(folder.resolve("unjudged_%s_%s.jsonl".formatted(task, date)), result.unjudged());
            }
        });
    }

    private static void write(Path file, List<ObjectNode> lines) {
        AtomicFiles.write(file, stream -> {
            for (ObjectNode line : lines) {
                stream.write((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /// Puts all of it into a results file: figures by the field names of lm-evaluation-harness, the rest under
    /// `judged`.
    public void into(ObjectNode file) {
        results.forEach(result -> {
            String task = result.task().name();
            ObjectNode row = file.withObject("/results").putObject(task).put("name", task).put("alias", task)
                    .put("sample_len", result.lines().size());
            ObjectNode ends = file.withObject("/ci95").putObject(task);
            ObjectNode better = file.withObject("/higher_is_better").putObject(task);
            result.figures().forEach(figure -> {
                row.put(figure.metric() + "," + JudgedLine.FILTER, figure.value());
                String error = figure.metric() + "_stderr," + JudgedLine.FILTER;
                figure.error().ifPresentOrElse(value -> row.put(error, value), () -> row.put(error, "N/A"));
                ends.putArray(figure.metric() + "," + JudgedLine.FILTER).add(figure.ci95().low())
                        .add(figure.ci95().high());
                better.put(figure.metric(), figure.rising());
            });
            file.withObject("/group_subtasks").putArray(task);
            file.withObject("/configs").set(task, config(result));
            file.withObject("/versions").put(task, VERSION);
            file.withObject("/n-shot").put(task, 0);
            file.withObject("/n-samples").putObject(task).put("original", result.read())
                    .put("effective", result.lines().size());
            file.withObject("/failed").put(task, result.failed());
            file.withObject("/open").put(task, result.open());
            file.withObject("/task_hashes").put(task, Hashes.sha256(result.lines().stream()
                    .map(line -> line.get("doc_hash").asText() + line.get("prompt_hash").asText()
                            + line.get("target_hash").asText()).collect(Collectors.joining())));
            file.withObject("/judged").set(task, result.facts());
            if (result.facts().has("unjudged")) {
                file.withObject("/unjudged").set(task, result.facts().get("unjudged"));
            }
        });
        usage.forEach((who, used) -> file.withObject("/judged_usage").set(who, Json.tree(used)));
    }

    private static ObjectNode config(JudgedResult result) {
        ObjectNode config = Json.mapper().createObjectNode().put("task", result.task().name())
                .put("output_type", "generate_until").put("kind", switch (result.task()) {
                    case JudgedTask.Judge ignored -> "judge";
                    case JudgedTask.Pairwise ignored -> "pairwise";
                    case JudgedTask.MultiTurn ignored -> "multi_turn";
                    case JudgedTask.Socratic ignored -> "socratic";
                });
        config.set("generation_kwargs", JudgedLine.kwargs(result.generation()));
        return config;
    }
}
