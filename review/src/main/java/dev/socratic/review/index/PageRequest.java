package dev.socratic.review.index;

import java.util.Optional;

/// Which rows of those a query finds are wanted.
///
/// @param q     as it was written
/// @param sort  `order`, `relevance`, `decided_at`, `random`, or the name of a number
/// @param down  largest first
/// @param seed  of `random`
/// @param size  most rows
/// @param from  rows to pass by
/// @param after as [RowPage#next] gave it
public record PageRequest(String q, String sort, boolean down, long seed, int size, int from,
        Optional<String> after) {
    public static PageRequest of(String q, int size) {
        return new PageRequest(q, "order", false, 0, size, 0, Optional.empty());
    }

    public PageRequest sorted(String by, long with) {
        return new PageRequest(q, by, down, with, size, from, after);
    }
}
