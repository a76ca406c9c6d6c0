package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How many answers were left after each check of generation and each step of curation.
final class RowsSection {
    private final List<AmountChart.Row> bars = new ArrayList<>();
    private final List<List<String>> lost = new ArrayList<>();
    private long left;

    private RowsSection() {}

    static String html(ReportInput input) {
        RowsSection section = new RowsSection();
        Optional<Counts> generated = counts(input, "generate");
        Optional<Counts> curated = counts(input, "curate");
        generated.ifPresent(counts -> {
            section.begin("answers asked for", counts.in());
            section.counts("generate", counts);
        });
        curated.ifPresent(counts -> {
            if (generated.isEmpty() || section.left != counts.in()) {
                section.begin("rows to curate", counts.in());
            }
            section.curate(counts, input.curation().map(file -> Json.read(file, JsonNode.class)));
        });
        if (section.bars.isEmpty()) {
            return Html.soft("No rows were generated or curated in this run.");
        }
        String warnings = input.stages().stream().filter(stage -> stage.name().equals("generate"))
                .flatMap(stage -> stage.warning("generate").stream()).map(Html::warning)
                .collect(Collectors.joining());
        return new AmountChart("Answers left after each check", section.bars).svg()
                + warnings
                + Html.folded("Every reason", Html.table(3, List.of("stage", "step", "reason", "rows"), section.lost));
    }

    private void begin(String name, long rows) {
        left = rows;
        bars.add(new AmountChart.Row(name, rows, 0, Html.count(rows)));
    }

    private void counts(String stage, Counts counts) {
        take(stage, stage, "failed", counts.failed());
        counts.dropped().forEach((reason, n) -> take(stage, stage, reason, n));
    }

    /// The curator's report tells the steps in their order. Without it, or where it does not add up, the reasons
    /// stand alone.
    private void curate(Counts counts, Optional<JsonNode> report) {
        List<Step> steps = report.map(RowsSection::steps).orElse(List.of());
        long dropped = steps.stream().flatMap(step -> step.dropped().values().stream()).mapToLong(Long::longValue)
                .sum();
        if (dropped != counts.droppedInAll() || steps.isEmpty()) {
            counts("curate", counts);
            return;
        }
        take("curate", "read", "failed", counts.failed());
        for (Step step : steps) {
            long before = left;
            step.dropped().forEach((reason, n) -> {
                left -= n;
                lost.add(List.of("curate", step.name(), reason, Html.count(n)));
            });
            bars.add(bar(step.name(), left, before - left));
        }
    }

    private void take(String stage, String step, String reason, long rows) {
        if (rows > 0) {
            left -= rows;
            lost.add(List.of(stage, step, reason, Html.count(rows)));
            bars.add(bar(reason, left, rows));
        }
    }

    private static AmountChart.Row bar(String name, long left, long lost) {
        return new AmountChart.Row(name, left, lost,
                lost == 0 ? Html.count(left) : "%s  (−%s)".formatted(Html.count(left), Html.count(lost)));
    }

    private record Step(String name, Map<String, Long> dropped) {}

    private static List<Step> steps(JsonNode report) {
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : report.path("steps")) {
            Map<String, Long> dropped = new java.util.TreeMap<>();
            step.path("dropped").properties()
                    .forEach(reason -> dropped.put(reason.getKey(), reason.getValue().asLong()));
            steps.add(new Step(step.path("step").asText("step"), dropped));
        }
        return steps;
    }

    private static Optional<Counts> counts(ReportInput input, String stage) {
        return input.stages().stream().filter(s -> s.name().equals(stage)).map(ReportInput.StageFacts::counts)
                .findFirst();
    }
}
