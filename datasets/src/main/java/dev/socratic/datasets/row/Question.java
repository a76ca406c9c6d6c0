package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Something to ask a teacher. JSON names are in snake case; fields we do not know are kept in `extra` and written
/// back.
///
/// @param id       content hash of the question's text, so the same text always has the same id ([RowIds#question])
/// @param question the text
/// @param answer   gold final answer, where one is known
/// @param solution worked solution, where the source has one
/// @param source   where it comes from: a file name, `word_problems`, a hub id
/// @param licence  licence of the source, where stated
/// @param tags     free labels, such as the template's name or the split
public record Question(
        String id,
        String question,
        Optional<String> answer,
        Optional<String> solution,
        String source,
        Optional<String> licence,
        List<String> tags,
        Map<String, JsonNode> extra) {
    public Question {
        Objects.requireNonNull(id);
        Objects.requireNonNull(question);
        Objects.requireNonNull(answer);
        Objects.requireNonNull(solution);
        Objects.requireNonNull(source);
        Objects.requireNonNull(licence);
        tags = List.copyOf(tags);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /// A question with its id from its text and nothing else known.
    public static Question of(String question, Optional<String> answer, Optional<String> solution, String source) {
        return new Question(
                RowIds.question(question), question, answer, solution, source, Optional.empty(), List.of(), Map.of());
    }
}
