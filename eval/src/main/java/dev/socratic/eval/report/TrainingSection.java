package dev.socratic.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How training went. Each student's loss has a plot of its own, because a cross-entropy and a divergence are no
/// common scale; what students share, how often the likeliest token is the right one, stands in one plot.
final class TrainingSection {
    private static final String ACROSS = "tokens seen";

    private TrainingSection() {}

    static String html(ReportInput input) {
        Map<String, Metrics> students = new LinkedHashMap<>();
        input.metrics().forEach((name, file) -> students.put(name, Metrics.read(file)));
        List<LineChart> charts = new ArrayList<>();
        List<LineChart.Curve> accuracies = new ArrayList<>();
        boolean heldOut = students.values().stream().allMatch(m -> !m.over("eval_token_accuracy").isEmpty());
        int colour = 0;
        for (Map.Entry<String, Metrics> student : students.entrySet()) {
            Metrics metrics = student.getValue();
            List<LineChart.Curve> losses = new ArrayList<>();
            losses.add(new LineChart.Curve("training", metrics.over("loss"), 5, false));
            if (!metrics.over("eval_loss").isEmpty()) {
                losses.add(new LineChart.Curve("held out", metrics.over("eval_loss"), colour, true));
            }
            charts.add(new LineChart("Loss of " + student.getKey(), ACROSS, "nats a token, in its own objective",
                    losses));
            accuracies.add(new LineChart.Curve(
                    student.getKey(), metrics.over(heldOut ? "eval_token_accuracy" : "token_accuracy"), colour,
                    heldOut));
            colour++;
        }
        charts.add(new LineChart(
                heldOut ? "Likeliest token is right, held out" : "Likeliest token is right, in training", ACROSS,
                "share of tokens", accuracies));
        StringBuilder out = new StringBuilder("<div class=\"panels\">");
        charts.forEach(chart -> out.append("<div>").append(chart.svg()).append("</div>"));
        return out.append("</div>")
                .append(Html.soft("Losses of different objectives are no common scale: compare each with itself only."))
                        .toString();
    }
}
