package dev.socratic.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.decoder.Signals;
import dev.socratic.models.decoder.Tap;
import dev.socratic.trainer.kernel.Places;
import java.util.Optional;
import java.util.Set;

/// A loss over what happens inside the body, over a whole micro-batch.
public interface BodyLoss {
    /// @return what the student's forward pass is to hand out
    Set<Tap> studentTaps();

    /// @return what the teacher's is
    Set<Tap> teacherTaps();

    /// @return its share of the step's loss, weighted and divided: one number with its graph; nothing where every weight is 0 now
    Optional<NDArray> loss(Body body);

    /// @param student     with its graph
    /// @param teacher     without
    /// @param places      where predictions count
    /// @param stepTokens  counting positions of the whole step
    /// @param stepSamples samples of the whole step that have any
    record Body(Signals student, Signals teacher, Head teacherHead, Places places, int stepTokens, int stepSamples) {}
}
