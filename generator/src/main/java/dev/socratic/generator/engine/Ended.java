package dev.socratic.generator.engine;

import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.strategy.Strategy;
import java.util.Optional;

/// A conversation that goes on no further in this run.
///
/// @param scene how far it came
/// @param end   how it ended
record Ended(Strategy strategy, Scene scene, End end) {

    /// How a conversation ends.
    sealed interface End {
        /// By itself.
        record Over(Move.Done done) implements End {}

        /// Without an answer that it needed.
        ///
        /// @param temporary whether the next run goes on with it
        record Unanswered(String problem, boolean temporary) implements End {}
    }

    static Ended over(Strategy strategy, Scene scene, Move.Done done) {
        return new Ended(strategy, scene, new End.Over(done));
    }

    static Ended unanswered(Strategy strategy, Scene scene, String problem, boolean temporary) {
        return new Ended(strategy, scene, new End.Unanswered(problem, temporary));
    }

    /// @return whether it is still to be gone on with
    boolean open() {
        return end instanceof End.Unanswered none && none.temporary();
    }

    Optional<Move.Done> done() {
        return end instanceof End.Over over ? Optional.of(over.done()) : Optional.empty();
    }
}
