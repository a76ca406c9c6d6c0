package dev.socratic.eval.judged;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.datasets.answer.ReasoningSplit;
import java.util.Optional;

/// A judged task made ready: everything that can be wrong with config or files has shown.
interface JudgedWork {
    /// Asks what nobody has answered yet, and scores.
    JudgedResult ask(Panel panel) throws InterruptedException;

    /// What a judge, a student or the next turn sees of an answer: all behind its reasoning ([ReasoningSplit]).
    ///
    /// @return empty where there is no answer
    static Optional<String> spoken(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Completion done
                ? Optional.of(ReasoningSplit.of(done.text()).answer()) : Optional.empty();
    }

    /// @return why there is no answer
    static String problem(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Failure failed ? failed.problem() : "";
    }
}
