package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.teacher.TeacherTarget;
import dev.socratic.trainer.teacher.TeacherTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Some loss tokens of a micro-batch, and everything a term over logits reads about them.
///
/// @param logits   the student's, `[tokens, vocab]`, float32, without graph; may be overwritten
/// @param labels   the token that follows in the data, `[tokens]`, int64
/// @param teachers what each teacher says of them, the largest first
/// @param theirs   where the teacher reads the text as other tokens, how they belong to the student's
/// @param context  what else is known about each
public record TokenChunk(NDArray logits, NDArray labels, List<TeacherTarget> teachers, Optional<TeacherTokens> theirs,
        LossContext context) {
    public TokenChunk {
        teachers = List.copyOf(teachers);
    }

    /// Of live teachers with the student's tokens.
    public TokenChunk(NDArray logits, NDArray labels, List<NDArray> teacherLogits) {
        this(logits, labels, teacherLogits.stream().<TeacherTarget>map(TeacherTarget.Logits::new).toList(),
                Optional.empty(), LossContext.NONE);
    }

    /// @param number of a teacher whose distributions are whole
    /// @return its logits, `[tokens, vocab]`
    NDArray teacherLogits(int number) {
        return switch (teachers.get(number)) {
            case TeacherTarget.Logits whole -> whole.logits();
            case TeacherTarget.Partial ignored ->
                    throw new IllegalStateException("a term that reads whole distributions, of a store with parts");
            case TeacherTarget.Named ignored ->
                    throw new IllegalStateException("a term that reads whole distributions, of a served teacher");
            case TeacherTarget.NotAsked ignored ->
                    throw new IllegalStateException("a term of a teacher that no row learns from");
        };
    }

    /// @param columns cuts logits
    /// @param now     the labels among the columns that are left
    /// @return the same over fewer ids
    TokenChunk cut(UnaryOperator<NDArray> columns, NDArray now) {
        List<TeacherTarget> fewer = teachers.stream().<TeacherTarget>map(teacher -> switch (teacher) {
            case TeacherTarget.Logits whole -> new TeacherTarget.Logits(columns.apply(whole.logits()));
            case TeacherTarget.Partial partial -> partial;
            case TeacherTarget.Named named -> named;
            case TeacherTarget.NotAsked none -> none;
        }).toList();
        return new TokenChunk(columns.apply(logits), now, fewer, Optional.empty(), context);
    }
}
