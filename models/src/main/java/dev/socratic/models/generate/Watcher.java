package dev.socratic.models.generate;

import dev.socratic.core.text.GenerationOutcome.Completion;

/// Whoever waits for an answer. Everything is called on the model's thread, so it must return at once: all other
/// answers wait meanwhile.
public interface Watcher {
    /// Waits for the end, and for nothing before.
    Watcher PATIENT = new Watcher() {};

    /// @return whether the answer is still wanted; asked every few tokens
    default boolean wanted() {
        return true;
    }

    /// @return whether the text is read while it grows
    default boolean watches() {
        return false;
    }

    /// The text goes on: never half a character, and nothing that a stop text takes back. Joined, the pieces are the
    /// answer.
    default void wrote(String piece) {}

    /// The answer is finished; the last call. An answer that is not wanted any more gets none.
    ///
    /// @param tokens what was written, without an end token, with what a stop text cut off
    default void done(Completion completion, long[] tokens) {}
}
