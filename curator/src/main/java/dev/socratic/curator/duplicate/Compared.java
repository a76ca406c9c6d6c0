package dev.socratic.curator.duplicate;

import dev.socratic.curator.config.Part;
import dev.socratic.curator.step.Row;

/// The text of a row that duplicates are judged by, and among which rows.
///
/// @param text  what is compared
/// @param scope only texts of equal scope are compared; empty for all
record Compared(String text, String scope) {

    static Compared of(Row row, Part part) {
        return switch (part) {
            case QUESTION -> new Compared(row.question(), "");
            case ANSWER -> new Compared(row.answer(), row.trace().questionId());
            case BOTH -> new Compared(row.question() + "\n" + row.answer(), "");
        };
    }
}
