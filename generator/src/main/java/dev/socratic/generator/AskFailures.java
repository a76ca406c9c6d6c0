package dev.socratic.generator;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.generator.journal.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells a teacher that fails now and then from one that is not there.
///
/// After so many failures in a row the stage stops instead of failing a whole corpus, request by request. And a failure for good is believed
/// only once the teacher has answered something: a wrong model name makes every request fail for good, and a journal full of those would
/// outlive the mended name. Safe to call from any thread.
final class AskFailures {
    private final int mostInARow;
    private boolean trusted;
    private int inARow;
    private final List<Answered> unproven = new ArrayList<>();

    /// @param trusted whether the teacher has answered something in a run before
    AskFailures(int mostInARow, boolean trusted) {
        this.mostInARow = mostInARow;
        this.trusted = trusted;
    }

    /// @return the units that may go into the journal now
    synchronized List<Answered> proven(Answered answered) {
        inARow = answered.hasAnswer() ? 0 : inARow + 1;
        trusted |= answered.hasAnswer();
        if (answered.forGood()) {
            unproven.add(answered);
        }
        if (!trusted) {
            return List.of();
        }
        List<Answered> proven = List.copyOf(unproven);
        unproven.clear();
        return proven;
    }

    /// @return failures for good that were never believed; the next run asks again
    synchronized List<Answered> unproven() {
        return List.copyOf(unproven);
    }

    /// @return why to stop, if it is time to
    synchronized Optional<SocraticException> stop(Answered last) {
        if (inARow < mostInARow) {
            return Optional.empty();
        }
        String problem = last.outcomes().stream().filter(Failure.class::isInstance).map(Failure.class::cast).map(Failure::problem)
                .findFirst().orElse("");
        boolean temporary = last.outcomes().stream().anyMatch(AskFailures::isTemporary);
        String place = "teacher";
        String expected = "answers";
        String got = "%s failures in a row, the last: %s".formatted(inARow, problem);
        return Optional.of(temporary
                ? new RetryLaterException(place, expected, got, "what was answered is kept: run the same command again later")
                : new ConfigException(place, expected, got, "mend the config and run again: what was answered is kept"));
    }

    private static boolean isTemporary(GenerationOutcome outcome) {
        return outcome instanceof Failure f && f.temporary();
    }
}
