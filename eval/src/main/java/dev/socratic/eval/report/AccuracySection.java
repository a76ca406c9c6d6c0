package dev.socratic.eval.report;

import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How often each model is right, and how pairs of models differ.
final class AccuracySection {
    private static final List<String> HEAD =
            List.of("task", "model", "right", "95 % interval", "questions", "cut off", "no answer");

    private AccuracySection() {}

    static String accuracy(Scores scores) {
        List<IntervalChart.Group> groups = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (String task : scores.tasks()) {
            List<IntervalChart.Row> bars = new ArrayList<>();
            scores.models().forEach((model, tasks) -> {
                SavedSamples samples = tasks.get(task);
                if (samples == null) {
                    return;
                }
                if (scores.incomplete().containsKey(model)) {
                    rows.add(List.of(task, model, "incomplete", "", Html.count(samples.size()), "", ""));
                    return;
                }
                String interval = "[%s, %s]".formatted(Html.percent(samples.ci95().low()),
                        Html.percent(samples.ci95().high()));
                bars.add(new IntervalChart.Row(
                        model, 100 * samples.accuracy(), 100 * samples.ci95().low(), 100 * samples.ci95().high(),
                        "%s of %s".formatted(Html.percent(samples.accuracy()), Html.count(samples.size())),
                        scores.colour(model)));
                rows.add(List.of(
                        task, model, Html.percent(samples.accuracy()), interval, Html.count(samples.size()),
                        Html.count(samples.truncated()), Html.count(samples.failed())));
            });
            groups.add(new IntervalChart.Group(task, bars));
        }
        IntervalChart.Scale scale = new IntervalChart.Scale(Ticks.over(0, 100, 5), " %", true);
        return new IntervalChart("Right final answers, with 95 % intervals", scale, groups).svg()
                + Html.folded("The same in figures", Html.table(2, HEAD, rows))
                + warnings(scores)
                + Html.soft("Exact match of the final answer, compared by value. Intervals: Wilson.");
    }

    /// What a figure must not be read without.
    private static String warnings(Scores scores) {
        StringBuilder out = new StringBuilder();
        scores.incomplete().forEach((model, why) ->
                out.append(Html.warning(model + " has no figure: incomplete, " + why)));
        scores.stages().forEach((model, stage) ->
                stage.warning(model).ifPresent(line -> out.append(Html.warning(line))));
        scores.models().forEach((model, tasks) -> tasks.forEach((task, samples) -> {
            if (samples.truncated() > 0 && !scores.incomplete().containsKey(model)) {
                out.append(Html.warning("%s, %s: %s of %s answers were cut off at the most tokens allowed".formatted(
                        model, task, Html.count(samples.truncated()), Html.count(samples.size()))));
            }
            if (samples.failed() > 0 && !scores.incomplete().containsKey(model)) {
                out.append(Html.warning("%s, %s: %s of %s questions have no answer and count as wrong".formatted(
                        model, task, Html.count(samples.failed()), Html.count(samples.size()))));
            }
        }));
        return out.toString();
    }

    static String comparisons(Scores scores) {
        List<IntervalChart.Group> groups = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        double widest = 1;
        for (var entry : scores.comparisons().entrySet()) {
            ReportInput.Pair pair = entry.getKey();
            String name = pair.first() + " against " + pair.second();
            List<IntervalChart.Row> dots = new ArrayList<>();
            for (var cell : entry.getValue().entrySet()) {
                Paired paired = cell.getValue();
                double low = 100 * paired.ci95().low();
                double high = 100 * paired.ci95().high();
                widest = Math.max(widest, Math.max(Math.abs(low), Math.abs(high)));
                dots.add(new IntervalChart.Row(
                        cell.getKey(), 100 * paired.difference(), low, high,
                        "%s, p %s".formatted(Html.points(paired.difference()), p(paired.p())),
                        scores.colour(pair.first())));
                rows.add(List.of(
                        name, cell.getKey(), Html.points(paired.difference()),
                        "[%s, %s]".formatted(Html.points(paired.ci95().low()), Html.points(paired.ci95().high())),
                        Html.count(paired.onlyFirst()), Html.count(paired.onlySecond()), p(paired.p())));
            }
            if (!dots.isEmpty()) {
                groups.add(new IntervalChart.Group(name, dots));
            }
        }
        StringBuilder out = new StringBuilder();
        if (!groups.isEmpty()) {
            IntervalChart.Scale scale = new IntervalChart.Scale(Ticks.over(-widest, widest, 6), "", false);
            out.append(new IntervalChart("Difference in points, with 95 % intervals", scale, groups).svg());
            List<String> head = List.of("pair", "task", "points", "95 % interval", "only first right",
                    "only second right", "p");
            out.append(Html.folded("The same in figures", Html.table(2, head, rows)));
        }
        scores.refused().forEach(line -> out.append(Html.warning("Not compared: " + line)));
        return out.append(
                Html.soft("To the right of 0 the first model is better. Both answered the same questions; interval "
                        + "of the paired difference "
                        + "(Newcombe), p of McNemar's exact test."))
                .toString();
    }

    private static String p(double p) {
        return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.2g", p);
    }
}
