package dev.socratic.curator.config;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A step that chooses among rows that may all stay. None depends on the order of the rows, and each gives the same
/// choice for the same seed. How each chooses stands at the class that does it.
public sealed interface SelectionConfig extends StepConfig {
    /// At most so many rows a group.
    ///
    /// @param groups what makes a group
    /// @param most   rows of each
    /// @param order  which come first
    /// @param seed   of the draw
    record Quotas(@Inline Groups groups, int most, @Inline Order order, @Default("1") long seed)
            implements SelectionConfig {
        public Quotas {
            atLeastOne("most", most);
        }
    }

    /// Groups in fixed shares: as many rows as the scarcest allows.
    ///
    /// @param groups what makes a group
    /// @param shares by group, in any unit; left out, all groups have the same. Groups that are not named go
    /// @param rows   most rows in all; left out, as many as the shares allow
    /// @param order  which come first
    /// @param seed   of the draw
    record Mix(@Inline Groups groups, @Default("{}") Map<String, Double> shares, Optional<Integer> rows,
            @Inline Order order, @Default("1") long seed) implements SelectionConfig {
        public Mix {
            shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
            rows.ifPresent(most -> atLeastOne("rows", most));
            shares.forEach((group, share) -> {
                if (!(share > 0)) {
                    throw new IllegalArgumentException(
                            "shares.%s: above 0; got %s; leave the group out to drop it".formatted(group, share));
                }
            });
        }
    }

    /// As many rows as a number of tokens has room for.
    ///
    /// @param tokens    that are never exceeded
    /// @param tokenizer a key of the recipe's `models`, the student: tokens are its own, chat template included; left
    ///                  out, they are estimated from above, a third of the bytes
    /// @param order     which come first
    /// @param seed      of the draw
    record TokenBudget(long tokens, Optional<String> tokenizer, @Inline Order order, @Default("1") long seed)
            implements SelectionConfig {
        public TokenBudget {
            atLeastOne("tokens", tokens);
        }
    }

    /// Rows that leave no row of the corpus far from one that was chosen.
    ///
    /// @param rows that stay
    /// @param of   what rows are compared by
    /// @param seed of the first one
    record KCenter(int rows, @Default("both") TextPart of, @Default("1") long seed) implements SelectionConfig {
        public KCenter {
            atLeastOne("rows", rows);
        }
    }

    /// Rows that represent the corpus best.
    ///
    /// @param rows that stay
    /// @param of   what rows are compared by
    record FacilityLocation(int rows, @Default("both") TextPart of) implements SelectionConfig {
        public FacilityLocation {
            atLeastOne("rows", rows);
        }
    }

    /// The best rows that are not alike.
    ///
    /// @param rows      that stay
    /// @param by        scores of earlier steps, multiplied
    /// @param threshold highest cosine to a row chosen before
    /// @param of        what rows are compared by
    record Deita(int rows, @Default("[judge.complexity, judge.quality]") List<String> by,
            @Default("0.9") double threshold, @Default("both") TextPart of) implements SelectionConfig {
        public Deita {
            by = List.copyOf(by);
            atLeastOne("rows", rows);
            if (by.isEmpty()) {
                throw new IllegalArgumentException("by: at least one score; got none; write [judge.quality]");
            }
            if (!(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException(
                        "threshold: a cosine in [0, 1]; got %s; 0.9 is the paper's".formatted(threshold));
            }
        }
    }

    /// Hard, diverse and long rows.
    ///
    /// @param rows   that stay
    /// @param groups the domains
    /// @param solved a score of an earlier step, of which rows above `solvedAbove` go as too easy
    /// @param solvedAbove see `solved`
    /// @param seed   of the draws
    record S1(int rows, @Inline Groups groups, Optional<String> solved, @Default("0") double solvedAbove,
            @Default("1") long seed) implements SelectionConfig {
        public S1 {
            atLeastOne("rows", rows);
        }
    }

    /// What makes a group.
    ///
    /// @param by       a field of the row, `topic` or `meta.topic`; rows without it are a group of their own, `none`
    /// @param clusters so many groups of like rows instead
    record Groups(Optional<String> by, Optional<Integer> clusters) {
        public Groups {
            if (by.isPresent() == clusters.isPresent()) {
                throw new IllegalArgumentException("by and clusters: one of the two; got %s; write by: FIELD or "
                        .formatted(by.isPresent() ? "both" : "neither") + "clusters: 20");
            }
            clusters.ifPresent(number -> atLeastOne("clusters", number));
        }
    }

    /// Which rows come first.
    ///
    /// @param order `random`, `shortest`, `longest`, or a score of an earlier step, highest first (`judge.quality`) or
    ///              lowest first (`-perplexity.answer`); rows without it come last
    record Order(@Default("random") String order) {
        public Order {
            if (!order.matches("random|shortest|longest|-?[a-z0-9_]+[.][a-z0-9_.]+")) {
                throw new IllegalArgumentException(("order: random, shortest, longest or a score of an earlier step; "
                        + "got '%s'; write random, or STEP.SCORE as decisions.jsonl has it").formatted(order));
            }
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s: at least 1; got %s".formatted(name, value));
        }
    }
}
