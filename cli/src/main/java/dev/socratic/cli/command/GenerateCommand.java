package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Computes;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.generator.GenerateConfig;
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

/// The stage `generate` alone.
@Command(name = "generate", description = "Asks a teacher and collects reasoned answers.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CONFIG",
            description = "What stands under generate: in a recipe; its keys: 'socratic keys generate'.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true,
            description = "The run's folder; answers lie in DIR/generate.")
    private Path out;

    @Option(names = "--dry-run", description =
            "Print the config with every default and what it would cost, look at all it names; run nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print what the manifest keeps of the stage: counts, tokens, cost.")
    private boolean json;

    @Mixin
    private PreviewOptions preview = new PreviewOptions();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Computes where = compute.each(console);
        RecipeRun run = run(common.overrides(), where);
        GenerateConfig config = run.recipe().generate().orElseThrow();
        if (preview.questions().isPresent()) {
            int most = config.limit().map(limit -> Math.min(limit, preview.questions().orElseThrow()))
                    .orElse(preview.questions().orElseThrow());
            return preview.ask()
                    ? run(preview.limited(common.overrides(), "limit", most), where)
                            .previewAnswers(console, config, most, json)
                    : run.preview(console, config, most, json);
        }
        Optional<Integer> pilot = preview.pilot(dryRun, config);
        if (pilot.isPresent()) {
            return run(preview.limited(common.overrides(), "limit", pilot.get()), where)
                    .pilot(console, config, preview.tokenizer(), json);
        }
        return dryRun ? run.rehearse(console, config, json) : run.told(console, json);
    }

    private RecipeRun run(Map<String, String> overrides, Computes where) {
        ConfigReader.Placed<GenerateConfig> read = ConfigReader.placed(file, GenerateConfig.class, overrides);
        GenerateConfig config = new HubModels(console.environment(), console::talk).in(read.value(), file);
        Recipe recipe = new Recipe("generate", Optional.of(config), Optional.empty(), Optional.empty(), List.of(),
                List.of(), Optional.empty());
        return new RecipeRun(recipe, read.places().under("generate"), out, EnumSet.of(Stage.GENERATE),
                common.threads(), where);
    }
}
