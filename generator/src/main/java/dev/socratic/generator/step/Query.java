package dev.socratic.generator.step;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.row.Trace;
import java.util.List;

/// One answer that a strategy wants.
///
/// @param role       who is asked: a role of the strategy (`tutor`, `judge`)
/// @param step       what it is for, in a word
/// @param messages   the conversation the model is given
/// @param prompt     which template made them
/// @param parameters how the answer is written
/// @param seed       of this answer
public record Query(
        String role, String step, List<ChatMessage> messages, Trace.Prompt prompt, GenerationParameters parameters,
        long seed) {
    public Query {
        messages = List.copyOf(messages);
    }

    public Query with(GenerationParameters others) {
        return new Query(role, step, messages, prompt, others, seed);
    }

    /// @return the same for another step
    public Query named(String other) {
        return new Query(role, other, messages, prompt, parameters, seed);
    }
}
