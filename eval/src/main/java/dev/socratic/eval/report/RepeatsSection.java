package dev.socratic.eval.report;

import dev.socratic.eval.Metric;
import dev.socratic.eval.SampleMetrics;
import dev.socratic.eval.stats.VarianceSplit;
import dev.socratic.eval.task.Repeats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Of questions that were asked more than once: what k answers come to, how hard the questions are, and whether more
/// questions or more answers would make the figure surer.
final class RepeatsSection {
    private static final List<String> STRATA = List.of("never", "to 25 %", "to 50 %", "to 75 %", "below 100 %",
            "always");

    private RepeatsSection() {}

    /// @return empty where every question was asked once
    static String html(Scores scores) {
        StringBuilder out = new StringBuilder();
        for (String task : scores.tasks()) {
            SequencedMap<String, SampleMetrics> asked = new LinkedHashMap<>();
            scores.models().keySet().forEach(model -> scores.samples(model, task)
                    .filter(samples -> samples.figures().repeats() > 1)
                    .ifPresent(samples -> asked.put(model, samples.figures())));
            if (!asked.isEmpty()) {
                out.append(Html.heading(task)).append(figures(scores, asked)).append(strata(scores, asked))
                        .append(spread(asked));
            }
        }
        return out.isEmpty() ? "" : out + Html.soft("pass@k: one of k is right; pass^k: all are; maj@k: the most "
                + "frequent answer is, answers that mean the same voting together; g_pass@k_t: the share t of k is; "
                + "mg_pass@k: twice the area under that from a half to all. Means over all subsets of k.");
    }

    private static String figures(Scores scores, SequencedMap<String, SampleMetrics> asked) {
        SequencedMap<String, Map<String, Metric>> byName = new LinkedHashMap<>();
        asked.forEach((model, figures) -> figures.metrics("avg@" + figures.repeats(), Repeats.of(figures.repeats()))
                .forEach(metric -> byName.computeIfAbsent(metric.name(), none -> new LinkedHashMap<>())
                        .put(model, metric)));
        List<String> head = new ArrayList<>(List.of("figure"));
        head.addAll(asked.keySet());
        int most = asked.values().stream().mapToInt(SampleMetrics::repeats).max().orElse(1);
        List<List<String>> rows = new ArrayList<>();
        List<List<String>> fewer = new ArrayList<>();
        byName.forEach((name, values) -> {
            List<String> row = new ArrayList<>(List.of(Svg.escape(name)));
            asked.keySet().forEach(model -> {
                Metric metric = values.get(model);
                row.add(metric == null ? "–" : "<b>%s</b><span class=\"range\">%s</span>%s".formatted(
                        Html.rate(metric.value()), Html.range(metric.ci95()),
                        Track.rate(metric.value(), metric.ci95(), scores.colour(model))));
            });
            (name.startsWith("avg@") || name.matches(".*[@^]%s(_.*)?".formatted(most)) ? rows : fewer).add(row);
        });
        return matrix(head, rows) + (fewer.isEmpty() ? "" : Html.folded("Of fewer answers", matrix(head, fewer)));
    }

    private static String matrix(List<String> head, List<List<String>> rows) {
        return "<div class=\"matrix\">" + Html.cells(1, head, rows) + "</div>";
    }

    private static String strata(Scores scores, SequencedMap<String, SampleMetrics> asked) {
        List<String> head = new ArrayList<>(List.of("questions right"));
        head.addAll(STRATA);
        List<List<String>> rows = new ArrayList<>();
        asked.forEach((model, figures) -> {
            List<String> row = new ArrayList<>(List.of(Svg.escape(model)));
            long all = figures.samples().size();
            figures.difficulty().values().forEach(n -> row.add("<b>%s</b>%s".formatted(Html.count(n),
                    Track.share(n / (double) all, scores.colour(model)))));
            rows.add(row);
        });
        return "<div class=\"matrix\">" + Html.cells(1, head, rows) + "</div>";
    }

    private static String spread(SequencedMap<String, SampleMetrics> asked) {
        StringBuilder out = new StringBuilder();
        asked.forEach((model, figures) -> figures.variance().ifPresent(split -> {
            int n = figures.samples().size();
            out.append(Html.soft(("%s: %s of the spread of one answer lies in the questions. %s questions with %s "
                    + "answers each: standard error %s points; with twice the answers %s, with twice the questions %s.")
                    .formatted(model, Html.percent(split.share()), Html.count(n), figures.repeats(),
                            error(split, n, figures.repeats()), error(split, n, 2 * figures.repeats()),
                            error(split, 2 * n, figures.repeats()))));
        }));
        return out.toString();
    }

    private static String error(VarianceSplit split, int questions, int answers) {
        return Html.rate(split.error(questions, answers));
    }
}
