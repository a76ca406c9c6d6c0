package dev.socratic.core.text;

import java.util.List;
import java.util.Objects;

/// One answer that is wanted.
///
/// @param id         comes back with the outcome; unique among the requests of one call
/// @param messages   the conversation so far, the last one usually the user's
/// @param parameters how the answer is written
/// @param seed       of this very answer: the same request with the same seed gives the same text where the model
///                   allows it
public record GenerationRequest(
        String id, List<ChatMessage> messages, GenerationParameters parameters, long seed) {
    public GenerationRequest {
        Objects.requireNonNull(id);
        messages = List.copyOf(messages);
        Objects.requireNonNull(parameters);
    }
}
