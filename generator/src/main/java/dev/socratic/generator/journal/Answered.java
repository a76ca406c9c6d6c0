package dev.socratic.generator.journal;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.Usage;
import java.util.List;

/// A finished unit.
///
/// @param key      the unit's content hash ([dev.socratic.generator.plan.Plan#key])
/// @param outcomes one per request, in the order of the requests
public record Answered(String key, List<GenerationOutcome> outcomes) {
    public Answered {
        outcomes = List.copyOf(outcomes);
    }

    /// @return whether asking again would change nothing: every request has an answer, or a failure that is for good
    public boolean forGood() {
        return outcomes.stream().noneMatch(o -> o instanceof Failure f && f.temporary());
    }

    /// @return whether the teacher answered anything
    public boolean hasAnswer() {
        return outcomes.stream().anyMatch(Completion.class::isInstance);
    }

    /// @return what it took
    public Usage usage() {
        return outcomes.stream()
                .map(o -> switch (o) {
                    case Completion c -> c.usage();
                    case Failure f -> Usage.NONE;
                })
                .reduce(Usage.NONE, Usage::plus);
    }
}
