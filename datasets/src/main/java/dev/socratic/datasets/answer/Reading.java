package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import java.util.Optional;

/// The part of a model's text in which its answer is looked for: behind the reasoning, before the tokens that end its
/// turn, folded ([Folding]) and without marks of how it is set ([Markup]).
///
/// @param text    what is searched
/// @param folding which character of the given text each of its characters was
/// @param from    where the part begins in the given text
record Reading(String text, Folding folding, int from) {

    /// @return empty if there is no answer: nothing but blanks, or reasoning that never ends
    static Optional<Reading> of(String given) {
        int most = Math.max(0, given.length() - 2 * Bounds.TEXT);
        String end = given.substring(most);
        ReasoningSplit.Cut cut = ReasoningSplit.cut(end);
        if (cut.unclosed()) {
            return Optional.empty();
        }
        int stop = ChatMarks.end(end, cut.answer());
        int start = Math.max(cut.answer(), stop - Bounds.TEXT);
        if (end.substring(start, stop).isBlank()) {
            return Optional.empty();
        }
        Folding folding = Folding.of(end.substring(start, stop));
        return Optional.of(new Reading(Markup.plain(folding.text()), folding, start + most));
    }

    /// @return the same with its places in the given text
    Extracted placed(Extracted found) {
        return new Extracted(found.answer(), found.rule(), from + folding.at()[found.start()], from
                + folding.at()[found.end()]);
    }
}
