package dev.socratic.eval.report;

import dev.socratic.eval.stats.Paired;
import dev.socratic.eval.stats.SequentialFlips;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How pairs of models differ on the same questions: flips first, then the difference, then what so many questions
/// can show at all.
final class ComparisonSection {
    /// A difference people speak of.
    private static final double TWO_POINTS = 0.02;
    private static final List<String> HEAD = List.of("pair", "task", "flips", "to the first", "to the second",
            "points", "95 % interval", "p", "of all tests", "test", "points it can show", "questions for 2 points",
            "flips to the first, at any time", "known after");

    private ComparisonSection() {}

    static String html(Scores scores) {
        double widest = scores.comparisons().values().stream().flatMap(tasks -> tasks.values().stream())
                .mapToDouble(one -> Math.max(Math.abs(one.paired().ci95().low()),
                        Math.abs(one.paired().ci95().high()))).max().orElse(1);
        StringBuilder out = new StringBuilder();
        List<List<String>> figures = new ArrayList<>();
        scores.comparisons().forEach((pair, tasks) -> {
            if (tasks.isEmpty()) {
                return;
            }
            out.append(Html.heading(pair.first() + " against " + pair.second()));
            List<List<String>> rows = new ArrayList<>();
            tasks.forEach((task, one) -> {
                Paired paired = one.paired();
                rows.add(List.of(Svg.escape(task), flips(paired),
                        "<b>%s</b><span class=\"range\">%s to %s</span>".formatted(Html.points(paired.difference()),
                                Html.points(paired.ci95().low()), Html.points(paired.ci95().high()))
                                + Track.difference(paired.difference(), paired.ci95(), widest,
                                        scores.colour(pair.first())),
                        "<b>%s</b>".formatted(Svg.escape(p(one.holm())))
                                + (scores.tests() > 1 ? "<span class=\"range\">%s alone</span>".formatted(
                                        Svg.escape(p(paired.p()))) : ""),
                        verdict(one)));
                figures.add(figures(pair.first() + " against " + pair.second(), task, one));
            });
            out.append("<div class=\"matrix\">").append(Html.cells(1, List.of("task", "flips", "points", "p",
                    "in words"), rows)).append("</div>");
        });
        if (!figures.isEmpty()) {
            out.append(Html.folded("The same in figures", Html.table(2, HEAD, figures)));
        }
        scores.refused().forEach(line -> out.append(Html.warning("Not compared: " + line)));
        return out.append(Html.soft("Both answered the same questions; a flip is one that the two answered differently "
                + "well. Points: the first minus the second. Interval of right and wrong: Newcombe's, p of McNemar's "
                + "exact test; else paired t. Power: 80 % at 5 %."
                + (scores.tests() > 1 ? " p of %s tests together by Holm.".formatted(scores.tests()) : ""))).toString();
    }

    private static String flips(Paired paired) {
        int flips = paired.onlyFirst() + paired.onlySecond();
        if (flips == 0) {
            return "<b>0</b>";
        }
        return "<b>%s</b><span class=\"range\">%s to the first, %s to the second</span>".formatted(Html.count(flips),
                Html.count(paired.onlyFirst()), Html.count(paired.onlySecond()));
    }

    /// What may be said, and what not.
    private static String verdict(ComparedTask one) {
        Paired paired = one.paired();
        boolean seen = one.holm() < 0.05;
        String power = paired.spread() == 0 ? "They never differ."
                : paired.detectable() >= 1 ? "%s questions are too few to show any difference.".formatted(
                        Html.count(paired.n()))
                : "%s questions show %s points or more; 2 points take %s.".formatted(Html.count(paired.n()),
                        Html.rate(paired.detectable()), Html.count(paired.questionsToSee(TWO_POINTS)));
        String found = !seen ? "No difference is shown." : paired.difference() > 0 ? "The first is better."
                : "The second is better.";
        return "<span class=\"say\">" + Svg.escape(found + " " + power + one.sequential()
                .flatMap(SequentialFlips::settled).map(n -> " Looked at one by one it was known after %s."
                        .formatted(Html.count(n))).orElse("")) + "</span>";
    }

    private static List<String> figures(String name, String task, ComparedTask one) {
        Paired paired = one.paired();
        return List.of(name, task, Html.count(paired.onlyFirst() + paired.onlySecond()),
                Html.count(paired.onlyFirst()), Html.count(paired.onlySecond()), Html.points(paired.difference()),
                "[%s, %s]".formatted(Html.points(paired.ci95().low()), Html.points(paired.ci95().high())),
                p(paired.p()), p(one.holm()), paired.test().toString(),
                paired.spread() == 0 ? "–" : Html.rate(paired.detectable()),
                paired.spread() == 0 ? "–" : Html.count(paired.questionsToSee(TWO_POINTS)),
                one.sequential().map(flips -> Html.range(flips.ci95()) + " %").orElse("–"),
                one.sequential().flatMap(SequentialFlips::settled).map(Html::count).orElse("–"));
    }

    private static String p(double p) {
        return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.2g", p);
    }
}
