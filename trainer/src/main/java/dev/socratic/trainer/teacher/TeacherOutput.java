package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Head;

/// What one teacher says of the loss tokens of a micro-batch, before it is written out: `[tokens, vocab]` is made for
/// a chunk of tokens at a time.
public sealed interface TeacherOutput permits TeacherOutput.States, StoredOutput, ServedOutput,
        TeacherOutput.NotAsked {
    /// Final hidden states of a live one.
    ///
    /// @param hidden `[tokens, hidden]`, of the teacher's own tokens where its tokenizer is another
    record States(NDArray hidden, Head head) implements TeacherOutput {}

    /// No row learns from it, so nothing was computed.
    record NotAsked() implements TeacherOutput {}

    /// @param chunk of the student's tokens
    /// @param rows  the teacher's tokens of that chunk: where it stands in the states
    /// @return what the chunk is compared with; arrays belong to the chunk's scope
    default TeacherTarget target(ChunkedHead.Chunk chunk, Rows rows) {
        return switch (this) {
            case States states -> {
                NDArray logits = states.head().frozen(rows.of(states.hidden(), chunk)); // [chunk, vocab]
                logits.attach(chunk.scope());
                yield new TeacherTarget.Logits(logits);
            }
            case StoredOutput stored -> stored.target(chunk.from(), chunk.to(), chunk.scope());
            case ServedOutput served -> served.target(chunk.from(), chunk.to(), chunk.scope());
            case NotAsked ignored -> new TeacherTarget.NotAsked();
        };
    }

    /// Rows of an array of a teacher's tokens that belong to a chunk of the student's.
    @FunctionalInterface
    interface Rows {
        NDArray of(NDArray all, ChunkedHead.Chunk chunk);
    }
}
