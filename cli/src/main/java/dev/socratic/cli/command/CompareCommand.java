package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.eval.Sample;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.SavedSamples.Alike;
import dev.socratic.eval.stats.Paired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares two models on the same questions.
@Command(
        name = "compare",
        description = "Paired comparison of two models on the questions both answered: difference, 95 %% interval, "
                + "McNemar's exact test.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private static final int SHOWN = 80;

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A samples file, a folder of them (its newest file of each task), or a run.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "The other; the difference is A minus B.")
    private Path second;

    @Option(
            names = "--filter",
            paramLabel = "NAME[,NAME]",
            description = "Whose verdicts count, where files hold several (strict-match, flexible-extract ...); two"
                    + " names "
                    + "for one filter of each.")
    private String filter;

    @Option(names = "--flips", description = "Also every question exactly one of the two got right.")
    private boolean flips;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SequencedMap<String, SavedSamples> left = samples(first);
        SequencedMap<String, SavedSamples> right = samples(second);
        Map<String, Object> results = new LinkedHashMap<>();
        left.forEach((task, samples) -> {
            SavedSamples other = Files.isDirectory(second) ? right.get(task) : right.firstEntry().getValue();
            if (other != null) {
                results.put(task, show(task, alike(samples, other)));
            }
        });
        if (results.isEmpty()) {
            throw new DataException(
                    first + " and " + second, "a task both have samples of", left.keySet() + " and " + right.keySet(),
                    "evaluate both on the same task");
        }
        if (json) {
            console.json(results);
        }
        return ExitCode.DONE;
    }

    private Alike alike(SavedSamples left, SavedSamples right) {
        if (filter == null) {
            return left.alike(right);
        }
        String[] names = filter.split(",", 2);
        return new Alike(left.with(names[0].strip()), right.with(names[names.length - 1].strip()));
    }

    private Map<String, Object> show(String task, Alike alike) {
        SavedSamples left = alike.first();
        SavedSamples right = alike.second();
        Paired paired = left.against(right);
        String by = left.filter().equals(right.filter()) ? left.filter() : left.filter() + " and " + right.filter();
        if (!json) {
            console.data(String.format(
                    Locale.ROOT,
                    "%s: A %.1f %%, B %.1f %%, difference %+.1f points [%+.1f, %+.1f], p %.3g "
                            + "(only A right %d, only B right %d, n %d; filter %s)",
                    task, 100 * left.accuracy(), 100 * right.accuracy(), 100 * paired.difference(),
                    100 * paired.ci95().low(), 100 * paired.ci95().high(), paired.p(), paired.onlyFirst(),
                    paired.onlySecond(), paired.n(), by));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("filter", by);
        result.put("a", left.accuracy());
        result.put("b", right.accuracy());
        result.put("difference", paired.difference());
        result.put("ci95", List.of(paired.ci95().low(), paired.ci95().high()));
        result.put("p", paired.p());
        result.put("only_a_right", paired.onlyFirst());
        result.put("only_b_right", paired.onlySecond());
        result.put("n", paired.n());
        if (flips) {
            result.put("flips", left.flips(right).stream().map(this::flip).toList());
        }
        return result;
    }

    private Map<String, Object> flip(SavedSamples.Flip flip) {
        Sample a = flip.first();
        Sample b = flip.second();
        if (!json) {
            console.data("  only %s right: document %s, '%s', gold '%s': A '%s', B '%s'".formatted(
                    a.correct() ? "A" : "B", a.docId(), shortened(a.question()), shortened(a.target()), answer(a),
                    answer(b)));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("right", a.correct() ? "a" : "b");
        result.put("doc_id", a.docId());
        result.put("question", a.question());
        result.put("target", a.target());
        result.put("a", answer(a));
        result.put("b", answer(b));
        return result;
    }

    /// What was taken out of an answer, or the end of the answer where nothing was.
    private static String answer(Sample sample) {
        return shortened(sample.extracted().orElse(sample.response()));
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 3) + "...";
    }

    /// @return by task; in a run with several models by `model/task`
    private static SequencedMap<String, SavedSamples> samples(Path place) {
        if (Files.isDirectory(place.resolve("eval"))) {
            return ofRun(place.resolve("eval"));
        }
        if (Files.isDirectory(place)) {
            return SavedSamples.ofFolder(place);
        }
        SavedSamples one = SavedSamples.read(place);
        SequencedMap<String, SavedSamples> single = new LinkedHashMap<>();
        single.put(one.task(), one);
        return single;
    }

    private static SequencedMap<String, SavedSamples> ofRun(Path evaluations) {
        List<Path> models;
        try (Stream<Path> folders = Files.list(evaluations)) {
            models = folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(evaluations, e);
        }
        SequencedMap<String, SavedSamples> all = new LinkedHashMap<>();
        for (Path model : models) {
            String prefix = models.size() == 1 ? "" : model.getFileName() + "/";
            SavedSamples.ofFolder(model).forEach((task, samples) -> all.put(prefix + task, samples));
        }
        return all;
    }
}
