package dev.socratic.generator.traffic;

import java.util.Optional;

/// An API whose calls are read. What each says is one conversation in [CallTurns].
public enum CallForm {
    /// OpenAI's chat completions.
    CHAT("/chat/completions"),
    /// OpenAI's completions of a text.
    COMPLETION("/completions"),
    /// OpenAI's responses.
    RESPONSES("/responses"),
    /// Anthropic's messages.
    MESSAGES("/messages");

    private final String path;

    CallForm(String path) {
        this.path = path;
    }

    /// @param path of a call, below the version or with it
    public static Optional<CallForm> of(String path) {
        for (CallForm form : values()) { // the longer of two that end alike stands first
            if (path.endsWith(form.path)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }
}
