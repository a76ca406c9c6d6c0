package dev.socratic.trainer.data.align;

import java.util.Arrays;

/// A text cut wherever both tokenisations end a token: the smallest stretches that hold whole tokens on both sides.
///
/// The cut follows Patiño et al. 2025 (GOLD, byte offsets in TRL's code), over characters: a token that ends inside a
/// character is no place to cut. What is before the first common start or behind the last common end belongs to no
/// span.
///
/// @param student for each of its tokens, the number of its span, or [#NONE]
/// @param teacher the same
/// @param count   how many spans
public record AlignedSpans(int[] student, int[] teacher, int count) {
    public static final int NONE = -1;

    public static AlignedSpans of(TokenOffsets student, TokenOffsets teacher) {
        int[] mine = filled(student.size());
        int[] theirs = filled(teacher.size());
        int count = 0;
        boolean whole = student.size() > 0 && teacher.size() > 0 && student.starts()[0] == teacher.starts()[0];
        int from = 0;
        int fromTheirs = 0;
        int i = behind(student, 0);
        int j = behind(teacher, 0);
        while (i < student.size() && j < teacher.size()) {
            int end = student.ends()[i];
            int endTheirs = teacher.ends()[j];
            if (end < endTheirs) {
                i = behind(student, i + 1);
            } else if (end > endTheirs) {
                j = behind(teacher, j + 1);
            } else {
                if (whole) {
                    Arrays.fill(mine, from, i + 1, count);
                    Arrays.fill(theirs, fromTheirs, j + 1, count++);
                }
                whole = true;
                from = i + 1;
                fromTheirs = j + 1;
                i = behind(student, from);
                j = behind(teacher, fromTheirs);
            }
        }
        return new AlignedSpans(mine, theirs, count);
    }

    /// @return the first token from `i` on behind which the text may be cut; the number of tokens where there is none
    private static int behind(TokenOffsets pieces, int i) {
        int at = i;
        while (at < pieces.size() && !pieces.boundary(at)) {
            at++;
        }
        return at;
    }

    private static int[] filled(int length) {
        int[] all = new int[length];
        Arrays.fill(all, NONE);
        return all;
    }
}
