package dev.socratic.trainer.align;

import dev.socratic.trainer.batch.TokenRow;

/// A row as the teacher reads it, where its tokenizer is another than the student's.
///
/// @param row  the teacher's tokens
/// @param join how those that count belong to the student's
public record Twin(TokenRow row, TokenJoin join) {}
