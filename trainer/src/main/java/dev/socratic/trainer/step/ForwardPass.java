package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.loss.StepLoss;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One pass of a micro-batch through student and teacher.
interface ForwardPass {
    /// @param objective what is lost in this pass
    Result pass(StepLoss objective, Pass pass);

    /// @param student             what is changed inside the student
    /// @param teacher             what is changed inside the teacher
    /// @param studentTaps         what to hand out of the student, besides what the loss asks for
    /// @param teacherTaps         what to hand out of the teacher, likewise
    /// @param carriedLoss         what an earlier pass of the micro-batch left to go back with this one
    /// @param deferBackward       whether the way back is left to the next pass
    /// @param discardHeadGradient whether the head's gradient is thrown away
    record Pass(
            List<Change> student, List<Change> teacher, Set<Tap> studentTaps, Set<Tap> teacherTaps,
            Optional<NDArray> carriedLoss, boolean deferBackward, boolean discardHeadGradient) {
        static final Pass PLAIN = new Pass(List.of(), List.of(), Set.of(), Set.of(), Optional.empty(), false, false);

        /// @return a pass with a changed student alone
        static Pass of(List<Change> student) {
            return new Pass(student, List.of(), Set.of(), Set.of(), Optional.empty(), false, false);
        }
    }

    /// @param loss     over the vocabulary
    /// @param student  what came out, with its graph
    /// @param teacher  what came out, where a teacher ran
    /// @param deferred one number with its graph, where the way back was left to the next pass
    record Result(VocabularyHead.Loss loss, Signals student, Optional<Signals> teacher, Optional<NDArray> deferred) {}
}
