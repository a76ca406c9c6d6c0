package dev.socratic.generator.step;

import java.util.List;
import java.util.Map;

/// What a strategy does next.
public sealed interface Move {

    /// Asks, all at once; their replies are the next step of the history.
    ///
    /// @param queries at least one
    record Ask(List<Query> queries) implements Move {
        public Ask {
            queries = List.copyOf(queries);
            if (queries.isEmpty()) {
                throw new IllegalArgumentException("a step asks at least once; this is a bug, please report it");
            }
        }
    }

    /// The conversation is over.
    ///
    /// @param results at least one, so that no conversation ends without a trace
    /// @param figures what was counted on the way; the stage adds them up over all conversations
    record Done(List<Result> results, Map<String, Long> figures) implements Move {
        public Done {
            results = List.copyOf(results);
            figures = Map.copyOf(figures);
            if (results.isEmpty()) {
                throw new IllegalArgumentException(
                        "a conversation ends with a result; this is a bug, please report it");
            }
        }
    }

    static Move ask(Query... queries) {
        return new Ask(List.of(queries));
    }

    static Move done(Result... results) {
        return new Done(List.of(results), Map.of());
    }

    static Move done(List<Result> results) {
        return new Done(results, Map.of());
    }
}
