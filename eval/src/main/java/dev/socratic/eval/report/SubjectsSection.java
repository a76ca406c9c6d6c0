package dev.socratic.eval.report;

import dev.socratic.eval.stats.Mean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// Scores by subject, for tasks that tell their questions apart by a field.
final class SubjectsSection {
    private SubjectsSection() {}

    /// @return empty where no task does
    static String html(Scores scores) {
        StringBuilder out = new StringBuilder();
        for (String task : scores.tasks()) {
            SequencedMap<String, Map<String, Mean>> byModel = new LinkedHashMap<>();
            TreeSet<String> subjects = new TreeSet<>();
            scores.models().keySet().forEach(model -> scores.samples(model, task).ifPresent(samples -> {
                Map<String, Mean> groups = samples.figures().groups();
                byModel.put(model, groups);
                subjects.addAll(groups.keySet());
            }));
            if (!subjects.isEmpty()) {
                out.append(Html.heading(task)).append(table(scores, byModel, subjects));
            }
        }
        return out.toString();
    }

    private static String table(Scores scores, SequencedMap<String, Map<String, Mean>> byModel,
            TreeSet<String> subjects) {
        List<String> head = new ArrayList<>(List.of("subject"));
        head.addAll(byModel.keySet());
        List<List<String>> rows = new ArrayList<>();
        for (String subject : subjects) {
            List<String> row = new ArrayList<>(List.of(Svg.escape(subject)));
            byModel.forEach((model, groups) -> {
                Mean mean = groups.get(subject);
                row.add(mean == null ? "–" : "<b>%s</b><span class=\"range\">%s, n %s</span>%s".formatted(
                        Html.rate(mean.value()), Html.range(mean.ci95()), Html.count(mean.n()),
                        Track.rate(mean.value(), mean.ci95(), scores.colour(model))));
            });
            rows.add(row);
        }
        return "<div class=\"matrix\">" + Html.cells(1, head, rows) + "</div>";
    }
}
