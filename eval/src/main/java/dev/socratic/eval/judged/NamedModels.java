package dev.socratic.eval.judged;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TextModel;

/// Opens the models that judge, answer beside the one that is evaluated, or learn from it.
@FunctionalInterface
public interface NamedModels {
    /// Nobody.
    NamedModels NONE = name -> {
        throw new ConfigException("models", "the model '%s'".formatted(name), "none of that name",
                "add models: {%s: {endpoint: {base_url: ..., model: ...}}} to the recipe, or to the file of --models"
                        .formatted(name));
    };

    /// @param name a key of the recipe's `models`
    /// @return a model that the caller closes
    TextModel open(String name);
}
