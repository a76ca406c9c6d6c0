package dev.socratic.eval.harness.prompt;

import dev.socratic.core.text.ChatMessage;
import java.util.List;

/// What a model's chat template makes of a conversation.
@FunctionalInterface
public interface Chat {
    /// @param continues whether the last message is only begun
    String written(List<ChatMessage> messages, boolean continues);
}
