package dev.socratic.trainer.data;

import dev.socratic.core.template.Template.Span;
import java.util.Arrays;
import java.util.List;

/// A row as a tokenizer and a chat template read it, before it is cut to length.
sealed interface TokenizedExample {
    /// Behind the name of what a chat template would leave out without a word.
    String NOT_READ = "_not_in_chat_template";

    /// Why there is none: `refused_by_chat_template`, `<field>_not_in_chat_template`, `weights_of_turns_not_found` (the
    /// marks of the template part the conversation otherwise than its turns do), `refused_by_tokenizer` (a character
    /// that it has no token for), `too_long` (so far that it was not
    /// tokenized).
    record Refused(String reason) implements TokenizedExample {}

    /// A whole row with the place of each token in its text.
    ///
    /// @param starts  first character of each token
    /// @param ends    the one after its last; a token that ends a row of plain text lies behind the text
    /// @param spans   of the text that the assistant wrote, or all of it
    /// @param whole   whether nothing of the text was cut before it was tokenized
    /// @param answers what the template kept of the answers
    record Draft(int[] ids, boolean[] lossMask, int[] starts, int[] ends, String text, List<Span> spans, boolean whole,
            AnswerCounts answers) implements TokenizedExample {
        Draft(int[] ids, boolean[] lossMask, int[] starts, int[] ends, String text, List<Span> spans) {
            this(ids, lossMask, starts, ends, text, spans, true, AnswerCounts.NONE);
        }

        /// @param most tokens at most; nothing predicts the first
        TokenRow row(int most) {
            int length = Math.min(ids.length, most);
            boolean[] mask = Arrays.copyOf(lossMask, length);
            if (length > 0) {
                mask[0] = false;
            }
            return new TokenRow(Arrays.copyOf(ids, length), mask);
        }
    }
}
