package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.eval.Leaderboard;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// All evaluations below a folder, the best first.
@Command(
        name = "leaderboard",
        description = "Every evaluation below a folder, the best first: mean over the tasks all have, each task with "
                + "its 95 %% interval, cost, seconds a question, parameters.",
        mixinStandardHelpOptions = true)
final class LeaderboardCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "FOLDER",
            description = "With runs, outputs of lm-evaluation-harness or logs of inspect in it, at any depth to 8.")
    private Path folder;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private PageOption html = new PageOption();

    LeaderboardCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Path> page = html.page();
        Leaderboard board = Leaderboard.of(folder);
        page.ifPresent(file -> {
            Report.leaderboard("Leaderboard", board, file);
            console.talk("socratic: the page: " + file);
        });
        if (json) {
            console.json(json(board));
            return ExitCode.DONE;
        }
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("model", "mean"));
        head.addAll(board.tasks());
        head.addAll(List.of("USD", "s/question", "parameters"));
        lines.add(head);
        board.rows().forEach(row -> lines.add(line(board, row)));
        int[] wide = IntStream.range(0, head.size())
                .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElse(0)).toArray();
        lines.forEach(line -> console.data(String.join("  ", IntStream.range(0, line.size())
                .mapToObj(i -> String.format(Locale.ROOT, i == 0 ? "%-" + wide[i] + "s" : "%" + wide[i] + "s",
                        line.get(i))).toList()).stripTrailing()));
        console.data(board.shared().isEmpty() ? "no mean: no task is shared by all that are complete"
                : "mean over the tasks all have, each counting the same: " + String.join(", ", board.shared()));
        board.rows().forEach(row -> row.incomplete().ifPresent(why ->
                console.data(row.model() + " has no figure: incomplete, " + why)));
        return ExitCode.DONE;
    }

    private static List<String> line(Leaderboard board, Leaderboard.Row row) {
        List<String> line = new ArrayList<>(List.of(row.model(), row.mean()
                .map(mean -> percent(mean.value(), mean.ci95().low(), mean.ci95().high()))
                .orElse(row.incomplete().isPresent() ? "incomplete" : "-")));
        board.tasks().forEach(task -> line.add(Optional.ofNullable(row.tasks().get(task))
                .filter(samples -> row.incomplete().isEmpty() && samples.size() > 0)
                .map(samples -> percent(samples.accuracy(), samples.ci95().low(), samples.ci95().high()))
                .orElse("-")));
        line.add(row.usd().map(usd -> String.format(Locale.ROOT, "%.4f", usd)).orElse("-"));
        line.add(row.seconds().map(seconds -> String.format(Locale.ROOT, "%.3f", seconds)).orElse("-"));
        line.add(row.parameters().map(n -> String.format(Locale.ROOT, "%,d", n)).orElse("-"));
        return line;
    }

    private static String percent(double value, double low, double high) {
        return String.format(Locale.ROOT, "%.1f [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
    }

    private static Map<String, Object> json(Leaderboard board) {
        List<Map<String, Object>> rows = new ArrayList<>();
        board.rows().forEach(row -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("model", row.model());
            row.incomplete().ifPresent(why -> one.put("incomplete", why));
            row.mean().ifPresent(mean -> {
                one.put("mean", mean.value());
                one.put("ci95", List.of(mean.ci95().low(), mean.ci95().high()));
            });
            if (row.incomplete().isEmpty()) {
                Map<String, Object> tasks = new LinkedHashMap<>();
                row.tasks().forEach((task, samples) -> tasks.put(task, figures(samples)));
                one.put("tasks", tasks);
            }
            row.usd().ifPresent(usd -> one.put("usd", usd));
            row.seconds().ifPresent(seconds -> one.put("seconds_per_question", seconds));
            row.parameters().ifPresent(n -> one.put("parameters", n));
            rows.add(one);
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("mean_over", board.shared());
        all.put("models", rows);
        return all;
    }

    private static Map<String, Object> figures(SavedSamples samples) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("accuracy", samples.accuracy());
        figures.put("ci95", List.of(samples.ci95().low(), samples.ci95().high()));
        figures.put("n", samples.size());
        figures.put("filter", samples.filter());
        return figures;
    }
}
