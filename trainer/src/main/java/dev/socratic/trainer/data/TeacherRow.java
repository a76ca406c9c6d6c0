package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.data.align.TokenAlignment;
import java.util.Arrays;
import java.util.Optional;

/// A row as the teacher reads it, where its tokenizer or its prompt is another than the student's.
///
/// @param row       the teacher's tokens
/// @param alignment how loss tokens belong to the student's
/// @param source    what both have read, where it may be asked for again
public record TeacherRow(TokenRow row, TokenAlignment alignment, Optional<Example> source) {
    /// Another prompt before the same answer, in the same tokens.
    ///
    /// @param prompt of the teacher
    /// @param own    the student's row, whose tokens from the first loss token on stand behind it
    public static TeacherRow behind(int[] prompt, TokenRow own, Optional<Example> source) {
        int from = own.promptLength();
        int answer = own.ids().length - from;
        int[] ids = Arrays.copyOf(prompt, prompt.length + answer);
        boolean[] mask = new boolean[ids.length];
        System.arraycopy(own.ids(), from, ids, prompt.length, answer);
        System.arraycopy(own.lossMask(), from, mask, prompt.length, answer);
        return new TeacherRow(new TokenRow(ids, mask), TokenAlignment.oneByOne(own.lossTokens()), source);
    }

    /// @return its tokens before the first loss token
    public int[] prompt() {
        return Arrays.copyOf(row.ids(), row.promptLength());
    }

    /// Of which nothing is asked again.
    public TeacherRow(TokenRow row, TokenAlignment alignment) {
        this(row, alignment, Optional.empty());
    }
}
