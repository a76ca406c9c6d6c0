package dev.socratic.review.index;

import java.util.Optional;
import java.util.function.LongPredicate;

/// What people said of rows, as the index asks for it: by the row's key, never stored in the index, so that a decision
/// holds at once for all that is searched, counted and sorted.
public interface People {
    /// @param word of `is:`: `decided`, `undecided`, `accepted`, `rejected`, `later`, `flagged`, `edited`, `conflict`
    /// @return empty where it is none of these
    Optional<LongPredicate> is(String word);

    /// @param field `decision`, `label`, `reviewer`, `note`
    /// @param value as it was written; `*` for any
    LongPredicate has(String field, String value);

    /// @return rows with a rating within
    LongPredicate rated(double low, double high);

    /// @return milliseconds of the latest decision; 0 where there is none
    long decidedAt(long key);

    /// @return whether nobody said anything
    boolean isEmpty();
}
