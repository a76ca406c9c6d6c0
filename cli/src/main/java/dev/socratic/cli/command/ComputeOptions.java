package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.ComputeConfig;
import dev.socratic.cli.recipe.Computes;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Compute;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// The options of every command that runs a model here.
final class ComputeOptions {
    @Option(names = "--device", paramLabel = "DEVICE", description = {
        "auto, cpu, cuda or cuda:N (default: auto, a GPU that works, else the processor).",
        "Several hold a model's layers together where it reads or writes: cuda:0,cuda:1 or cuda:all.",
        "A GPU that was asked for and cannot be used is an error; see 'socratic doctor'."})
    private Optional<String> device = Optional.empty();

    @Option(names = "--dtype", paramLabel = "TYPE", description =
            "Numbers to compute in: auto, float32, bfloat16 or float16 (default: auto, float32).")
    private Optional<String> dtype = Optional.empty();

    @Option(names = {"--weights", "--quantization"}, paramLabel = "BITS", description =
            "How matrices are kept of models that only answer or teach: none, int8, int4 or nf4 (default: none).")
    private Optional<Quantization> weights = Optional.empty();

    /// Chooses the device and tries it; says so where it is a GPU.
    Compute open(Console console) {
        return open(ComputeConfig.AUTO, once(console));
    }

    /// The same for several models, of which each may have its own.
    Computes each(Console console) {
        return each(console, ComputeConfig.AUTO);
    }

    /// @param recipe what is written there holds where neither the command line nor a model says anything
    Computes each(Console console, ComputeConfig recipe) {
        Set<Computes.Said> said = EnumSet.noneOf(Computes.Said.class);
        device.ifPresent(ignored -> said.add(Computes.Said.DEVICE));
        dtype.ifPresent(ignored -> said.add(Computes.Said.DTYPE));
        weights.ifPresent(ignored -> said.add(Computes.Said.WEIGHTS));
        Consumer<String> talk = once(console);
        return new Computes(open(recipe, talk), said, talk);
    }

    /// @return whether any of them was given
    boolean given() {
        return device.isPresent() || dtype.isPresent() || weights.isPresent();
    }

    /// @return whether a number type was given, other than `auto`
    boolean typed() {
        return dtype.filter(type -> !type.equals(Compute.Request.AUTO)).isPresent();
    }

    private Compute open(ComputeConfig recipe, Consumer<String> talk) {
        Compute.Request request = new Compute.Request(
                setting("device", device, recipe.device()), setting("dtype", dtype, recipe.dtype()));
        return Compute.open(request, talk).in(weights.orElse(recipe.weights()));
    }

    private static Consumer<String> once(Console console) {
        Set<String> told = new HashSet<>();
        return line -> {
            if (told.add(line)) {
                console.talk("socratic: " + line);
            }
        };
    }

    private static Compute.Setting setting(String name, Optional<String> given, String written) {
        return given.map(value -> new Compute.Setting("--" + name, value))
                .orElseGet(() -> new Compute.Setting("compute." + name, written));
    }
}
