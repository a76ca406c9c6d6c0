package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.recipe.Forecast;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs a recipe.
@Command(name = "run", description = "Runs a recipe; interrupted, the same command goes on.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RECIPE", description = "A YAML file; see recipes/.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder (default: runs/<name>).")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--from", paramLabel = "STAGE", description = "Begin at this stage: ${COMPLETION-CANDIDATES}.")
    private Optional<Stage> from = Optional.empty();

    @Option(names = "--only", paramLabel = "STAGE", description = "Only this stage.")
    private Optional<Stage> only = Optional.empty();

    @Option(names = "--dry-run", description = "Print the recipe with every default and what each stage would cost; run nothing.")
    private boolean dryRun;

    @Mixin
    private Common common = new Common();

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return run(file, out, stages());
    }

    private int run(Path recipeFile, Optional<Path> folder, Set<Stage> stages) throws InterruptedException {
        Recipe recipe = new HubModels(console.environment()).in(ConfigReader.read(recipeFile, Recipe.class, common.overrides()), recipeFile);
        if (dryRun) {
            console.data(ConfigWriter.yaml(recipe));
            new Forecast(recipe).lines().forEach(console::talk);
            return 0;
        }
        Path root = folder.orElse(Path.of("runs", recipe.name()));
        return new Runner(recipe, root, console, Clock.systemUTC(), common.threads()).run(stages);
    }

    private Set<Stage> stages() {
        if (only.isPresent()) {
            return EnumSet.of(only.get());
        }
        return EnumSet.range(from.orElse(Stage.GENERATE), Stage.REPORT);
    }

}
