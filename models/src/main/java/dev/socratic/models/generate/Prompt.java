package dev.socratic.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an answer continues.
public sealed interface Prompt {
    /// @param beginning of the answer, which goes on behind it
    /// @return the same with that behind it; token ids, which have no text to be joined with, as they are
    default Prompt with(String beginning) {
        if (beginning.isEmpty()) {
            return this;
        }
        return switch (this) {
            case Chat chat -> chat.begun(beginning);
            case Text text -> new Text(text.text() + beginning);
            case Tokens ids -> ids;
        };
    }

    /// A conversation, as the model's chat template writes it.
    ///
    /// @param variables what the template sees besides the messages, such as `enable_thinking`; `add_generation_prompt`
    ///                  is true unless it stands here
    /// @param continues whether the last message is only begun and goes on, instead of being answered
    record Chat(List<ChatMessage> messages, Map<String, JsonNode> variables, boolean continues) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
            variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        }

        public Chat(List<ChatMessage> messages) {
            this(messages, Map.of(), false);
        }

        private Chat begun(String beginning) {
            List<ChatMessage> all = new ArrayList<>(messages);
            ChatMessage last = ChatMessage.assistant(
                    (continues ? all.removeLast().content() : "") + beginning);
            all.add(last);
            return new Chat(all, variables, true);
        }
    }

    /// A text, begun as the tokenizer begins one; special tokens written in it are recognised.
    record Text(String text) implements Prompt {}

    /// Token ids as they are.
    record Tokens(long[] ids) implements Prompt {}
}
