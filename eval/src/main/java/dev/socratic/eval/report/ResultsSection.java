package dev.socratic.eval.report;

import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Models x tasks: how often each is right, with its interval, and what a figure must not be read without.
final class ResultsSection {
    private static final double Z95 = 1.959963984540054;
    private static final String NONE = "<span class=\"soft\">–</span>";

    private final Scores scores;

    private ResultsSection(Scores scores) {
        this.scores = scores;
    }

    static String html(Scores scores) {
        return new ResultsSection(scores).html();
    }

    private String html() {
        SequencedMap<String, List<String>> groups = groups();
        Set<String> grouped = new LinkedHashSet<>();
        groups.values().forEach(grouped::addAll);
        List<String> rows = new ArrayList<>(groups.keySet());
        scores.tasks().stream().filter(task -> !grouped.contains(task)).forEach(rows::add);
        StringBuilder out = new StringBuilder(warnings());
        out.append(rows.isEmpty() ? Html.soft("No task has samples scored from 0 to 1.") : matrix(rows, groups));
        groups.forEach((group, members) -> {
            List<String> tasks = members.stream().filter(scores.tasks()::contains).toList();
            if (!tasks.isEmpty()) {
                out.append(Html.folded("%s, task by task (%s)".formatted(group, tasks.size()),
                        matrix(tasks, Map.of())));
            }
        });
        out.append(Html.folded("Questions behind each figure", behind()));
        String every = everyFigure();
        if (!every.isEmpty()) {
            out.append(Html.folded("Every metric of the results files", every));
        }
        return out.append(Html.soft("Share of right answers in percent, with 95 % intervals: Wilson's of right and "
                + "wrong, Student's t over clusters where questions hang together or are asked more than once, an "
                + "anytime-valid one where asking stopped early. Of a group the figure and the normal interval of its "
                + "standard error, as its results file states them.")).toString();
    }

    /// @return tasks by the group that stands at the top; of groups in groups the leaves
    private SequencedMap<String, List<String>> groups() {
        SequencedMap<String, List<String>> all = new LinkedHashMap<>();
        scores.results().values().forEach(results -> results.groups().forEach(all::putIfAbsent));
        SequencedMap<String, List<String>> leaves = new LinkedHashMap<>();
        Set<String> below = new LinkedHashSet<>();
        all.values().forEach(below::addAll);
        all.keySet().forEach(group -> {
            Set<String> found = new LinkedHashSet<>();
            collect(group, all, found, new LinkedHashSet<>());
            if (!below.contains(group) || all.containsKey(group)) {
                leaves.put(group, List.copyOf(found));
            }
        });
        return leaves;
    }

    private static void collect(String group, Map<String, List<String>> all, Set<String> found, Set<String> seen) {
        if (!seen.add(group)) {
            return;
        }
        all.get(group).forEach(member -> {
            if (all.containsKey(member)) {
                collect(member, all, found, seen);
            } else {
                found.add(member);
            }
        });
    }

    /// Tasks down and models across, or the other way round where there are more models than tasks.
    private String matrix(List<String> tasks, Map<String, ?> groups) {
        List<String> models = List.copyOf(scores.models().keySet());
        boolean down = models.size() > Math.max(tasks.size(), 4);
        List<String> head = new ArrayList<>(List.of(down ? "model" : "task"));
        head.addAll(down ? tasks : models);
        List<List<String>> rows = new ArrayList<>();
        for (String one : down ? models : tasks) {
            List<String> row = new ArrayList<>(List.of(down ? swatch(one) : Svg.escape(one)));
            for (String other : down ? tasks : models) {
                String task = down ? other : one;
                row.add(cell(down ? one : other, task, groups.containsKey(task)));
            }
            rows.add(row);
        }
        return "<div class=\"matrix\">" + Html.cells(1, head, rows) + "</div>";
    }

    private String swatch(String model) {
        return "<span class=\"swatch c%s\"></span>%s".formatted(scores.colour(model) % 6, Svg.escape(model));
    }

    private String cell(String model, String task, boolean group) {
        if (scores.incomplete().containsKey(model)) {
            return "<span class=\"soft\">incomplete</span>";
        }
        if (group) {
            return results(model).figures().getOrDefault(task, List.of()).stream()
                    .filter(figure -> figure.value() >= 0 && figure.value() <= 1).findFirst().map(figure -> {
                        double half = Z95 * figure.error().orElse(0.0);
                        return shown(model, figure.value(), new Interval(Math.max(0, figure.value() - half),
                                Math.min(1, figure.value() + half)));
                    }).orElse(NONE);
        }
        return scores.samples(model, task).map(samples -> shown(model, samples.accuracy(), samples.ci95())
                + beside(model, task, samples)).orElse(NONE);
    }

    private String shown(String model, double value, Interval ci95) {
        return "<b>%s</b><span class=\"range\">%s</span>%s".formatted(Html.rate(value), Html.range(ci95),
                Track.rate(value, ci95, scores.colour(model)));
    }

    /// What touches a figure stands beside it.
    private String beside(String model, String task, SavedSamples samples) {
        List<String> notes = new ArrayList<>();
        note(notes, samples.truncated(), "of %s cut off".formatted(Html.count(samples.size())));
        note(notes, samples.failed(), "of %s without an answer, so wrong".formatted(Html.count(samples.size())));
        results(model).count("unjudged", task).ifPresent(n -> note(notes, n, "unjudged"));
        results(model).contamination(task).ifPresent(one -> notes.add(one.contaminated() == 0 ? "none of %s in corpus"
                .formatted(Html.count(one.n())) : "%s of %s in corpus%s".formatted(Html.count(one.contaminated()),
                Html.count(one.n()), one.clean().map(value -> ", others " + Html.rate(value)).orElse(""))));
        return notes.isEmpty() ? "" : "<span class=\"beside\">" + Svg.escape(String.join(" · ", notes)) + "</span>";
    }

    private static void note(List<String> notes, long n, String word) {
        if (n > 0) {
            notes.add(Html.count(n) + " " + word);
        }
    }

    private SavedResults results(String model) {
        return scores.results().getOrDefault(model, SavedResults.NONE);
    }

    private String behind() {
        List<List<String>> rows = new ArrayList<>();
        scores.models().forEach((model, tasks) -> tasks.forEach((task, samples) -> rows.add(List.of(task, model,
                samples.filter(), Html.count(samples.size()),
                samples.size() == 0 ? "" : Html.count(samples.figures().score().clusters()),
                Html.count(samples.truncated()), Html.count(samples.failed()),
                count(results(model).count("unjudged", task)),
                results(model).contamination(task).map(one -> Html.count(one.contaminated())).orElse("–")))));
        return Html.table(3, List.of("task", "model", "extraction", "questions", "independent", "cut off",
                "no answer", "unjudged", "in the corpus"), rows);
    }

    private static String count(Optional<Long> n) {
        return n.map(Html::count).orElse("–");
    }

    private String everyFigure() {
        SequencedMap<String, SequencedMap<String, String>> byName = new LinkedHashMap<>();
        scores.results().forEach((model, results) -> {
            if (!scores.incomplete().containsKey(model)) {
                results.figures().forEach((task, figures) -> figures.forEach(figure -> byName
                        .computeIfAbsent(task + "\n" + figure.metric() + "\n" + figure.filter(),
                                none -> new LinkedHashMap<>())
                        .put(model, Html.figure(figure.value()) + figure.error().map(error -> " ± "
                                + Html.figure(error)).orElse(""))));
            }
        });
        List<String> head = new ArrayList<>(List.of("task", "metric", "extraction"));
        head.addAll(scores.models().keySet());
        List<List<String>> rows = new ArrayList<>();
        byName.forEach((name, values) -> {
            List<String> row = new ArrayList<>(List.of(name.split("\n", 3)));
            scores.models().keySet().forEach(model -> row.add(values.getOrDefault(model, "–")));
            rows.add(row);
        });
        return rows.isEmpty() ? "" : Html.table(3, head, rows) + Html.soft("± is one standard error.");
    }

    private String warnings() {
        StringBuilder out = new StringBuilder();
        scores.incomplete().forEach((model, why) ->
                out.append(Html.warning(model + " has no figure: incomplete, " + why)));
        scores.stages().forEach((model, stage) ->
                stage.warning(model).ifPresent(line -> out.append(Html.warning(line))));
        scores.refused().stream().filter(line -> scores.comparisons().keySet().stream().noneMatch(pair ->
                line.startsWith(pair.key() + ":") || line.startsWith(pair.key() + ",")))
                .forEach(line -> out.append(Html.warning("No samples are shown of " + line)));
        return out.toString();
    }
}
