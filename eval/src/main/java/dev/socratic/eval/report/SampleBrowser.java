package dev.socratic.eval.report;

import dev.socratic.eval.Sample;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// The questions of the evaluation with every model's answer side by side, to be searched and unfolded.
final class SampleBrowser {
    /// Questions shown a task: enough to browse, few enough for a page of one or two megabytes.
    static final int MOST = 60;

    private final Scores scores;
    private final StringBuilder out = new StringBuilder();

    private SampleBrowser(Scores scores) {
        this.scores = scores;
    }

    static String html(Scores scores) {
        SampleBrowser browser = new SampleBrowser(scores);
        browser.controls();
        scores.tasks().forEach(browser::task);
        return browser.out.toString();
    }

    /// Models are numbered in what the script sees: a name may contain another, or anything else.
    private void controls() {
        out.append("<div class=\"controls\"><input id=\"words\" type=\"search\" placeholder=\"words in question or "
                + "answer\" aria-label=\"words\">");
        out.append("<select id=\"verdict\" aria-label=\"verdict\"><option value=\"\">all</option><option "
                + "value=\"differ\">models differ</option>");
        int number = 0;
        for (String model : scores.models().sequencedKeySet()) {
            String name = Svg.escape(model);
            out.append("<option value=\"m%s+\">%s right</option><option value=\"m%s-\">%s wrong</option>".formatted(
                    number, name, number, name));
            number++;
        }
        out.append("</select><span id=\"shown\" class=\"soft\"></span></div>");
    }

    private void task(String task) {
        SequencedMap<String, Map<String, Sample>> byModel = new LinkedHashMap<>();
        scores.models().forEach((model, tasks) -> {
            if (tasks.containsKey(task)) {
                byModel.put(model, tasks.get(task).byDocument());
            }
        });
        Set<String> all = new LinkedHashSet<>();
        byModel.values().forEach(rows -> all.addAll(rows.keySet()));
        Set<String> chosen = chosen(all, byModel);
        out.append("<h3>").append(Svg.escape(task)).append("</h3>");
        if (chosen.size() < all.size()) {
            out.append(Html.soft("%s of %s questions, half of them where the models differ, as far as there are such."
                    .formatted(chosen.size(), Html.count(all.size()))));
        }
        chosen.forEach(question -> question(question, byModel));
    }

    /// @return up to half of the room for questions where the models differ, the rest for the first of the others; in
    ///         the order of the task
    private static Set<String> chosen(Set<String> all, Map<String, Map<String, Sample>> byModel) {
        List<String> differ = all.stream().filter(question -> verdicts(question, byModel).size() > 1).limit(MOST / 2)
                .toList();
        Set<String> wanted = new LinkedHashSet<>(differ);
        for (String question : all) {
            if (wanted.size() == MOST) {
                break;
            }
            wanted.add(question);
        }
        Set<String> inOrder = new LinkedHashSet<>(all);
        inOrder.retainAll(wanted);
        return inOrder;
    }

    private static Set<Boolean> verdicts(String question, Map<String, Map<String, Sample>> byModel) {
        Set<Boolean> verdicts = new LinkedHashSet<>();
        byModel.values().stream().filter(rows -> rows.containsKey(question))
                .forEach(rows -> verdicts.add(rows.get(question).correct()));
        return verdicts;
    }

    private void question(String question, SequencedMap<String, Map<String, Sample>> byModel) {
        StringBuilder verdicts = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        Sample any = byModel.values().stream().filter(rows -> rows.containsKey(question)).findFirst().orElseThrow()
                .get(question);
        byModel.forEach((model, rows) -> {
            Sample row = rows.get(question);
            if (row == null) {
                return;
            }
            verdicts.append('m').append(scores.colour(model)).append(row.correct() ? "+ " : "- ");
            marks.append("<span class=\"%s\" title=\"%s\">%s</span>".formatted(
                    row.correct() ? "right" : "wrong", Svg.escape(model), row.correct() ? "&#10003;" : "&#10007;"));
            answers.append("<div><p><b>").append(Svg.escape(model)).append("</b> <span class=\"")
                    .append(row.correct() ? "right" : "wrong").append("\">")
                    .append(Svg.escape(row.extracted().orElse("no answer")))
                    .append("</span> <span class=\"soft\">").append(Svg.escape(row.why())).append("</span></p><pre>")
                    .append(Svg.escape(row.response())).append("</pre></div>");
        });
        out.append("<details class=\"sample\" data-verdicts=\"").append(verdicts.toString().strip())
                .append("\"><summary><span class=\"marks\">")
                .append(marks).append("</span> ").append(Svg.escape(any.question()))
                .append(" <b>").append(Svg.escape(Svg.fit(any.target(), 300)))
                        .append("</b></summary><div class=\"answers\">")
                .append(answers).append("</div></details>\n");
    }
}
