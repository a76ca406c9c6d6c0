package dev.socratic.curator.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A line of `decisions.jsonl`: who said what of which rows, when, and what the same person had said before.
///
/// @param action   number of the action as text; an action on very many rows has several lines
/// @param at       ISO-8601, UTC
/// @param reviewer who
/// @param kind     what it is
/// @param ids      rows; of a ranking best first
/// @param after    what this reviewer says of each of them from now on
/// @param before   what this reviewer had said, of rows of which there was anything
/// @param origin   where it came from: `page`, `api`, `query`, `import`, `queue:random`; what a random sample is, is
///                 told by it
/// @param undoes   number of the action that is taken back
public record ReviewAction(String action, String at, String reviewer, Kind kind, List<String> ids,
        Optional<Opinion> after,
        Map<String, Opinion> before, String origin, Optional<String> undoes) {
    public ReviewAction {
        Objects.requireNonNull(action);
        Objects.requireNonNull(at);
        Objects.requireNonNull(reviewer);
        ids = List.copyOf(ids);
        before = Map.copyOf(before);
    }

    /// What an action does.
    public enum Kind {
        /// `after` holds for the rows.
        DECIDE,
        /// What `undoes` did is taken back.
        UNDO,
        /// The rows, answers to one question, are ranked.
        RANK
    }

    /// @return as a line holds it
    public ObjectNode json() {
        return (ObjectNode) Json.tree(this);
    }
}
