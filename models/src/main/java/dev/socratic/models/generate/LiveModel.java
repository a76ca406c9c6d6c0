package dev.socratic.models.generate;

import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.TextModel;

/// A model that writes many answers side by side, a few tokens at a time: answers join and leave while others are being
/// written, and whoever waits for one may read along.
public interface LiveModel extends TextModel {

    /// What became of a prompt: tokens, or why it cannot be answered.
    sealed interface Read {}

    /// A prompt as tokens, with how its answer is drawn; given back to the model that made it.
    non-sealed interface Ready extends Read {
        /// @return the prompt
        long[] ids();

        /// @return the same prompt, answered by other random numbers
        Ready with(long seed);
    }

    /// @param problem one line: what, where, how to mend
    /// @param tooLong whether the model's context cannot hold it
    record Refused(String problem, boolean tooLong) implements Read {}

    /// Renders and tokenizes, no more of a text that is far too long than shows that it is. Any number of threads may
    /// do so, also while answers are being written.
    ///
    /// @param parameters how it is answered
    /// @param seed       of the answer
    Read read(Prompt prompt, GenerationParameters parameters, long seed);

    /// @return whether the chat template knows a variable of this name; one that it does not know would change nothing
    boolean reads(String variable);

    /// @return the source of the chat template, which shows how the model writes thoughts and calls of tools; empty
    ///         where there is none
    String template();

    /// @return what tokens read as, control tokens included
    String text(long[] ids);

    /// @return answers that are written together, none yet; to be closed before the model is
    Writing writing();
}
