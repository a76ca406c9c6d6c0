package dev.socratic.eval.report;

import dev.socratic.eval.Sample;
import dev.socratic.eval.SavedSamples;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The questions of the evaluation with every model's answer side by side, to be searched and unfolded.
final class SampleBrowser {
    /// Questions shown a task: enough to browse, few enough for a page of one or two megabytes.
    static final int MOST = 60;

    private SampleBrowser() {}

    static String html(Scores scores) {
        StringBuilder out = new StringBuilder();
        out.append("<div class=\"controls\"><input id=\"words\" type=\"search\" placeholder=\"words in question or answer\" aria-label=\"words\">");
        out.append("<select id=\"verdict\" aria-label=\"verdict\"><option value=\"\">all</option>");
        for (String model : scores.models().sequencedKeySet()) {
            String name = Svg.escape(model);
            out.append("<option value=\"%s+\">%s right</option><option value=\"%s-\">%s wrong</option>".formatted(name, name, name, name));
        }
        out.append("</select><span id=\"shown\" class=\"soft\"></span></div>");
        for (String task : scores.tasks()) {
            task(out, scores.models(), task);
        }
        return out.toString();
    }

    private static void task(
            StringBuilder out, SequencedMap<String, SequencedMap<String, SavedSamples>> models, String task) {
        Map<String, Map<String, Sample>> byModel = models.entrySet().stream()
                .filter(e -> e.getValue().containsKey(task))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().get(task).byDocument(),
                        (a, b) -> a,
                        java.util.LinkedHashMap::new));
        if (byModel.isEmpty()) {
            return;
        }
        List<Sample> questions =
                byModel.values().iterator().next().values().stream().limit(MOST).toList();
        out.append("<h3>").append(Svg.escape(task)).append("</h3>");
        for (Sample question : questions) {
            sample(out, byModel, question);
        }
    }

    private static void sample(
            StringBuilder out, Map<String, Map<String, Sample>> byModel, Sample question) {
        StringBuilder verdicts = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        byModel.forEach((model, rows) -> {
            Sample row = rows.get(question.docHash());
            if (row == null) {
                return;
            }
            verdicts.append(model).append(row.correct() ? "+ " : "- ");
            marks.append(row.correct() ? "<span class=\"right\">&#10003;</span>" : "<span class=\"wrong\">&#10007;</span>");
            answers.append("<p><b>").append(Svg.escape(model)).append("</b> <span class=\"")
                    .append(row.correct() ? "right" : "wrong").append("\">")
                    .append(Svg.escape(row.extracted().orElse("no answer")))
                    .append("</span> <span class=\"soft\">").append(Svg.escape(row.why())).append("</span></p><pre>")
                    .append(Svg.escape(row.response())).append("</pre>");
        });
        out.append("<details class=\"sample\" data-verdicts=\"").append(Svg.escape(verdicts.toString().strip())).append("\"><summary>")
                .append(marks).append(' ').append(Svg.escape(question.question()))
                .append(" <b>").append(Svg.escape(question.target())).append("</b></summary>")
                .append(answers).append("</details>\n");
    }
}
