package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.curator.config.CurateConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The stage `curate` alone.
@Command(
        name = "curate",
        description = "Verifies, deduplicates, decontaminates, filters and selects answers; every dropped row keeps its reason and evidence.",
        mixinStandardHelpOptions = true)
final class CurateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ANSWERS", description = "Rows as generate writes them, or any file of messages.")
    private Path answers;

    @Option(names = "--config", paramLabel = "CONFIG", description = "What stands under curate: in a recipe (default: the steps for instruction data).")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The run's folder; the corpus lies in DIR/curate.")
    private Path out;

    @Mixin
    private Common common = new Common();

    CurateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        CurateConfig config = file.isPresent()
                ? ConfigReader.read(file.get(), CurateConfig.class, common.overrides())
                : ConfigReader.read("{}", "the default", CurateConfig.class);
        Recipe recipe = new Recipe("curate", Optional.empty(), Optional.of(answers), Optional.of(config), List.of(), List.of(), Optional.empty());
        return new Runner(recipe, out, console, Clock.systemUTC(), common.threads()).run(EnumSet.of(Stage.CURATE));
    }
}
