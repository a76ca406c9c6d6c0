package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.inspect.Defect;
import dev.socratic.models.inspect.Inspection;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a model folder holds, without loading the weights, and on demand what is wrong with it.
@Command(name = "inspect",
        description =
                "Family, parameters, tensors and memory of a model folder; with --check, everything wrong with it.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    private static final String SHAPES = "shapes";
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path folder;

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean tensors;

    @Option(names = "--check",
            description =
                    "Cross-check config, weights, tokenizer, template and generation config; reads every weight once. "
            + "Exit code 1 if there are errors. With --device or --dtype, also runs the model there, in these "
                    + "numbers, over a few tokens.")
    private boolean check;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        HubModels models = new HubModels(console.environment(), console::talk);
        folder = check ? models.place(folder) : models.whole(folder);
        Compute where = compute.given() ? compute.open(console) : Compute.CPU;
        List<Defect> defects = check ? defects(where) : List.of();
        Optional<ObjectNode> facts = facts(where.weights());
        if (json) {
            ObjectNode object = facts.orElseGet(Json.mapper()::createObjectNode);
            if (check) {
                object.set("defects", Json.tree(defects));
            }
            console.json(object);
        } else {
            facts.ifPresent(found -> show(found, where.weights()));
            defects.forEach(defect -> console.data(defect.toString()));
            if (check) {
                console.data(defects.isEmpty() ? "check: nothing wrong" : "check: %s errors, %s warnings".formatted(
                        defects.size() - warnings(defects), warnings(defects)));
            }
        }
        return warnings(defects) < defects.size() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private List<Defect> defects(Compute where) {
        List<Defect> defects = new ArrayList<>(Inspection.check(folder, Clock.systemDefaultZone()));
        if (compute.given() && warnings(defects) == defects.size()) {
            defects.addAll(Inspection.trial(folder, where));
        }
        return defects;
    }

    private static long warnings(List<Defect> defects) {
        return defects.stream().filter(defect -> defect.severity() == Defect.Severity.WARNING).count();
    }

    /// Where the folder is too broken to describe, the check says why.
    private Optional<ObjectNode> facts(FloatType type) {
        try {
            ObjectNode facts = (ObjectNode) Json.tree(Inspection.facts(folder, type));
            if (!tensors) {
                facts.remove(SHAPES);
            }
            return Optional.of(facts);
        } catch (SocraticException broken) {
            if (check) {
                return Optional.empty();
            }
            throw broken;
        }
    }

    private void show(ObjectNode facts, FloatType run) {
        facts.properties().forEach(fact -> {
            String name = fact.getKey();
            JsonNode value = fact.getValue();
            switch (name) {
                case SHAPES -> value.properties()
                        .forEach(tensor ->
                                console.data("  %s  %s".formatted(tensor.getKey(), tensor.getValue().asText())));
                case "types" -> value.properties().forEach(type ->
                        line("type " + type.getKey(), String.format(Locale.ROOT, "%,d tensors, %s",
                        type.getValue().path("tensors").asInt(), size(type.getValue().path("bytes").asLong()))));
                case "files" -> value.properties()
                        .forEach(file -> line("file", file.getKey() + "  " + size(file.getValue().asLong())));
                default -> {
                    if (name.startsWith("bytes")) {
                        line(name.replace("bytes_", "memory_").replace("memory_on_disk", "on_disk"),
                                size(value.asLong()));
                    } else {
                        line(name, value.isIntegralNumber() ? String.format(Locale.ROOT, "%,d", value.asLong())
                                : value.isValueNode() ? value.asText() : value.toString());
                    }
                }
            }
        });
        console.data(
                "memory_to_run is the weights in %s, memory_per_position what a generation keeps of each "
                        .formatted(run.label()) + "token; memory_to_train is float32 and adds gradients");
        console.data("and AdamW's moments; activations come on top.");
    }

    private void line(String name, String value) {
        console.data(String.format(Locale.ROOT, "%-20s %s", name, value));
    }

    private static String size(long bytes) {
        return bytes >= 1 << 20
                ? String.format(Locale.ROOT, "%,.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%,d bytes", bytes);
    }
}
