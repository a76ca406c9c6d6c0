package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.core.error.DataException;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares two models on the same questions.
@Command(
        name = "compare",
        description = "Paired comparison of two models on the questions both answered: difference, 95 %% interval, McNemar's exact test.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "A", description = "A samples file, or a folder of them (its newest file of each task).")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "The other; the difference is A minus B.")
    private Path second;

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
                results.put(task, show(task, samples, other));
            }
        });
        if (results.isEmpty()) {
            throw new DataException(
                    first + " and " + second, "a task both have samples of", left.keySet() + " and " + right.keySet(), "evaluate both on the same task");
        }
        if (json) {
            console.json(results);
        }
        return ExitCode.DONE;
    }

    private Map<String, Object> show(String task, SavedSamples left, SavedSamples right) {
        Paired paired = left.against(right);
        if (!json) {
            console.data(String.format(
                    Locale.ROOT, "%s: A %.1f %%, B %.1f %%, difference %+.1f points [%+.1f, %+.1f], p %.3g (only A right %d, only B right %d, n %d)",
                    task, 100 * left.accuracy(), 100 * right.accuracy(), 100 * paired.difference(), 100 * paired.ci95().low(),
                    100 * paired.ci95().high(), paired.p(), paired.onlyFirst(), paired.onlySecond(), paired.n()));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("a", left.accuracy());
        result.put("b", right.accuracy());
        result.put("difference", paired.difference());
        result.put("ci95", List.of(paired.ci95().low(), paired.ci95().high()));
        result.put("p", paired.p());
        result.put("only_a_right", paired.onlyFirst());
        result.put("only_b_right", paired.onlySecond());
        result.put("n", paired.n());
        return result;
    }

    private static SequencedMap<String, SavedSamples> samples(Path place) {
        if (Files.isDirectory(place)) {
            return SavedSamples.ofFolder(place);
        }
        SavedSamples one = SavedSamples.read(place);
        SequencedMap<String, SavedSamples> single = new LinkedHashMap<>();
        single.put(one.task(), one);
        return single;
    }
}
