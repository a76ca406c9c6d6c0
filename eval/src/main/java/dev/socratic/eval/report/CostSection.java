package dev.socratic.eval.report;

import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What each stage took: seconds, tokens, money, rows.
final class CostSection {
    private CostSection() {}

    static String html(List<ReportInput.StageFacts> stages) {
        if (stages.isEmpty()) {
            return Html.soft("No stage of this run has finished.");
        }
        List<AmountChart.Row> bars = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        Usage all = Usage.NONE;
        double seconds = 0;
        for (ReportInput.StageFacts stage : stages) {
            bars.add(new AmountChart.Row(stage.name(), stage.seconds(), 0, seconds(stage.seconds())));
            rows.add(row(stage.name(), stage.seconds(), stage.usage(), stage.counts().toString()));
            all = all.plus(stage.usage());
            seconds += stage.seconds();
        }
        rows.add(row("all", seconds, all, ""));
        return new AmountChart("Time of each stage", bars).svg()
                + Html.table(2, List.of("stage", "rows", "time", "tokens read", "tokens written", "US dollars"), rows);
    }

    /// @return `4.2 s`, `3 min 5 s`, `2 h 10 min`
    static String seconds(double seconds) {
        long whole = Math.round(seconds);
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600 ? "%s min %s s".formatted(whole / 60, whole % 60)
                : "%s h %s min".formatted(whole / 3600, whole % 3600 / 60);
    }

    private static List<String> row(String name, double seconds, Usage usage, String rows) {
        return List.of(
                name, rows, seconds(seconds), Html.count(usage.promptTokens()), Html.count(usage.completionTokens()),
                String.format(Locale.ROOT, "%.4f", usage.costUsd()));
    }
}
