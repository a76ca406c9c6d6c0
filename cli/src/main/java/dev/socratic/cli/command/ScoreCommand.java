package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.eval.SamplePlaces;
import dev.socratic.eval.SavedSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Scores saved samples again, without a model.
@Command(
        name = "score",
        description = "Scores saved samples again with today's answer extraction; no model is asked.",
        mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "SAMPLES",
            description = "A samples_*.jsonl file of this tool or of lm-evaluation-harness, or a log of inspect"
                    + " (.eval).")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "PLACE",
            description = "Writes the samples with the new verdicts: a folder, or the name of a new .jsonl file.")
    private Path out;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Path> target = target();
        SavedSamples before = SamplePlaces.file(file);
        SavedSamples now = before.scoredAgain();
        long changed = 0;
        for (int i = 0; i < before.size(); i++) {
            changed += before.rows().get(i).score() == now.rows().get(i).score() ? 0 : 1;
        }
        target.ifPresent(now::write);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("task", now.task());
        result.put("n", now.size());
        result.put("accuracy", now.accuracy());
        result.put("ci95", List.of(now.ci95().low(), now.ci95().high()));
        result.put("changed_verdicts", changed);
        result.put("compared_with", before.filter());
        target.ifPresent(path -> result.put("written", path.toString()));
        if (json) {
            console.json(result);
        } else {
            console.data(String.format(
                    Locale.ROOT, "%s: %.1f %% [%.1f, %.1f] of %d; %d verdicts differ from those saved (filter %s)%s",
                    now.task(), 100 * now.accuracy(), 100 * now.ci95().low(), 100 * now.ci95().high(), now.size(),
                    changed, before.filter(), target.map(path -> "; written to " + path).orElse("")));
        }
        return ExitCode.DONE;
    }

    private Optional<Path> target() {
        if (out == null) {
            return Optional.empty();
        }
        Path path = out.toString().endsWith(".jsonl") ? out
                : out.resolve(file.getFileName().toString().replaceFirst("^(.*)[.]eval$", "samples_$1.jsonl"));
        if (Files.exists(path)) {
            throw new ConfigException(
                    "--out", "a place where no file is yet", path.toString(),
                            "name another folder, or take the file away");
        }
        return Optional.of(path);
    }
}
