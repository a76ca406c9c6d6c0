package dev.socratic.trainer.data.align;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which loss tokens of two tokenizations of one text belong together, in a row, a micro-batch or a chunk of one.
///
/// Tokens are numbered among the loss tokens, on each side by itself; [AlignedSpans#NONE] (-1) where there is no
/// partner. Example: `Hello world` as the student's `[Hello, _wor, ld]` and as the teacher's `[Hel, lo, _world]`:
/// both end a token behind `Hello` and behind `world`, so there are 2 spans, `studentSpan = [0, 1, 1]`, `teacherSpan
/// = [0, 0, 1]`, and `byPosition = [0, 1, 2]`.
///
/// @param studentSpan for each student token the number of its span; spans ascend
/// @param teacherSpan the same of the teacher's
/// @param spans       how many
/// @param byPosition  for each student token the teacher's at the same position of the turn, by count
/// @param byWarping   for each student token the teacher's by least edit distance ([DynamicTimeWarping]); all without
///                    partner where no term matches so
public record TokenAlignment(int[] studentSpan, int[] teacherSpan, int spans, int[] byPosition, int[] byWarping) {

    /// @param tokens that are the same on both sides
    /// @return each a span of its own
    public static TokenAlignment oneByOne(int tokens) {
        int[] same = IntStream.range(0, tokens).toArray();
        return new TokenAlignment(same, same, tokens, same, same);
    }

    /// @param alignments of rows, which follow each other
    public static TokenAlignment concat(List<TokenAlignment> alignments) {
        int mine = alignments.stream().mapToInt(alignment -> alignment.studentSpan.length).sum();
        int theirs = alignments.stream().mapToInt(alignment -> alignment.teacherSpan.length).sum();
        TokenAlignment all = new TokenAlignment(new int[mine], new int[theirs],
                alignments.stream().mapToInt(TokenAlignment::spans).sum(),
                new int[mine], new int[mine]);
        int i = 0;
        int j = 0;
        int span = 0;
        for (TokenAlignment one : alignments) {
            put(one.studentSpan, all.studentSpan, i, span);
            put(one.teacherSpan, all.teacherSpan, j, span);
            put(one.byPosition, all.byPosition, i, j);
            put(one.byWarping, all.byWarping, i, j);
            i += one.studentSpan.length;
            j += one.teacherSpan.length;
            span += one.spans;
        }
        return all;
    }

    private static void put(int[] from, int[] to, int at, int shift) {
        for (int i = 0; i < from.length; i++) {
            to[at + i] = from[i] < 0 ? AlignedSpans.NONE : from[i] + shift;
        }
    }

    /// @param token of the student
    /// @return whether a span ends with it
    public boolean endsSpan(int token) {
        return studentSpan[token] >= 0
                && (token + 1 == studentSpan.length || studentSpan[token + 1] != studentSpan[token]);
    }

    /// @return a place for the end of a chunk of student tokens that cuts no span: `to`, or the next one behind it
    public int chunkEnd(int to) {
        int end = to;
        while (end < studentSpan.length && studentSpan[end] >= 0 && studentSpan[end] == studentSpan[end - 1]) {
            end++;
        }
        return end;
    }

    /// The teacher's tokens that those of a chunk have to do with.
    ///
    /// @param from first student token of the chunk
    /// @param to   behind its last
    /// @return first and behind the last; at least one token
    public int[] teacherRange(int from, int to) {
        int first = Integer.MAX_VALUE;
        int last = AlignedSpans.NONE;
        int least = Integer.MAX_VALUE;
        int most = AlignedSpans.NONE;
        for (int i = from; i < to; i++) {
            first = studentSpan[i] < 0 ? first : Math.min(first, studentSpan[i]);
            last = Math.max(last, studentSpan[i]);
            for (int partner : new int[] {byPosition[i], byWarping[i]}) {
                least = partner < 0 ? least : Math.min(least, partner);
                most = Math.max(most, partner);
            }
        }
        for (int j = 0; j < teacherSpan.length; j++) {
            if (teacherSpan[j] >= first && teacherSpan[j] <= last) {
                least = Math.min(least, j);
                most = Math.max(most, j);
            }
        }
        return most < 0 ? new int[] {0, 1} : new int[] {least, most + 1};
    }

    /// @param from   first student token, as [#chunkEnd] gave the end of the chunk before
    /// @param to     behind its last
    /// @param theirs first of the teacher's, and behind the last, as [#teacherRange] gives them
    /// @return the same, numbered from the chunk's first tokens and span
    public TokenAlignment slice(int from, int to, int[] theirs) {
        int[] mine = Arrays.copyOfRange(studentSpan, from, to);
        int first = Arrays.stream(mine).filter(span -> span >= 0).min().orElse(0);
        int behind = Arrays.stream(mine).max().orElse(AlignedSpans.NONE) + 1;
        int[] other = Arrays.copyOfRange(teacherSpan, theirs[0], theirs[1]);
        for (int j = 0; j < other.length; j++) {
            other[j] = other[j] < first || other[j] >= behind ? AlignedSpans.NONE : other[j];
        }
        return new TokenAlignment(
                moved(mine, first), moved(other, first), Math.max(0, behind - first),
                moved(Arrays.copyOfRange(byPosition, from, to), theirs[0]),
                moved(Arrays.copyOfRange(byWarping, from, to), theirs[0]));
    }

    private static int[] moved(int[] numbers, int by) {
        return Arrays.stream(numbers).map(n -> n < 0 ? AlignedSpans.NONE : n - by).toArray();
    }

    /// @return for each student token whether it has a partner by count
    public int[] withPosition() {
        return IntStream.range(0, byPosition.length).filter(i -> byPosition[i] >= 0).toArray();
    }
}
