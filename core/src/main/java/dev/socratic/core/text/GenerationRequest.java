package dev.socratic.core.text;

import java.util.List;
import java.util.Objects;

/// One answer that is wanted.
///
/// @param id       comes back with the outcome; unique among the requests of one call
/// @param messages the conversation so far, the last one usually the user's
/// @param sampling how to draw
public record GenerationRequest(String id, List<ChatMessage> messages, Sampling sampling) {
    public GenerationRequest {
        Objects.requireNonNull(id);
        messages = List.copyOf(messages);
        Objects.requireNonNull(sampling);
    }
}
