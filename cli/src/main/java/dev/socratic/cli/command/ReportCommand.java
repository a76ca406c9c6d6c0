package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.eval.report.Report;
import dev.socratic.models.engine.Compute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Writes a run's report again from what lies in its folder.
@Command(name = "report", description = "Writes report.html and summary.json of a run again.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "A run's folder.")
    private Path run;

    @picocli.CommandLine.Option(names = "--json", description = "Print summary.json.")
    private boolean json;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isRegularFile(run.resolve("recipe.yaml"))) {
            String got = Files.isDirectory(run) ? "a folder without recipe.yaml" : Files.exists(run) ? "a file"
                    : "none there";
            throw new ConfigException(run.toString(), "the folder of a run", got, "give what --out of the run was");
        }
        Recipe recipe = ConfigReader.read(run.resolve("recipe.yaml"), Recipe.class);
        int code = new Runner(recipe, run, console, Clock.systemUTC(), 1, Compute.CPU).run(EnumSet.of(Stage.REPORT));
        if (json) {
            new Results(run, EnumSet.of(Stage.REPORT), true).tell(console, true);
        } else {
            console.data(run.resolve(Report.PAGE).toString());
        }
        return code;
    }
}
