package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.TokenPairing;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Two sides of different tokenizers brought to equal rows and columns, for one chunk.
///
/// Rows are joined by the view that says so (`spans`, `align_vocab`); a term without one compares the i-th token of a
/// turn with the i-th, as ULD does.
///
/// @param vocabulary which entries mean the same
/// @param chunk      with a twin
record AlignedSides(Kernel kernel, VocabularyAlignment vocabulary, TokenChunk chunk) {

    private TokenAlignment join() {
        return chunk.theirs().orElseThrow().alignment();
    }

    private NDManager scope() {
        return chunk.logits().getManager();
    }

    /// @return the teacher's logits without the padding of its embedding, `[their tokens, their vocab]`
    NDArray teacher() {
        NDArray theirs = chunk.teacherLogits(0);
        int entries = vocabulary.teacherSize();
        return theirs.getShape().get(1) == entries ? theirs : kernel.call("columns", theirs, entries);
    }

    /// @return the student tokens that the term's items stand for, in order
    long[] tokens(Term term) {
        return switch (term.pairing()) {
            case PLACES -> longs(join().withPosition());
            case SPANS -> longs(last(join().studentSpan()));
            case WARPING, ATTENTION -> IntStream.range(0, join().studentSpan().length).asLongStream().toArray();
        };
    }

    /// @return the sides as the first view finds them
    Sides start(Term term, Sides sides) {
        if (term.pairing() != TokenPairing.PLACES) {
            return sides;
        }
        int[] mine = join().withPosition();
        int[] theirs = Arrays.stream(mine).map(i -> join().byPosition()[i]).toArray();
        return sides.with(kernel.call("rows", sides.student(), array(mine)),
                kernel.call("rows", sides.other(), array(theirs)));
    }

    /// `[tokens, vocab]` on each side to `[spans, vocab]`.
    Sides spans(Sides sides) {
        return sides.with(
                merged(sides.student(), chunk.labels(), join().studentSpan()),
                merged(sides.other(), chunk.theirs().orElseThrow().labels(), join().teacherSpan()));
    }

    private NDArray merged(NDArray probabilities, NDArray labels, int[] span) {
        NDArray ends = kernel.call("rows", probabilities, array(last(span)));
        int[] leading = IntStream.range(0, span.length)
                .filter(i -> span[i] >= 0 && i + 1 < span.length && span[i + 1] == span[i]).toArray();
        return leading.length == 0
                ? ends
                : kernel.call("led_to", ends, probabilities, labels, array(leading),
                        array(Arrays.stream(leading).map(i -> span[i]).toArray()));
    }

    Sides agreeing(Sides sides) {
        return entries(sides, vocabulary.student(), vocabulary.teacher());
    }

    Sides differing(Sides sides) {
        return entries(sides, vocabulary.studentRest(), vocabulary.teacherRest());
    }

    /// Nothing where one side has none.
    private Sides entries(Sides sides, long[] mine, long[] theirs) {
        if (mine.length == 0 || theirs.length == 0) {
            return sides.with(kernel.call("blank_column", sides.student()),
                    kernel.call("blank_column", sides.other()));
        }
        return sides.with(
                kernel.call("entries", sides.student(), scope().create(mine)),
                kernel.call("entries", sides.other(), scope().create(theirs)));
    }

    /// The teacher's side to `[tokens, vocab]` of the student; the label where a token has no partner.
    Sides aligned(Sides sides) {
        int[] warped = join().byWarping();
        boolean[] matched = new boolean[warped.length];
        for (int i = 0; i < matched.length; i++) {
            matched[i] = warped[i] >= 0;
        }
        // [tokens, their vocab]
        NDArray rows = kernel.call("rows", sides.other(),
                array(Arrays.stream(warped).map(row -> Math.max(0, row)).toArray()));
        NDArray known = scope()
                .create(longs(Arrays.stream(vocabulary.nearest().get()).map(id -> Math.max(0, id)).toArray()));
        return sides.with(
                sides.student(),
                kernel.call("aligned", Arg.of(rows), Arg.of(known), Arg.of(scope().create(matched)),
                        Arg.of(chunk.labels()), Arg.of(vocabulary.studentSize())));
    }

    private static int[] last(int[] span) {
        return IntStream.range(0, span.length)
                .filter(i -> span[i] >= 0 && (i + 1 == span.length || span[i + 1] != span[i])).toArray();
    }

    private NDArray array(int[] numbers) {
        return scope().create(longs(numbers));
    }

    private static long[] longs(int[] numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }
}
