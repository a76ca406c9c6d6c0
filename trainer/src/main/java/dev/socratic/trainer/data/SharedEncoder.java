package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;


/// Rows for a teacher whose tokenizer has other added tokens: those that hold one which is not the same on both sides
/// are left out,
/// `token_unknown_to_teacher`.
///
/// @param encoder what encodes them
/// @param shared  ids that are the same on both sides
public record SharedEncoder(ExampleEncoder encoder, SharedIds shared) implements ExampleEncoder {
    public static final String UNKNOWN = "token_unknown_to_teacher";

    @Override
    public RowEncoder.Verdict encode(Example row) {
        RowEncoder.Verdict verdict = encoder.encode(row);
        return verdict instanceof RowEncoder.Verdict.Kept kept && !shared.containsAll(kept.row())
                ? new RowEncoder.Verdict.Dropped(UNKNOWN) : verdict;
    }
}
