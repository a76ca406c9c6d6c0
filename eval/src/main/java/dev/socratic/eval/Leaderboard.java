package dev.socratic.eval;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Mean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Every evaluation below a folder side by side: runs of ours, outputs of lm-evaluation-harness, logs of inspect.
///
/// @param rows  the best first; those that are incomplete or lack a shared task last
/// @param tasks any of them was put through
/// @param shared the tasks that the mean is over: those that all complete ones have
public record Leaderboard(List<Row> rows, List<String> tasks, List<String> shared) {
    /// Normal quantile of a two-sided 95 % interval.
    private static final double Z95 = 1.959963984540054;
    private static final int DEEPEST = 8;

    public Leaderboard {
        rows = List.copyOf(rows);
        tasks = List.copyOf(tasks);
        shared = List.copyOf(shared);
    }

    /// @param model      its folder below the place, without the word `eval`
    /// @param tasks      samples by task
    /// @param incomplete why it has no figure, where it has none
    /// @param mean       over the shared tasks, each counting the same, with `sqrt(sum SE^2) / tasks`
    /// @param usd        what its answers cost; none where nobody wrote it down
    /// @param seconds    at work for a question, those answered at the same time counted apart
    /// @param parameters of the model
    /// @param usage      tokens read and written; none where nobody wrote it down
    /// @param results    its results file
    public record Row(
            String model, SequencedMap<String, SavedSamples> tasks, Optional<String> incomplete, Optional<Average> mean,
            Optional<Double> usd, Optional<Double> seconds, Optional<Long> parameters, Optional<Usage> usage,
            SavedResults results) {}

    /// @param value 0 to 1
    /// @param ci95  normal, cut at 0 and 1
    public record Average(double value, Interval ci95) {}

    /// @throws DataException if there is no evaluation below it
    public static Leaderboard of(Path place) {
        List<Row> found = folders(place).stream().map(folder -> row(place, folder)).toList();
        if (found.isEmpty()) {
            throw new DataException(place.toString(), "a folder with evaluations below it", "none",
                    "give a folder of runs, of outputs of lm-evaluation-harness (--log_samples) or of logs of inspect");
        }
        Set<String> shared = new TreeSet<>();
        List<Row> complete = found.stream().filter(row -> row.incomplete().isEmpty()).toList();
        complete.forEach(row -> shared.addAll(row.tasks().keySet()));
        complete.forEach(row -> shared.retainAll(row.tasks().keySet()));
        List<Row> ranked = found.stream().map(row -> new Row(row.model(), row.tasks(), row.incomplete(),
                        row.incomplete().isPresent() ? Optional.empty() : average(row, List.copyOf(shared)),
                        row.usd(), row.seconds(), row.parameters(), row.usage(), row.results()))
                .sorted(Comparator.comparingDouble((Row row) -> -row.mean().map(Average::value).orElse(-1.0))
                        .thenComparing(Row::model)).toList();
        return new Leaderboard(ranked,
                ranked.stream().flatMap(row -> row.tasks().keySet().stream()).distinct().sorted().toList(),
                List.copyOf(shared));
    }

    private static Optional<Average> average(Row row, List<String> shared) {
        List<Mean> means = shared.stream().map(row.tasks()::get).filter(samples -> samples.size() > 0)
                .map(samples -> samples.figures().score()).toList();
        if (means.isEmpty()) {
            return Optional.empty();
        }
        double value = means.stream().mapToDouble(Mean::value).average().orElseThrow();
        if (means.size() == 1) {
            return Optional.of(new Average(value, means.getFirst().ci95()));
        }
        double error = Math.sqrt(means.stream().mapToDouble(mean -> Math.pow(mean.error().orElse(1.0), 2)).sum())
                / means.size();
        return Optional.of(new Average(value,
                new Interval(Math.max(0, value - Z95 * error), Math.min(1, value + Z95 * error))));
    }

    private static List<Path> folders(Path place) {
        if (!Files.isDirectory(place)) {
            throw new DataException(place.toString(), "a folder", Files.exists(place) ? "a file" : "none there",
                    "give the folder that the runs lie in");
        }
        try (Stream<Path> all = Files.walk(place, DEEPEST)) {
            return all.filter(file -> InspectLog.is(file)
                            || file.getFileName().toString().matches("samples_.*\\.jsonl"))
                    .map(Path::getParent).distinct().sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(place, e);
        }
    }

    private static Row row(Path place, Path folder) {
        String model = folder.getFileName().toString();
        Path run = folder.toAbsolutePath().normalize().getParent();
        Optional<Manifest> manifest = Optional.ofNullable(run).map(Path::getParent)
                .map(root -> root.resolve("manifest.json")).filter(Files::isRegularFile).map(Manifest::read);
        Optional<Manifest.Stage> stage = manifest.map(all -> all.stages().get("eval/" + model));
        SequencedMap<String, SavedSamples> tasks = new LinkedHashMap<>(SavedSamples.ofFolder(folder));
        SavedResults results = SavedResults.ofFolder(folder);
        long asked = tasks.values().stream().mapToLong(SavedSamples::size).sum();
        String name = place.toAbsolutePath().normalize().relativize(folder.toAbsolutePath().normalize()).toString()
                .replaceAll("(^|/)eval(/|$)", "$1");
        return new Row(name.isEmpty() ? model : name, tasks,
                stage.flatMap(Manifest.Stage::report).flatMap(StageReport::incomplete), Optional.empty(),
                stage.flatMap(Manifest.Stage::usage).map(usage -> usage.costUsd()),
                stage.flatMap(Manifest.Stage::seconds).filter(s -> asked > 0).map(s -> s / asked),
                results.parameters().or(() -> manifest.map(all -> all.stages().get("train/" + model))
                        .flatMap(Manifest.Stage::report).map(report -> report.notes().get("parameters"))
                        .filter(Number.class::isInstance).map(n -> ((Number) n).longValue())),
                stage.flatMap(Manifest.Stage::usage), results);
    }
}
