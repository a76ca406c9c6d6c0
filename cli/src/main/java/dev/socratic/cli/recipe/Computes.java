package dev.socratic.cli.recipe;

import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Compute.Setting;
import dev.socratic.models.generate.LocalModel;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Where and in what numbers each model of a recipe computes: what the command line says, else what stands beside the
/// model, else what the recipe says for all.
///
/// @param all  for a model of which nothing else is said
/// @param said which of them the command line says, so that nothing beside a model counts
/// @param talk is told of a GPU that was taken
public record Computes(Compute all, Set<Said> said, Consumer<String> talk) {
    /// An option of the command line.
    public enum Said {
        DEVICE,
        DTYPE,
        WEIGHTS
    }

    public Computes {
        said = Set.copyOf(said);
    }

    /// One for all, where models say nothing of their own.
    public static Computes of(Compute all) {
        return new Computes(all, Set.of(), ignored -> { });
    }

    /// Says what a model's weights take, where they are of few bits.
    void tell(String place, Object model) {
        if (model instanceof LocalModel local && local.held().kinds().stream().anyMatch(kind -> kind.bits() > 0)) {
            talk.accept(place + ": " + local.held().text());
        }
    }

    /// @param bits in how few bits the matrices of the model are kept, if that stands beside it
    Compute of(String place, Optional<String> device, Optional<String> dtype, Optional<Quantization> bits) {
        Compute placed = of(place, device, dtype);
        return bits.filter(ignored -> !said.contains(Said.WEIGHTS)).map(placed::in).orElse(placed);
    }

    /// @param place  of the model in the recipe, for messages
    /// @param device what stands beside it
    /// @param dtype  likewise
    /// @throws dev.socratic.core.error.ConfigException if that device cannot be used, or is none
    Compute of(String place, Optional<String> device, Optional<String> dtype) {
        return all.with(
                device.filter(ignored -> !said.contains(Said.DEVICE))
                        .map(value -> new Setting(place + ".device", value)),
                dtype.filter(ignored -> !said.contains(Said.DTYPE)).map(value -> new Setting(place + ".dtype", value)),
                talk);
    }
}
