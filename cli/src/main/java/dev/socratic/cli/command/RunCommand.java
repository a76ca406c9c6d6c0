package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.GenerateConfig;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs a recipe.
@Command(name = "run", description = "Runs a recipe; interrupted, the same command goes on.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RECIPE",
            description = "A YAML file; see recipes/, and 'socratic keys' for all that may stand in it.")
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

    @Option(names = "--json",
            description = "Print summary.json at the end (of a part of the stages, what the manifest keeps of them).")
    private boolean json;

    @Mixin
    private PreviewOptions preview = new PreviewOptions();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

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
        Recipe recipe = new HubModels(console.environment(), console::talk).in(read.value(), recipeFile);
        Path root = folder.orElse(Path.of("runs", recipe.name()));
        RecipeRun run = new RecipeRun(recipe, read.places(), root, stages, common.threads(),
                compute.each(console, recipe.compute()), partial);
        if (preview.questions().isPresent()) {
            GenerateConfig config = recipe.generate().orElseThrow(() -> new ConfigException(
                    "--preview", "a recipe that generates", "one without generate", "leave --preview out"));
            return preview(run, config, recipeFile);
        }
        Optional<Integer> pilot = recipe.generate().flatMap(config -> preview.pilot(dryRun, config));
        if (pilot.isPresent()) {
            Map<String, String> limited = preview.limited(common.overrides(), "generate.limit", pilot.get());
            Recipe few = new HubModels(console.environment(), console::talk)
                    .in(ConfigReader.read(recipeFile, Recipe.class, limited), recipeFile);
            return run.only(Stage.GENERATE).of(few).pilot(console, recipe.generate().orElseThrow(),
                    preview.tokenizer(), json);
        }
        return dryRun ? run.rehearse(console, recipe, json) : run.told(console, json);
    }

    private int preview(RecipeRun run, GenerateConfig config, Path recipeFile) throws InterruptedException {
        int most = config.limit().map(limit -> Math.min(limit, preview.questions().orElseThrow()))
                .orElse(preview.questions().orElseThrow());
        RecipeRun generating = run.only(Stage.GENERATE);
        if (!preview.ask()) {
            return generating.preview(console, config, most, json);
        }
        Map<String, String> limited = preview.limited(common.overrides(), "generate.limit", most);
        Recipe few = new HubModels(console.environment(), console::talk)
                .in(ConfigReader.read(recipeFile, Recipe.class, limited), recipeFile);
        return generating.of(few).previewAnswers(console, config, most, json);
    }

    private Set<Stage> stages() {
        if (only.isPresent()) {
            return EnumSet.of(only.get());
        }
        return EnumSet.range(from.orElse(Stage.GENERATE), Stage.REPORT);
    }

}
