package dev.socratic.trainer.plan.memory;

import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.DecoderMemory;
import dev.socratic.trainer.objective.Objective;
import java.util.List;

/// What is lost over the vocabulary takes: arrays of `[chunk, vocab]`, float32, of one chunk at a time.
///
/// @param vocab    width of the student's logits
/// @param teachers that are in memory
/// @param tokens   of a micro-batch that may be in the loss
record LogitMemory(Objective objective, long vocab, List<DecoderMemory> teachers, long tokens) {
    /// Logits, their logarithms, and the gradients of both.
    private static final int OF_LABELS = 4;
    /// Besides, for each teacher: its logits, their logarithms before and behind the bound, the share of each entry.
    private static final int OF_TEACHER = 4;

    /// @return most bytes of a chunk
    long bytes() {
        long widest = Math.max(vocab, teachers.stream().mapToLong(one -> one.config().vocab()).max().orElse(0));
        long rows = Math.min(tokens, Math.max(1, ChunkedHead.LOGITS / widest));
        long arrays = OF_LABELS + (long) OF_TEACHER * Math.max(teachers.size(), objective.needsTeacher() ? 1 : 0)
                + (objective.needsReference() ? OF_TEACHER : 0);
        return Float.BYTES * arrays * rows * widest;
    }

    /// @return numbers of the teachers' final states
    long teacherStates() {
        return teachers.stream().mapToLong(one -> tokens * one.config().hidden()).sum();
    }
}
