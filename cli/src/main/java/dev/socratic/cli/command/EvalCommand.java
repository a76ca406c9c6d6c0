package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Evaluation;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.report.Report;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/// The stage `eval` alone, one model.
@Command(name = "eval", description = {
    "Puts a model through tasks: those of lm-evaluation-harness, or of a config.",
    "The former by name ('socratic tasks' lists them), file or folder; the latter with tasks: [...] as under eval: in",
    "a recipe."}, mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL",
            description = "A Hugging Face folder, ORG/NAME[@REVISION] in the cache, or the address of an endpoint.")
    private String model;

    @Option(names = "--tasks", paramLabel = "NAME|FILE|FOLDER", required = true, split = ",",
            description = "Tasks, groups and tags, patterns with *, files, folders; or one config with tasks: [...] "
                    + "(its keys: 'socratic keys eval').")
    private List<String> tasks = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR",
            description = "The run's folder; results lie in DIR/eval/<name>, the page in DIR/report.html "
                    + "(default: runs/eval-<name>).")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--models", paramLabel = "FILE",
            description = "A file with models: {NAME: {endpoint: {...}}} as in a recipe: whom judged tasks ask.")
    private Optional<Path> models = Optional.empty();

    @Option(names = "--name", description = "What the model is called in tables (default: ${DEFAULT-VALUE}).",
            defaultValue = "model")
    private String name;

    @Option(names = "--batch", description = "Questions answered together (default: ${DEFAULT-VALUE}).",
            defaultValue = "64")
    private int batch;

    @Mixin
    private SuiteOptions suite = new SuiteOptions();

    @Option(names = "--json", description = "Print the figures as JSON.")
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
        Optional<Path> file = config();
        file.ifPresent(ignored -> suite.refuseWithConfig());
        ConfigReader.Placed<EvalConfig> read = file.isPresent()
                ? ConfigReader.placed(file.get(), EvalConfig.class, common.overrides())
                : ConfigReader.placed(Json.line(Map.of("suites", List.of(suite.asConfig(tasks)))), "--tasks",
                        EvalConfig.class, common.overrides());
        EvalConfig config = read.value();
        Path folder = out.orElse(Path.of("runs", "eval-" + name));
        Evaluation evaluation = ConfigReader.checked("--name, --batch", () -> new Evaluation(Map.of(name, model()),
                config.tasks(), config.seed(), batch, List.of(), config.budget(), Optional.empty(), config.suites(),
                config.judged()));
        Map<String, TeacherConfig> asked = models.map(named -> ModelsFile.read(named, console)).orElse(Map.of());
        Recipe recipe = ConfigReader.checked("", () -> Recipe.evaluating(evaluation, asked));
        RecipeRun run =
                new RecipeRun(recipe, read.places().under("eval"), folder, EnumSet.of(Stage.EVAL, Stage.REPORT),
                        common.threads(),
                        compute.each(console));
        if (dryRun) {
            return run.rehearse(console, config, json);
        }
        int code = run.run(console);
        Map<String, Object> results = new LinkedHashMap<>();
        Path made = folder.resolve("eval").resolve(name);
        if (!config.tasks().isEmpty()) {
            own(made, config.tasks().stream().map(task -> task.name()).toList(), results);
        }
        if (!config.suites().isEmpty() || !config.judged().isEmpty()) {
            new HarnessTable(made, config.tasks().stream().map(task -> task.name()).toList()).tell(console, json,
                    results);
        }
        if (json) {
            console.json(results);
        } else {
            console.talk("socratic: the page: " + folder.resolve(Report.PAGE));
        }
        return code;
    }

    /// @return the one config among the tasks, where it is one
    private Optional<Path> config() {
        if (tasks.size() != 1 || !Files.isRegularFile(Path.of(tasks.getFirst()))) {
            return Optional.empty();
        }
        Path file = Path.of(tasks.getFirst());
        boolean ours = file.toString().endsWith(".json")
                || YamlNode.read(RegularFiles.text(file), file.toString()) instanceof YamlNode.Entries map
                && map.get("task").isEmpty() && map.get("group").isEmpty();
        return ours ? Optional.of(file) : Optional.empty();
    }

    private Evaluation.Model model() {
        if (!model.matches("https?://.*")) {
            return new Evaluation.Model.Weights(
                    new HubModels(console.environment(), console::talk).folder(Path.of(model)));
        }
        if (suite.served().isEmpty()) {
            throw new ConfigException("--model-name", "the name the endpoint knows the model by", "none",
                    "write --model-name NAME");
        }
        Map<String, Object> endpoint = new LinkedHashMap<>(Map.of("base_url", model, "model", suite.served().get()));
        suite.keyVariable().ifPresent(variable -> endpoint.put("key_env", variable));
        return new Evaluation.Model.Endpoint(
                ConfigReader.read(Json.line(endpoint), "MODEL", TeacherConfig.Endpoint.class));
    }

    private void own(Path folder, List<String> names, Map<String, Object> results) {
        SavedSamples.ofFolder(folder).forEach((task, samples) -> {
            if (!names.contains(task)) {
                return;
            }
            results.put(task, Map.of(
                    "accuracy", samples.accuracy(), "ci95", List.of(samples.ci95().low(), samples.ci95().high()), "n",
                    samples.size()));
            if (!json) {
                console.data(
                        String.format(Locale.ROOT, "%s: %.1f %% [%.1f, %.1f] of %d", task, 100 * samples.accuracy(),
                        100 * samples.ci95().low(), 100 * samples.ci95().high(), samples.size()));
            }
        });
    }
}
