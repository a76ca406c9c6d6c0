package dev.socratic.cli.command;

import dev.socratic.cli.benchmark.BenchmarkFacts;
import dev.socratic.cli.benchmark.BenchmarkFolder;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Benchmarks that corpora are checked against, by name.
@Command(name = "benchmarks",
        description = "Benchmarks by name, which 'decontaminate' checks corpora against: add, list, remove.",
        mixinStandardHelpOptions = true,
        footer = {"", "In a recipe: curate: {steps: [{decontaminate: {against: [{benchmark: NAME}]}}]}, or "
                + "{benchmark: all}.", "Environment: SOCRATIC_BENCHMARKS, XDG_DATA_HOME say where they lie."})
final class BenchmarksCommand implements Runnable {
    private final Console console;

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    BenchmarksCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "add", description = "Reads the questions of a benchmark once and keeps them under a name.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(index = "0", paramLabel = "NAME", description = "As recipes will name it.") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "SOURCE",
                    description = "Files of questions: .jsonl, .json, .csv, .tsv or .parquet.") List<Path> sources,
            @Option(names = "--replace", description = "One of that name may be there.") boolean replace,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        BenchmarkFacts made = folder().add(name, sources, replace, Clock.systemUTC().instant());
        if (json) {
            console.json(made);
        } else {
            console.data(line(made));
        }
        if (made.unread() > 0) {
            console.talk("benchmarks: %s rows of the sources are no questions".formatted(made.unread()));
            return ExitCode.NOT_WHOLE;
        }
        return ExitCode.DONE;
    }

    @Command(name = "list", description = "Every benchmark: name, questions, when it was added, of what.",
            mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON array.") boolean json) {
        List<BenchmarkFacts> all = folder().list();
        if (json) {
            console.json(all);
        } else {
            all.forEach(one -> console.data(line(one)));
        }
        return ExitCode.DONE;
    }

    @Command(name = "remove", description = "Forgets a benchmark.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "As 'list' names it.") String name,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        folder().remove(name);
        if (json) {
            console.json(Map.of("removed", name));
        } else {
            console.data(name);
        }
        return ExitCode.DONE;
    }

    private BenchmarkFolder folder() {
        return BenchmarkFolder.from(console.environment());
    }

    private static String line(BenchmarkFacts one) {
        return String.format(Locale.ROOT, "%-20s %7d questions, %d repeated, %d unread  %s  %s", one.name(),
                one.questions(), one.repeated(), one.unread(), one.added(),
                String.join(" ", one.sources().stream().map(BenchmarkFacts.Source::file).toList()));
    }
}
