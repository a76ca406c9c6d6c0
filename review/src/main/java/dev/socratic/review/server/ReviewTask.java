package dev.socratic.review.server;

import dev.socratic.core.error.ConfigException;
import java.util.HashSet;
import java.util.List;

/// What reviewers are asked for beside accept and reject.
///
/// @param labels     what a row, or a part of one, may be called; the first nine have the digits as keys
/// @param guidelines Markdown that the page shows; empty where there are none
public record ReviewTask(List<String> labels, String guidelines) {
    /// Ratings go from 1 to this.
    static final int RATINGS = 5;
    static final ReviewTask PLAIN = new ReviewTask(List.of(), "");

    /// @throws ConfigException if a label is blank or named twice
    public ReviewTask {
        labels = List.copyOf(labels);
        if (labels.stream().anyMatch(String::isBlank) || new HashSet<>(labels).size() < labels.size()) {
            throw new ConfigException("--label", "names that differ, none of them blank", "'%s'".formatted(
                    String.join("', '", labels)), "write each label once, as in --label wrong --label unclear");
        }
    }
}
