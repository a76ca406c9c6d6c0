package dev.socratic.eval.report;

import dev.socratic.core.run.Counts;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The page: one HTML file that needs no network, with plots in SVG.
final class ReportPage {
    private final ReportInput input;
    private final Scores scores;

    ReportPage(ReportInput input, Scores scores) {
        this.input = input;
        this.scores = scores;
    }

    String html() {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(Svg.escape(input.title())).append("</title><style>").append(Html.resource("page.css")).append("</style></head><body>\n");
        out.append("<h1>").append(Svg.escape(input.title())).append("</h1>\n");
        out.append("<p class=\"lead\">").append(Svg.escape(lead())).append("</p>\n");
        if (!scores.models().isEmpty()) {
            out.append(Html.section("Accuracy", accuracy()));
        }
        if (!scores.comparisons().isEmpty()) {
            out.append(Html.section("Paired comparison", comparisons()));
        }
        out.append(Html.section("Rows", funnel()));
        if (!input.metrics().isEmpty()) {
            out.append(Html.section("Training", curves()));
        }
        out.append(Html.section("Time and cost", stages()));
        if (!scores.models().isEmpty()) {
            out.append(Html.section("Samples", SampleBrowser.html(scores)));
            out.append("<script>").append(Html.resource("browser.js")).append("</script>");
        }
        return out.append("</body></html>\n").toString();
    }

    private String lead() {
        List<String> parts = new ArrayList<>();
        input.parameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder()))
                .forEach(e -> parts.add("%s: %,d parameters".formatted(e.getKey(), e.getValue())));
        if (input.peakMemoryMb() > 0) {
            parts.add("peak memory %,d MiB".formatted(input.peakMemoryMb()));
        }
        return String.join(" · ", parts);
    }

    private String accuracy() {
        List<BarChart.Group> groups = new ArrayList<>();
        for (String task : scores.tasks()) {
            List<BarChart.Bar> bars = new ArrayList<>();
            scores.models().forEach((model, tasks) -> {
                SavedSamples samples = tasks.get(task);
                if (samples != null) {
                    bars.add(new BarChart.Bar(model, samples.accuracy(), samples.ci95().low(), samples.ci95().high()));
                }
            });
            groups.add(new BarChart.Group(task, bars));
        }
        List<List<String>> rows = new ArrayList<>();
        scores.models().forEach((model, tasks) -> tasks.forEach((task, samples) -> rows.add(List.of(
                model,
                task,
                Html.percent(samples.accuracy()),
                "[%s, %s]".formatted(Html.percent(samples.ci95().low()), Html.percent(samples.ci95().high())),
                String.valueOf(samples.size())))));
        return new BarChart("Exact match of the final answer, with 95 % intervals (Wilson)", groups).svg()
                + Html.table(List.of("model", "task", "accuracy", "95 % interval", "n"), rows);
    }

    private String comparisons() {
        List<List<String>> rows = new ArrayList<>();
        scores.comparisons().forEach((pair, tasks) -> tasks.forEach((task, paired) -> rows.add(row(pair, task, paired))));
        return Html.table(
                        List.of("pair", "task", "difference in points", "95 % interval", "only first right", "only second right", "p"), rows)
                + Html.soft("Both models answered the same questions. Interval of the mean difference (Miller 2024); p of McNemar's exact test.");
    }

    private static List<String> row(ReportInput.Pair pair, String task, Paired paired) {
        return List.of(
                pair.first() + " against " + pair.second(),
                task,
                Html.points(paired.difference()),
                "[%s, %s]".formatted(Html.points(paired.ci95().low()), Html.points(paired.ci95().high())),
                String.valueOf(paired.onlyFirst()),
                String.valueOf(paired.onlySecond()),
                String.format(Locale.ROOT, "%.2g", paired.p()));
    }

    private String funnel() {
        List<FunnelChart.Step> steps = new ArrayList<>();
        List<List<String>> lost = new ArrayList<>();
        for (ReportInput.StageFacts stage : input.stages()) {
            if (!stage.name().equals("generate") && !stage.name().equals("curate")) {
                continue;
            }
            Counts counts = stage.counts();
            if (steps.isEmpty()) {
                steps.add(new FunnelChart.Step("into " + stage.name(), counts.in(), ""));
            }
            long left = counts.in() - counts.failed();
            if (counts.failed() > 0) {
                steps.add(new FunnelChart.Step(stage.name() + ": failed", left, "- " + counts.failed()));
                lost.add(List.of(stage.name(), "failed", String.valueOf(counts.failed())));
            }
            for (Map.Entry<String, Long> reason : counts.dropped().entrySet()) {
                left -= reason.getValue();
                steps.add(new FunnelChart.Step(stage.name() + ": " + reason.getKey(), left, "- " + reason.getValue()));
                lost.add(List.of(stage.name(), reason.getKey(), String.valueOf(reason.getValue())));
            }
        }
        if (steps.isEmpty()) {
            return Html.soft("No rows were generated or curated in this run.");
        }
        return new FunnelChart("Rows left after each check", steps).svg() + Html.table(List.of("stage", "reason", "rows"), lost);
    }

    private String curves() {
        Map<String, List<double[]>> losses = new LinkedHashMap<>();
        input.metrics().forEach((name, file) -> losses.put(name, Metrics.losses(file)));
        return new LineChart(
                        "Training loss",
                        "tokens seen",
                        "nats a token",
                        losses.entrySet().stream().map(e -> new LineChart.Curve(e.getKey(), e.getValue())).toList())
                .svg();
    }

    private String stages() {
        List<List<String>> rows = new ArrayList<>();
        for (ReportInput.StageFacts stage : input.stages()) {
            rows.add(List.of(
                    stage.name(),
                    String.format(Locale.ROOT, "%.1f", stage.seconds()),
                    "%,d".formatted(stage.usage().promptTokens()),
                    "%,d".formatted(stage.usage().completionTokens()),
                    String.format(Locale.ROOT, "%.4f", stage.usage().costUsd()),
                    stage.counts().toString()));
        }
        return Html.table(List.of("stage", "seconds", "tokens read", "tokens written", "US dollars", "rows"), rows);
    }

}
