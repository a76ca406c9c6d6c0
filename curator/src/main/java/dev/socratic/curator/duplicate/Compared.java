package dev.socratic.curator.duplicate;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.config.StepConfig.NearDuplicates.Agreement;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.text.Negations;
import dev.socratic.curator.text.NumberMultiset;
import dev.socratic.datasets.source.Example;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The text of a row that duplicates are judged by, and among which rows.
///
/// @param text  what is compared
/// @param scope only texts of equal scope are compared; empty for all
record Compared(String text, String scope) {

    static Compared of(Candidate row, TextPart part) {
        return switch (part) {
            case QUESTION -> new Compared(row.subject(), "");
            case ANSWER -> new Compared(answers(row), row.questionId());
            case BOTH -> new Compared(row.isText() ? row.answer() : row.question() + "\n" + answers(row), "");
        };
    }

    /// @param words what of the text is compared
    /// @return in which texts may be compared: those with the same numbers and as many negations, where these tell
    ///         texts apart; empty for all
    String scope(List<String> words, Agreement numbers, Agreement negation) {
        StringBuilder narrow = new StringBuilder(scope);
        if (numbers == Agreement.SAME) {
            Map<String, Integer> all = NumberMultiset.of(words);
            narrow.append(all.isEmpty() ? "" : "\u0000" + new TreeMap<>(all));
        }
        if (negation == Agreement.SAME) {
            int negations = Negations.in(words);
            narrow.append(negations == 0 ? "" : "\u0000not" + negations);
        }
        return narrow.toString();
    }

    /// All the assistant's turns; of a pair also the answer that was not preferred, for another one makes another pair.
    private static String answers(Candidate row) {
        String said = String.join("\n", row.turns());
        return row.exchange().example() instanceof Example.Pair pair
                ? said + "\n" + pair.rejected().stream().map(ChatMessage::content).collect(Collectors.joining("\n"))
                : said;
    }
}
