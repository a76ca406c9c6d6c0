package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import java.nio.file.Path;
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

    @Option(names = "--dry-run", description =
            "Print the recipe with every default and what each stage would cost, look at all it names; run nothing.")
    private boolean dryRun;

    @Option(
            names = "--partial",
            description = "Go on with what an incomplete stage has, instead of ending there with exit code 3.")
    private boolean partial;

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
        ConfigReader.Placed<Recipe> read = ConfigReader.placed(recipeFile, Recipe.class, common.overrides());
        Recipe recipe = new HubModels(console.environment()).in(read.value(), recipeFile);
        Path root = folder.orElse(Path.of("runs", recipe.name()));
        RecipeRun run = new RecipeRun(recipe, read.places(), root, stages, common.threads(), partial);
        return dryRun ? run.rehearse(console, recipe) : run.run(console);
    }

    private Set<Stage> stages() {
        if (only.isPresent()) {
            return EnumSet.of(only.get());
        }
        return EnumSet.range(from.orElse(Stage.GENERATE), Stage.REPORT);
    }

}
