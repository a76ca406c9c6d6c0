package dev.socratic.curator.config;

import java.util.Locale;

/// Which text of a row a step looks at. What it means for duplicates, where a corpus has several answers a question:
public enum TextPart {
    /// The question's own text. The answers to one question share one fate: two answers to the same question are
    /// never duplicates of each other, and all answers to a question that duplicates an earlier one go.
    QUESTION,
    /// The assistant's message, reasoning included. Answers are compared with answers to the *same* question only,
    /// for two questions may well have the same short answer.
    ANSWER,
    /// Question and answer together, each row compared with every other: the same question, asked in (nearly) the
    /// same words and answered in the same way.
    BOTH;

    /// @return as in configs and files
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
