package dev.socratic.core.ask;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells a model that fails now and then from one that is not there.
///
/// A failure for good is believed only once the model has answered something: a wrong model name makes every request
/// fail for good, and a journal full of those would outlive the mended name. And after so many failures in a row
/// asking stops, instead of failing a whole corpus request by request: of any kind while the model has never
/// answered, of the passing kind always. Failures for good of a model that does answer are the requests' own, however
/// many come in a row. Safe to call from any thread.
final class AskFailures {
    private final int mostInARow;
    private boolean trusted;
    private int inARow;
    private final List<Unit> unproven = new ArrayList<>();

    /// Requests that were asked together and what became of them.
    ///
    /// @param numbers of the requests in their plan
    /// @param keys    of the requests
    record Unit(int[] numbers, List<String> keys, List<GenerationOutcome> outcomes) {
        boolean hasAnswer() {
            return outcomes.stream().anyMatch(Completion.class::isInstance);
        }

        boolean forGood() {
            return outcomes.stream().noneMatch(o -> o instanceof Failure f && f.temporary());
        }

        String problem() {
            return outcomes.stream()
                    .flatMap(o -> o instanceof Failure f ? Stream.of(f.problem()) : Stream.empty())
                    .findFirst()
                    .orElse("");
        }
    }

    /// @param trusted whether the model has answered something in a run before
    AskFailures(int mostInARow, boolean trusted) {
        this.mostInARow = mostInARow;
        this.trusted = trusted;
    }

    /// @param unit    what has come
    /// @param settled those of its requests that have a final outcome
    /// @return what may be kept now
    synchronized List<Unit> proven(Unit unit, Unit settled) {
        trusted |= unit.hasAnswer();
        boolean counts = !unit.hasAnswer() && (!trusted || !unit.forGood());
        inARow = counts ? inARow + 1 : 0;
        if (!settled.outcomes().isEmpty()) {
            unproven.add(settled);
        }
        if (!trusted) {
            return List.of();
        }
        List<Unit> proven = List.copyOf(unproven);
        unproven.clear();
        return proven;
    }

    /// @return failures for good that were never believed; the next run asks again
    synchronized List<Unit> unproven() {
        return List.copyOf(unproven);
    }

    /// @return why to stop, if it is time to
    synchronized Optional<String> stop(Unit last) {
        return inARow < mostInARow
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%d failures in a row, the last: %s", inARow, last.problem()));
    }
}
