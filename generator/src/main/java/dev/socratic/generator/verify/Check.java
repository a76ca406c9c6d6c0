package dev.socratic.generator.verify;

import java.util.Locale;

/// A property an answer must have to be kept, in the order in which they are made: the first that fails is the reason
/// a row is dropped for.
public enum Check {
    /// The answer ended by itself: not at `max_tokens`, not inside its reasoning.
    TRUNCATED,
    /// The teacher answers instead of declining.
    REFUSAL,
    /// No loop of the same words.
    REPETITION,
    /// There is an answer at all, after the reasoning.
    FORMAT,
    /// The final answer equals the gold; not made where the question has none.
    FINAL_ANSWER;

    /// @return as files spell it
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
