package dev.socratic.generator.step;

import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.datasets.answer.ReasoningSplit;

/// What came of a query. A query that the model cannot answer for good has no reply: its step has fewer of them.
public record Reply(Query query, Completion completion) {

    /// @return what was written, thoughts left out
    public String text() {
        return ReasoningSplit.of(completion.text()).answer().strip();
    }

    /// @return tokens written
    public long tokens() {
        return completion.usage().completionTokens();
    }
}
