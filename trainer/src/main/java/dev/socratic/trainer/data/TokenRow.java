package dev.socratic.trainer.data;

import java.util.List;
import java.util.Optional;

/// A row as the student's tokenizer has it; or a pair of rows to one prompt, which are never parted.
///
/// Example: the prompt `[7, 8]` with the answer `[9, 2]` is `ids = [7, 8, 9, 2]`, `lossMask = [-, -, +, +]`: two loss
/// tokens, predicted from the inputs `[7, 8]` and `[7, 8, 9]`. The last token is no input.
///
/// @param ids         its tokens
/// @param lossMask    for each token, whether predicting it from those before it is part of the loss; never true for
///                    the first, which nothing predicts
/// @param teacherRow  the same row in the teacher's tokenization, where its tokenizer is another
/// @param rejected    the second row of a pair: the rejected answer, or the student's own beside the data's (as
///                    DistiLLM-2's code names the two); this row is the chosen one then
/// @param oldLogProbs log-probability of each loss token when it was sampled, where the student has moved on since
/// @param teacher     number of the teacher its tag names, where rows have tags
/// @param graded      what an answer of the student's was found worth, where it was verified
/// @param number      number of the row of the data, from 0, that it is, or whose prompt it answers; [#NONE] of others
public record TokenRow(int[] ids, boolean[] lossMask, Optional<TeacherRow> teacherRow, Optional<TokenRow> rejected,
        Optional<float[]> oldLogProbs, int teacher, Optional<Graded> graded, int number) {
    /// The number of a row that is in no data.
    public static final int NONE = -1;

    public TokenRow(int[] ids, boolean[] lossMask, Optional<TeacherRow> teacherRow, Optional<TokenRow> rejected) {
        this(ids, lossMask, teacherRow, rejected, Optional.empty(), 0, Optional.empty(), NONE);
    }

    public TokenRow(int[] ids, boolean[] lossMask, Optional<TeacherRow> teacherRow) {
        this(ids, lossMask, teacherRow, Optional.empty());
    }

    public TokenRow {
        if (ids.length != lossMask.length) {
            throw new IllegalArgumentException(
                    "ids and loss mask must be equally long; got %s and %s".formatted(ids.length, lossMask.length));
        }
    }

    public TokenRow(int[] ids, boolean[] lossMask) {
        this(ids, lossMask, Optional.empty(), Optional.empty());
    }

    /// @return the same row with another answer beside it
    public TokenRow withRejected(TokenRow second) {
        return new TokenRow(ids, lossMask, teacherRow, Optional.of(second), oldLogProbs, teacher, graded, number);
    }

    /// @return the same row drawn by these log-probabilities
    public TokenRow withOldLogProbs(Optional<float[]> logs) {
        return new TokenRow(ids, lossMask, teacherRow, rejected, logs, teacher, graded, number);
    }

    /// @return the same row with what it was found worth
    public TokenRow withGraded(Optional<Graded> worth) {
        return new TokenRow(ids, lossMask, teacherRow, rejected, oldLogProbs, teacher, worth, number);
    }

    /// @return the same row, or both, for another teacher
    public TokenRow withTeacher(int which) {
        return new TokenRow(ids, lossMask, teacherRow, rejected.map(second -> second.withTeacher(which)), oldLogProbs,
                which, graded, number);
    }

    /// @return the same row, or both, known by this number of the data
    public TokenRow withNumber(int which) {
        return new TokenRow(ids, lossMask, teacherRow, rejected.map(second -> second.withNumber(which)), oldLogProbs,
                teacher, graded, which);
    }

    /// @return the same row without the one beside it
    TokenRow withoutRejected() {
        return new TokenRow(ids, lossMask, teacherRow, Optional.empty(), oldLogProbs, teacher, graded, number);
    }

    /// @return this row, and the one beside it
    public List<TokenRow> answers() {
        return rejected.map(second -> List.of(this, second)).orElseGet(() -> List.of(this));
    }

    /// @return input tokens: all but the last, from which nothing is predicted; of two rows, the longer one's
    public int inputLength() {
        return Math.max(ids.length - 1, rejected.map(TokenRow::inputLength).orElse(0));
    }

    /// @return the first token that is part of the loss, before which the prompt ends; the number of tokens where
    ///         none is
    public int promptLength() {
        int i = 0;
        while (i < lossMask.length && !lossMask[i]) {
            i++;
        }
        return i;
    }

    /// @return how many of its tokens are part of the loss
    public int lossTokens() {
        int n = 0;
        for (boolean each : lossMask) {
            n += each ? 1 : 0;
        }
        return n;
    }

    /// @return this row with another tokenization beside it
    public TokenRow withTeacherRow(TeacherRow reading) {
        return new TokenRow(ids, lossMask, Optional.of(reading), rejected, oldLogProbs, teacher, graded, number);
    }
}
