package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.ComputeConfig;
import dev.socratic.models.engine.Compute;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options of every command that runs a model here.
final class ComputeOptions {
    @Option(names = "--device", paramLabel = "DEVICE", description = {
        "auto, cpu, cuda or cuda:N (default: auto, a GPU that works, else the processor).",
        "A GPU that was asked for and cannot be used is an error; see 'socratic doctor'."})
    private Optional<String> device = Optional.empty();

    @Option(names = "--dtype", paramLabel = "TYPE", description =
            "Numbers to compute in: auto, float32, bfloat16 or float16 (default: auto, float32).")
    private Optional<String> dtype = Optional.empty();

    /// Chooses the device and tries it; says so where it is a GPU.
    Compute open(Console console) {
        return open(console, ComputeConfig.AUTO);
    }

    /// @param recipe what is written there holds where the command line says nothing
    Compute open(Console console, ComputeConfig recipe) {
        Compute.Request request = new Compute.Request(
                setting("device", device, recipe.device()), setting("dtype", dtype, recipe.dtype()));
        return Compute.open(request, line -> console.talk("socratic: " + line));
    }

    private static Compute.Setting setting(String name, Optional<String> given, String written) {
        return given.map(value -> new Compute.Setting("--" + name, value))
                .orElseGet(() -> new Compute.Setting("compute." + name, written));
    }
}
