package dev.socratic.models.generate;

import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.models.network.Draws;
import java.util.OptionalInt;

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

    /// @return how many likely tokens it wants to be told of beside each that is drawn ([#drew]); empty for none of it
    default OptionalInt likeliest() {
        return OptionalInt.empty();
    }

    /// A token was drawn, before the text that it completes is told; end tokens, too.
    ///
    /// @param noted its log-probability and those of the likeliest, of the model's own distribution
    default void drew(long token, Draws.Noted noted) {}

    /// The text goes on: never half a character, and nothing that a stop text takes back. Joined, the pieces are the
    /// answer.
    default void wrote(String piece) {}

    /// The answer is finished; the last call. An answer that is not wanted any more gets none.
    ///
    /// @param tokens what was written, without an end token, with what a stop text cut off
    default void done(Completion completion, long[] tokens) {}
}
