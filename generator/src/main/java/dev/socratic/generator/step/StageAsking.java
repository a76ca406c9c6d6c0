package dev.socratic.generator.step;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What all conversations of a stage have in common.
///
/// @param ask        how a question is put to whoever solves it: the config's own prompt
/// @param prompt     which template that is
/// @param parameters how answers are written
/// @param seed       of the stage
/// @param templates  the strategies' templates, by the name or path they are configured with
/// @param openings   by role, the text that opens a user's turn in the model's chat template; none of endpoints
public record StageAsking(
        Function<Question, List<ChatMessage>> ask, Trace.Prompt prompt, GenerationParameters parameters, long seed,
        Map<String, PromptTemplate> templates, Map<String, String> openings) {
    public StageAsking {
        templates = Map.copyOf(templates);
        openings = Map.copyOf(openings);
    }

    public StageAsking with(Map<String, PromptTemplate> others) {
        return new StageAsking(ask, prompt, parameters, seed, others, openings);
    }
}
