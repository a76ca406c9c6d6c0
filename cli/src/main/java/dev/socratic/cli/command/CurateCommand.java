package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Computes;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.datasets.format.FileList;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The stage `curate` alone.
@Command(
        name = "curate",
        description =
                "Verifies, deduplicates, decontaminates, filters and selects answers; every dropped row keeps its "
                        + "reason and evidence.",
        mixinStandardHelpOptions = true)
final class CurateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ANSWERS", arity = "1..*", description =
            "Files of rows in any layout that train reads (messages, ShareGPT, Alpaca, questions and answers, pairs, "
                    + "text), as .jsonl, .json, .csv, .tsv or .parquet; other columns: --set 'fields={user: Q, "
                            + "assistant: A}'.")
    private List<Path> answers;

    @Option(names = "--config", paramLabel = "CONFIG",
            description =
            "What stands under curate: in a recipe (default: the steps for instruction data); its keys: "
                    + "'socratic keys curate'.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--models", paramLabel = "FILE",
            description = "A file with models: {NAME: {weights: {path: FOLDER}}} as in a recipe: whom steps ask.")
    private Optional<Path> models = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", required = true,
            description = "The run's folder; the corpus lies in DIR/curate.")
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

    CurateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigReader.Placed<CurateConfig> read = file.isPresent()
                ? ConfigReader.placed(file.get(), CurateConfig.class, common.overrides())
                : ConfigReader.placed("{}", "the default", CurateConfig.class, common.overrides());
        CurateConfig config = read.value();
        Map<String, TeacherConfig> asked = models.map(named -> ModelsFile.read(named, console)).orElse(Map.of());
        Recipe recipe = ConfigReader.checked("", () -> Recipe.curating(FileList.of(answers), config, asked));
        RecipeRun run =
                new RecipeRun(recipe, read.places().under("curate"), out, EnumSet.of(Stage.CURATE), common.threads(),
                        asked.isEmpty() ? Computes.of(Compute.CPU) : compute.each(console));
        return dryRun ? run.rehearse(console, config, json) : run.told(console, json);
    }
}
