package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.models.checkpoint.LoraMerge;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A base and a low-rank adapter as one ordinary model folder, which every other command takes.
@Command(
        name = "merge",
        description =
                "Merges a LoRA adapter (PEFT's layout; rsLoRA and DoRA too) into its base, and prints the new folder.",
        mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "BASE",
            description =
                    "The model the adapter was trained on: a Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path base;

    @Parameters(index = "1", paramLabel = "ADAPTER",
            description = "A folder with adapter_config.json and adapter_model.safetensors, or a name likewise.")
    private Path adapter;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The new model's folder.")
    private Path out;

    @Option(names = "--json", description = "The new folder as one JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    MergeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        HubModels models = new HubModels(console.environment(), console::talk);
        Compute where = compute.open(console).only("a merge", FloatType.FLOAT32);
        LoraMerge.merge(models.folder(base), models.place(adapter), out, where).forEach(console::talk);
        if (json) {
            console.json(Map.of("folder", out.toString()));
        } else {
            console.data(out.toString());
        }
        return ExitCode.DONE;
    }
}
