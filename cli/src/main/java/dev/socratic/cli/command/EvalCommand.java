package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Evaluation;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.SavedSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The stage `eval` alone, one model of local weights.
@Command(name = "eval", description = "Puts a model through tasks: accuracy with 95 %% intervals.",
        mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path model;

    @Option(names = "--tasks", paramLabel = "CONFIG", required = true,
            description = "A file with tasks: [...] as under eval: in a recipe; its keys: 'socratic keys eval'.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true,
            description = "The run's folder; results lie in DIR/eval/<name>.")
    private Path out;

    @Option(names = "--name", description = "What the model is called in tables (default: ${DEFAULT-VALUE}).",
            defaultValue = "model")
    private String name;

    @Option(names = "--batch", description = "Questions answered together (default: ${DEFAULT-VALUE}).",
            defaultValue = "64")
    private int batch;

    @Option(names = "--json", description = "Print the accuracies as JSON.")
    private boolean json;

    @Option(names = "--dry-run", description =
            "Print the config with every default and what it would cost, look at all it names; run nothing.")
    private boolean dryRun;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.exists(file) && file.toString().matches("[A-Za-z0-9_-]+")) {
            throw new ConfigException("--tasks", "a config file with tasks: [...]",
                    "'%s', where there is none".formatted(file),
                    ("tasks are no names here: write a file with tasks: [{name: %s, questions: {file: {path: "
                            + "FILE.jsonl}}}]").formatted(file));
        }
        ConfigReader.Placed<EvalConfig> read = ConfigReader.placed(file, EvalConfig.class, common.overrides());
        EvalConfig config = read.value();
        Path folder = new HubModels(console.environment(), console::talk).folder(model);
        Evaluation evaluation = ConfigReader.checked("--name, --batch", () -> new Evaluation(
                Map.of(name, new Evaluation.Model.Weights(folder)), config.tasks(), config.seed(), batch, List.of()));
        Recipe recipe = new Recipe("eval", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(),
                Optional.of(evaluation));
        RecipeRun run =
                new RecipeRun(recipe, read.places().under("eval"), out, EnumSet.of(Stage.EVAL), common.threads(),
                        compute.each(console));
        if (dryRun) {
            return run.rehearse(console, config, json);
        }
        int code = run.run(console);
        Map<String, Object> results = new LinkedHashMap<>();
        SavedSamples.ofFolder(out.resolve("eval").resolve(name)).forEach((task, samples) -> {
            results.put(task, Map.of(
                    "accuracy", samples.accuracy(), "ci95", List.of(samples.ci95().low(), samples.ci95().high()), "n",
                    samples.size()));
            if (!json) {
                console.data(
                        String.format(Locale.ROOT, "%s: %.1f %% [%.1f, %.1f] of %d", task, 100 * samples.accuracy(),
                        100 * samples.ci95().low(), 100 * samples.ci95().high(), samples.size()));
            }
        });
        if (json) {
            console.json(results);
        }
        return code;
    }
}
