package dev.socratic.curator.duplicate;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.datasets.source.Example;
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

    /// All the assistant's turns; of a pair also the answer that was not preferred, for another one makes another pair.
    private static String answers(Candidate row) {
        String said = String.join("\n", row.turns());
        return row.exchange().example() instanceof Example.Pair pair
                ? said + "\n" + pair.rejected().stream().map(ChatMessage::content).collect(Collectors.joining("\n"))
                : said;
    }
}
