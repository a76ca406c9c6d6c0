package dev.socratic.eval.report;

import dev.socratic.eval.stats.Calibration;
import java.util.Locale;

/// Whether models are as sure as they are right: a reliability plot of each, with ECE and Brier score.
final class CalibrationSection {
    private CalibrationSection() {}

    /// @return empty where no task says how sure a model is
    static String html(Scores scores) {
        StringBuilder out = new StringBuilder();
        for (String task : scores.tasks()) {
            StringBuilder plots = new StringBuilder();
            scores.models().keySet().forEach(model -> scores.samples(model, task)
                    .flatMap(samples -> samples.figures().calibration())
                    .ifPresent(calibration -> plots.append(plot(model, calibration, scores.colour(model)))));
            if (!plots.isEmpty()) {
                out.append(Html.heading(task)).append("<div class=\"panels\">").append(plots).append("</div>");
            }
        }
        return out.isEmpty() ? "" : out + Html.soft("How sure: the likeliest choice's probability among the choices, "
                + "or how many of a question's answers agree. On the diagonal a model is as sure as it is right. "
                + "ECE: mean distance from it over ten bins, with its bootstrap error; Brier: mean squared distance "
                + "from right or wrong. Lines: Wilson's 95 % intervals; a larger dot holds more questions.");
    }

    private static String plot(String model, Calibration calibration, int colour) {
        String title = String.format(Locale.ROOT, "%s: ECE %.3f%s, Brier %.3f, %,d questions", model,
                calibration.ece(), calibration.error().map(error -> String.format(Locale.ROOT, " ± %.3f",
                        error.error())).orElse(""), calibration.brier(), calibration.n());
        return "<figure><figcaption><b>%s</b><span class=\"range\">%s</span></figcaption>".formatted(
                Svg.escape(model), Svg.escape(title.substring(model.length() + 2)))
                + new ReliabilityPlot(title, calibration, colour).svg() + "</figure>";
    }
}
