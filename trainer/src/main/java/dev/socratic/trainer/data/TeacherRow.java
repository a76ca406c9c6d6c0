package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.data.align.TokenAlignment;
import java.util.Optional;

/// A row in the teacher's tokenization, where its tokenizer is another than the student's.
///
/// @param row       the teacher's tokens
/// @param alignment how loss tokens belong to the student's
/// @param source    what both have read, where it may be asked for again
public record TeacherRow(TokenRow row, TokenAlignment alignment, Optional<Example> source) {
    /// Of which nothing is asked again.
    public TeacherRow(TokenRow row, TokenAlignment alignment) {
        this(row, alignment, Optional.empty());
    }
}
