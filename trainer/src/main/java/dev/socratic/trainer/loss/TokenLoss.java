package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.teacher.PartialDistribution;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A loss over the vocabulary, token by token: the border between the loop and the objectives.
///
/// Losses come unreduced; masking happened before (only counting tokens arrive) and dividing happens in the loop,
/// through `scale`.
public interface TokenLoss {

    /// @param chunk what is known about the tokens
    /// @param scale 1 / number of counting tokens of the whole optimiser step
    /// @return losses and their gradient; arrays belong to the manager of `chunk.logits()`
    LossGradient lossAndGradient(Chunk chunk, float scale);

    /// @return whether anything is lost over the vocabulary at all; otherwise [#lossAndGradient] is not called
    default boolean readsLogits() {
        return true;
    }

    /// @return whether anything is compared with what a teacher says or does: otherwise none runs
    default boolean readsTeacher() {
        return true;
    }

    /// @return what is changed inside the models while this is lost
    default Optional<Editing> editing() {
        return Optional.empty();
    }

    /// @return what is lost inside the body besides
    default Optional<FeatureLoss> featureLoss() {
        return Optional.empty();
    }

    /// @return what is lost over whole answers besides
    default Optional<SequenceLoss> sequenceLoss() {
        return Optional.empty();
    }

    /// @param teacher its number, 0 for the first
    /// @return whether anything of these rows is compared with it; otherwise it need not be asked
    default boolean needsTeacher(int teacher, MicroBatch batch) {
        return true;
    }

    /// @return how much each of several teachers counts, where a term knows that of whole samples only
    default Optional<TeacherWeights> teacherWeights() {
        return Optional.empty();
    }

    /// @return whether any term reads the student's start
    default boolean readsStart() {
        return false;
    }

    /// Some counting tokens of a micro-batch.
    ///
    /// @param logits        the student's, `[tokens, vocab]`, float32, without graph; may be overwritten
    /// @param labels        the token that follows in the data, `[tokens]`, int64
    /// @param teacher       the teacher's logits, `[tokens, vocab]`, float32; an empty list where there is no
    ///                      teacher, one entry a teacher that is not among `kept`, in order
    /// @param partial       of teachers without logits here, by their number, what a store kept of their
    ///                      distributions
    /// @param teacherTokens where the teacher reads the text as other tokens, how they belong to the student's
    /// @param context       what else is known about each
    record Chunk(NDArray logits, NDArray labels, List<NDArray> teacher, Map<Integer, PartialDistribution> partial,
            Optional<TeacherTokens> teacherTokens,
            LossContext context) {
        public Chunk(NDArray logits, NDArray labels, List<NDArray> teacher) {
            this(logits, labels, teacher, Map.of(), Optional.empty(), LossContext.NONE);
        }

        public Chunk(NDArray logits, NDArray labels, List<NDArray> teacher, Map<Integer, PartialDistribution> partial,
                Optional<TeacherTokens> teacherTokens) {
            this(logits, labels, teacher, partial, teacherTokens, LossContext.NONE);
        }

        /// @return how many teachers there are
        public int teachers() {
            return teacher.size() + partial.size();
        }

        /// @param number of a teacher that is not among `kept`
        /// @return its logits
        public NDArray teacher(int number) {
            return teacher.get(number - (int) partial.keySet().stream().filter(other -> other < number).count());
        }

        /// @param alignment of the tokens of the chunk
        /// @param labels    the token that follows for the teacher, `[its tokens]`, int64
        public record TeacherTokens(TokenAlignment alignment, NDArray labels) {}
    }

    /// @param losses   `[tokens]`, nats, not scaled
    /// @param gradient `[tokens, vocab]`, of `scale * sum(losses)` in the student's logits
    /// @param correct  how many labels were the student's most likely token
    record LossGradient(NDArray losses, NDArray gradient, long correct) {}
}
