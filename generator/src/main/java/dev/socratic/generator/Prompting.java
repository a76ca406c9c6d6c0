package dev.socratic.generator;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import dev.socratic.prompts.FewShot;
import dev.socratic.prompts.FewShotExample;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Optional;

/// A template and the examples it takes, ready to ask with.
///
/// @param template what is asked
/// @param fewShot  which examples go before a question
/// @param pool     the examples to choose from
record Prompting(PromptTemplate template, Optional<FewShot> fewShot, List<FewShotExample> pool) {

    /// @param prompt name of a built-in template, or path of a template file
    /// @throws dev.socratic.core.error.ConfigException if there is none, or it is wrong
    static Prompting of(String prompt, Optional<FewShot> fewShot) {
        return new Prompting(PromptTemplate.named(prompt), fewShot,
                fewShot.map(FewShotExample::read).orElse(List.of()));
    }

    List<ChatMessage> messages(Question question) {
        List<FewShotExample> examples = fewShot.map(f -> f.choose(pool, question.id(), question.question()))
                .orElse(List.of());
        return template.messages(question, examples);
    }

    /// Makes the messages of all questions where the template could fail with one of them, so that a mistake in it
    /// shows before anything is asked and paid for.
    ///
    /// @throws dev.socratic.core.error.ConfigException for the first question it cannot be rendered with
    void check(List<Question> questions) {
        if (!template.isPlain()) {
            questions.forEach(this::messages);
        }
    }

    Trace.Prompt row() {
        return new Trace.Prompt(template.name(), template.version(), template.hash());
    }
}
