package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.Console;
import dev.socratic.cli.Home;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.eval.report.Report;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
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

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder (default: ${DEFAULT-VALUE}).", defaultValue = "runs/demo")
    private Path out;

    @Option(names = "--json", description = "Print summary.json at the end.")
    private boolean json;

    @Mixin
    private Common common = new Common();

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigReader.Placed<Recipe> recipe =
                ConfigReader.placed(Home.recipe("demo.yaml"), Recipe.class, common.overrides());
        int code = new RecipeRun(recipe.value(), recipe.places(), out, EnumSet.allOf(Stage.class), common.threads())
                .run(console);
        JsonNode summary = Json.read(out.resolve(Report.SUMMARY), JsonNode.class);
        if (json) {
            console.json(summary);
        } else {
            show(summary);
        }
        return code;
    }

    private void show(JsonNode summary) {
        summary.get("eval").properties().forEach(model -> model.getValue().properties().forEach(task -> {
            JsonNode cell = task.getValue();
            console.data(String.format(
                    Locale.ROOT, "%-16s %-20s %5.1f %%  [%.1f, %.1f]  n %d", model.getKey(), task.getKey(), 100 * cell.get("accuracy").asDouble(),
                    100 * cell.get("ci95").get(0).asDouble(), 100 * cell.get("ci95").get(1).asDouble(), cell.get("n").asLong()));
        }));
        summary.get("compare").properties().forEach(pair -> pair.getValue().properties().forEach(task -> {
            JsonNode cell = task.getValue();
            console.data(String.format(
                    Locale.ROOT, "%-16s %-20s %+5.1f points  [%+.1f, %+.1f]  p %.2g", pair.getKey(), task.getKey(), 100 * cell.get("difference").asDouble(),
                    100 * cell.get("ci95").get(0).asDouble(), 100 * cell.get("ci95").get(1).asDouble(), cell.get("p").asDouble()));
        }));
        console.data("report: " + out.resolve(Report.PAGE) + "   figures: " + out.resolve(Report.SUMMARY));
    }
}
