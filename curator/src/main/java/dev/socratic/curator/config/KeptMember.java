package dev.socratic.curator.config;

import java.util.Locale;
import java.util.Optional;

/// Which row of a cluster of duplicates stays. But for `first`, which means the order of the rows, the choice does not
/// depend on it: of equal rows the one with the least id stays.
public enum KeptMember {
    /// The one that came first.
    FIRST,
    /// Most characters of the text that is compared.
    LONGEST,
    /// Fewest characters.
    SHORTEST,
    /// The greatest score or field named by `score`; rows without it come last.
    BEST_SCORE,
    /// Most of a generated row's checks passed; a check that failed counts against it as much.
    MOST_VERIFIED;

    /// @return as in configs and files
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if a score is named that nobody looks at, or none where one is needed
    static void check(KeptMember keep, Optional<String> score) {
        if (keep == BEST_SCORE && score.isEmpty()) {
            throw new IllegalArgumentException("score: the score or field that 'keep: best_score' goes by; got none; "
                    + "write 'score: quality.reasoning.words', say, or 'score: reward'");
        }
        if (keep != BEST_SCORE && score.isPresent()) {
            throw new IllegalArgumentException("score: nothing with 'keep: %s'; got '%s'; write 'keep: best_score' or "
                    .formatted(keep.spelled(), score.get()) + "leave the score out");
        }
    }
}
