package dev.socratic.cli.serve;

import dev.socratic.models.embed.SentenceEncoder;
import dev.socratic.models.generate.LiveModel;

/// A model under the name that clients call it by. The model is the caller's, and stays open when a server closes.
public sealed interface ServedModel {
    /// @return the field `model` of requests to it
    String name();

    /// One that writes text.
    record Writer(String name, LiveModel model) implements ServedModel {}

    /// One that makes vectors of texts.
    record Embedder(String name, SentenceEncoder model) implements ServedModel {}

    /// Under the model's own name.
    static ServedModel of(LiveModel model) {
        return new Writer(model.card().name(), model);
    }
}
