package dev.socratic.cli.serve;

import dev.socratic.models.generate.LiveModel;

/// A model under the name that clients call it by. The model is the caller's, and stays open when a server closes.
public record ServedModel(String name, LiveModel model) {

    /// Under the model's own name.
    public static ServedModel of(LiveModel model) {
        return new ServedModel(model.card().name(), model);
    }
}
