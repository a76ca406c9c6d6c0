package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.Home;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The whole loop on the embedded teacher and question set.
@Command(
        name = "demo",
        description = "The whole loop on the embedded teacher and question set: no network, no GPU, no key.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder (default: ${DEFAULT-VALUE}).",
            defaultValue = "runs/demo")
    private Path out;

    @Option(names = "--json", description = "Print summary.json at the end.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigReader.Placed<Recipe> recipe =
                ConfigReader.placed(Home.recipe("demo.yaml"), Recipe.class, common.overrides());
        return new RecipeRun(recipe.value(), recipe.places(), out, EnumSet.allOf(Stage.class), common.threads(),
                compute.each(console, recipe.value().compute()))
                .told(console, json);
    }
}
