package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A row as it is searched and shown.
///
/// @param id         the row's own, or made of what it holds, as curation does
/// @param status     what became of it
/// @param feed       which stage's files it is of: `curate`, `generate`, or the file's name
/// @param file       as it is shown
/// @param line       from 1
/// @param step       which step dropped it; empty where none did
/// @param reason     why it was dropped or is no row
/// @param question   empty for plain text
/// @param reasoning  empty where there is none
/// @param answer     without its reasoning; plain text as it is
/// @param questionId equal for answers to one question; empty where there is none
/// @param facets     further names to filter by: `teacher`, `source`, `licence`, `tag`, `has`
/// @param numbers    by name: length, words, what steps measured, the row's own numbers
public record ReviewRow(String id, RowStatus status, String feed, String file, long line, String step, String reason,
        String question, Optional<String> reasoning, String answer, String questionId,
        Map<String, List<String>> facets, Map<String, Double> numbers) {
    /// Characters of question and answer that a summary has.
    static final int SHOWN = 300;

    public ReviewRow {
        facets = Map.copyOf(facets);
        numbers = Map.copyOf(numbers);
    }

    /// @return what a list of rows shows of it
    public ObjectNode summary() {
        return RowSummary.of(this);
    }

    /// @return its beginning, whole characters
    static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
