package dev.socratic.curator.step;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.TextModel;
import java.nio.file.Path;
import java.util.List;

/// The models that steps may ask, and the samples they may count.
///
/// @param opener    opens a model by the name that a step gives it; whoever opens it closes it
/// @param embedders opens a model that embeds texts, likewise
/// @param samples   rows of `generate`, those that failed a check included, as far as the run knows them
public record StepModels(Opener opener, Embedders embedders, List<Path> samples) {
    /// Opens models.
    @FunctionalInterface
    public interface Opener {
        /// @param name a key of the recipe's `models`
        TextModel open(String name);
    }

    /// Opens models that embed.
    @FunctionalInterface
    public interface Embedders {
        /// @param name a key of the recipe's `models`
        TextEmbedder open(String name);
    }

    public StepModels {
        samples = List.copyOf(samples);
    }

    /// Without one that embeds.
    public StepModels(Opener opener, List<Path> samples) {
        this(opener, name -> {
            throw nobody(name);
        }, samples);
    }

    /// @param name a key of the recipe's `models`
    public TextEmbedder embedder(String name) {
        return embedders.open(name);
    }

    /// Where nobody can be asked.
    public static StepModels none(List<Path> samples) {
        return new StepModels(name -> {
            throw nobody(name);
        }, samples);
    }

    private static ConfigException nobody(String name) {
        return new ConfigException("models", "the model '%s'".formatted(name), "none of that name",
                "add models: {%s: {weights: {path: FOLDER}}} to the recipe, or to the file of --models".formatted(
                        name));
    }
}
