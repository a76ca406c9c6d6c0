package dev.socratic.trainer.align;

import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.batch.TokenRow;
import java.util.Optional;

/// A row as the teacher reads it, where its tokenizer is another than the student's.
///
/// @param row    the teacher's tokens
/// @param join   how those that count belong to the student's
/// @param source what both have read, where it may be asked for again
public record Twin(TokenRow row, TokenJoin join, Optional<Example> source) {
    /// Of which nothing is asked again.
    public Twin(TokenRow row, TokenJoin join) {
        this(row, join, Optional.empty());
    }
}
