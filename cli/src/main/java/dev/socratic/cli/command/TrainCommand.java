package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.trainer.TrainConfig;
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

/// The stage `train` alone, one student.
@Command(name = "train", description = "Trains one student, from text or from a teacher's distributions.", mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CONFIG", description = "One entry of train: in a recipe, with its data.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The run's folder; the student lies in DIR/train/<name>.")
    private Path out;

    @Mixin
    private Common common = new Common();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        TrainConfig config = new HubModels(console.environment()).in(ConfigReader.read(file, TrainConfig.class, common.overrides()), file);
        Recipe recipe = new Recipe("train", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(config), Optional.empty());
        return new Runner(recipe, out, console, Clock.systemUTC(), common.threads()).run(EnumSet.of(Stage.TRAIN));
    }
}
