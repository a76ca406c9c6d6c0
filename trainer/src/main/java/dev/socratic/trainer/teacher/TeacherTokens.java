package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.trainer.data.align.TokenAlignment;

/// Where a teacher reads the text as other tokens: those of it that predict something that counts.
///
/// @param alignment how they belong to the student's
/// @param labels    the token that follows for the teacher, `[its tokens]`, int64
public record TeacherTokens(TokenAlignment alignment, NDArray labels) {
    /// @return those that belong to the student's tokens of a chunk
    public TeacherTokens of(ChunkedHead.Chunk chunk) {
        int[] range = range(chunk);
        return new TeacherTokens(alignment.slice(chunk.from(), chunk.to(), range),
                chunk.rows(labels, range[0], range[1]));
    }

    /// @return the first of them, and the one behind the last
    int[] range(ChunkedHead.Chunk chunk) {
        return alignment.teacherRange(chunk.from(), chunk.to());
    }
}
