package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.report.RowExplanation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says of one row of a curation what every step measured, changed and decided.
@Command(name = "explain", mixinStandardHelpOptions = true, description = {
    "Why a row of a curation stayed or went.",
    "Every step that saw it, what was measured beside its limits, what was changed word by word, and what would change",
    "the decision. Reads the run's folder; computes nothing again."})
final class ExplainCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "A run's folder, what --out of curate or run was.")
    private Path run;

    @Parameters(paramLabel = "ROW", description =
            "The row's id, or its beginning, as decisions.jsonl, train.jsonl and rejected.jsonl have it.")
    private String row;

    @Option(names = "--json", description = "A list with one object for each row of that id.")
    private boolean json;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<RowExplanation> all = RowExplanation.of(run, row);
        if (json) {
            ArrayNode list = Json.mapper().createArrayNode();
            all.forEach(one -> list.add(one.json()));
            console.json(list);
        } else {
            all.forEach(this::show);
        }
        return ExitCode.DONE;
    }

    private void show(RowExplanation row) {
        boolean dropped = row.decision().path("decision").asText().equals("dropped");
        line("row", row.id() + (dropped ? ": dropped by %s, %s".formatted(row.decision().path("step").asText(),
                row.decision().path("reason").asText()) : ": kept"));
        row.row().map(one -> one.path("question").asText("")).filter(text -> !text.isEmpty())
                .ifPresent(text -> line("question", text));
        row.steps().forEach(this::step);
        row.change().forEach(change -> line("what if", change));
    }

    private void step(JsonNode step) {
        String measured = step.path("measured").properties().stream()
                .map(score -> score.getKey() + " " + score.getValue().asText() + limits(step, score.getKey()))
                .collect(Collectors.joining(", "));
        String name = step.path("step").asText();
        line(name, step.has("dropped") ? "dropped: %s, %s".formatted(step.path("dropped").path("reason").asText(),
                Json.canonical(step.path("dropped").path("evidence"))) : step.has("edits") ? "changed" : "passed");
        if (!measured.isEmpty()) {
            line("", measured);
        }
        step.path("edits").forEach(edit -> {
            line("", edit.path("reason").asText());
            JsonNode changes = edit.path("evidence").path("changes");
            changes.forEach(change -> line("", change.path("diff").asText()));
            if (changes.isEmpty()) {
                line("", Json.canonical(edit.path("evidence")));
            }
        });
    }

    private static String limits(JsonNode step, String score) {
        StringBuilder limits = new StringBuilder();
        step.path("thresholds").forEach(threshold -> {
            if (threshold.path("score").asText().equals(score)) {
                String side = threshold.has("least") ? "least" : "most";
                limits.append(limits.isEmpty() ? " (" : ", ").append("at ").append(side).append(' ')
                        .append(threshold.path(side).asText());
            }
        });
        return limits.isEmpty() ? "" : limits + ")";
    }

    private void line(String name, String value) {
        List<String> lines = value.lines().toList();
        console.data(String.format(Locale.ROOT, "%-16s %s", name, lines.isEmpty() ? "" : lines.getFirst()));
        lines.stream().skip(1).forEach(more -> console.data(" ".repeat(17) + more));
    }
}
