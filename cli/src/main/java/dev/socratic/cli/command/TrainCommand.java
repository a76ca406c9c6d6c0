package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Places;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The stage `train` alone, one student.
@Command(name = "train", mixinStandardHelpOptions = true, description = {
    "Trains one student, from text or from a teacher's distributions.",
    "A row is at most max_seq tokens long: left out, what student and teachers can read, up to micro_tokens. What is",
    "lost of the rows is told before the first step; with more too long ones than too_long_limit (a half) the exit",
    "code is 3. Rows of plain text begin with BOS where the tokenizer's files say so (bos: tokenizer, always or",
    "never) and end with its EOS."
})
final class TrainCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CONFIG",
            description = "One entry of train: in a recipe, with its data; its keys: 'socratic keys train'.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true,
            description = "The run's folder; the student lies in DIR/train/<name>.")
    private Path out;

    @Option(names = "--dry-run", description =
            "Print the config with every default and what it would cost, look at all it names; run nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print what the manifest keeps of the stage: counts and notes.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigReader.Placed<TrainConfig> read = ConfigReader.placed(file, TrainConfig.class, common.overrides());
        Places places = read.places().under("train[0]");
        TrainConfig config = new HubModels(console.environment(), console::talk).in(read.value(), file);
        if (config.data().isEmpty()) { // a recipe would have its corpus
            throw new ConfigException(places.at("train[0].data"), "rows to learn", "nothing",
                    "add data: {file: {path: FILE.jsonl}}");
        }
        Recipe recipe = ConfigReader.checked(file.toString(), () ->
                new Recipe("train", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(config),
                        Optional.empty()));
        RecipeRun run = new RecipeRun(recipe, places, out, EnumSet.of(Stage.TRAIN), common.threads(),
                compute.each(console));
        return dryRun ? run.rehearse(console, config, json) : run.told(console, json);
    }
}
