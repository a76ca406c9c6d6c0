package dev.socratic.core.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.ask.AskFailures.Unit;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AskFailuresTest {
    private static final Unit ANSWER =
            unit(new Completion("a", "yes", Optional.empty(), FinishReason.STOP, Usage.NONE));
    private static final Unit NEVER = unit(new Failure("n", "refused", false));
    private static final Unit LATER = unit(new Failure("l", "busy", true));
    private static final Unit NOTHING = new Unit(new int[0], List.of(), List.of());

    @Test
    void aFailureForGoodIsBelievedOnceTheModelHasAnswered() {
        AskFailures failures = new AskFailures(10, false);
        assertEquals(List.of(), failures.proven(NEVER, NEVER));
        assertEquals(List.of(NEVER), failures.unproven());
        assertEquals(List.of(NEVER, ANSWER), failures.proven(ANSWER, ANSWER), "the earlier one with it");
        assertEquals(List.of(), failures.unproven());
        assertEquals(List.of(NEVER), failures.proven(NEVER, NEVER));
        assertEquals(List.of(), failures.proven(LATER, NOTHING), "what fails for now is never kept");
    }

    @Test
    void aModelThatAnsweredInARunBeforeIsBelievedAtOnce() {
        assertEquals(List.of(NEVER), new AskFailures(10, true).proven(NEVER, NEVER));
    }

    @Test
    void soManyFailuresInARowEndTheAskingAndAnAnswerBeginsTheCountAnew() {
        AskFailures failures = new AskFailures(3, false);
        for (Unit unit : List.of(LATER, NEVER)) {
            failures.proven(unit, NOTHING);
            assertEquals(Optional.empty(), failures.stop(unit));
        }
        failures.proven(ANSWER, ANSWER);
        for (Unit unit : List.of(LATER, LATER)) {
            failures.proven(unit, NOTHING);
            assertEquals(Optional.empty(), failures.stop(unit));
        }
        failures.proven(LATER, NOTHING);
        assertEquals(Optional.of("3 failures in a row, the last: busy"), failures.stop(LATER));
    }

    @Test
    void failuresForGoodCountWhileTheModelHasNeverAnsweredAndThenNoMore() {
        AskFailures never = new AskFailures(2, false);
        never.proven(NEVER, NEVER);
        never.proven(NEVER, NEVER);
        assertEquals(Optional.of("2 failures in a row, the last: refused"), never.stop(NEVER));
        AskFailures trusted = new AskFailures(2, true);
        for (int i = 0; i < 5; i++) {
            trusted.proven(NEVER, NEVER);
            assertEquals(Optional.empty(), trusted.stop(NEVER));
        }
        trusted.proven(LATER, NOTHING);
        trusted.proven(NEVER, NEVER); // and one of them breaks a row of passing ones: the model is there
        trusted.proven(LATER, NOTHING);
        assertEquals(Optional.empty(), trusted.stop(LATER));
    }

    @Test
    void ofABatchOneAnswerIsEnough() {
        Unit mixed = unit(
                new Failure("l", "busy", true),
                new Completion("a", "yes", Optional.empty(), FinishReason.STOP, Usage.NONE));
        AskFailures failures = new AskFailures(1, false);
        failures.proven(mixed, ANSWER);
        assertEquals(Optional.empty(), failures.stop(mixed));
    }

    @Test
    void aBudgetThatIsNoneIsRefusedWhenItIsRead() {
        assertEquals("max_usd: at least 0; got -1.0", refused(Optional.of(-1.0), Optional.empty()));
        assertEquals("max_usd: at least 0; got NaN", refused(Optional.of(Double.NaN), Optional.empty()));
        assertEquals("max_tokens: at least 0; got -5", refused(Optional.empty(), Optional.of(-5L)));
        assertEquals(true, new BudgetConfig(Optional.of(0.0), Optional.empty()).limits());
        assertEquals(true, new BudgetConfig(Optional.empty(), Optional.of(0L)).limits());
        assertEquals(false, BudgetConfig.NONE.limits());
    }

    private static String refused(Optional<Double> usd, Optional<Long> tokens) {
        return assertThrows(IllegalArgumentException.class, () -> new BudgetConfig(usd, tokens)).getMessage();
    }

    private static Unit unit(GenerationOutcome... outcomes) {
        return new Unit(new int[outcomes.length], List.of(), List.of(outcomes));
    }
}
