package dev.socratic.trainer.teacher;

import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Signals;
import java.util.List;
import java.util.Optional;

/// What the teachers say of a micro-batch.
///
/// @param outputs one a teacher, the largest first
/// @param signals of the first teacher's body, where it is a live one that was asked
/// @param tokens  how the teacher's tokens belong to the student's, where its tokenizer is another
public record TeacherPass(List<TeacherOutput> outputs, Optional<Signals> signals, Optional<TeacherTokens> tokens) {
    /// Nobody was asked.
    public static final TeacherPass NONE = new TeacherPass(List.of(), Optional.empty(), Optional.empty());

    public TeacherPass {
        outputs = List.copyOf(outputs);
    }

    /// @return of each teacher, what a chunk of the student's tokens is compared with
    public List<TeacherTarget> targets(ChunkedHead.Chunk chunk) {
        TeacherOutput.Rows rows = tokens.<TeacherOutput.Rows>map(theirs -> (all, part) -> {
            int[] range = theirs.range(part);
            return part.rows(all, range[0], range[1]);
        }).orElse((all, part) -> part.of(all));
        return outputs.stream().map(output -> output.target(chunk, rows)).toList();
    }

    /// @param end of a chunk
    /// @return where it may end: no aligned span is cut
    public int chunkEnd(int end) {
        return tokens.map(theirs -> theirs.alignment().chunkEnd(end)).orElse(end);
    }

    /// @param vocab width of the student's logits
    /// @return the widest logits of a chunk: with one tokenizer all are about as wide as the student's, with two the
    ///         teacher's may be much wider
    public int widest(int vocab) {
        return tokens.isEmpty() ? vocab : outputs.stream()
                .mapToInt(output -> output instanceof TeacherOutput.States states ? states.head().vocab() : 0)
                .reduce(vocab, Math::max);
    }
}
