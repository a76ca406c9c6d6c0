package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.config.Tags;

/// Rows with the teacher that their tags name.
///
/// @param rows what encodes them
/// @param tags what tags mean
public record TaggedEncoder(ExampleEncoder rows, Tags tags) implements ExampleEncoder {
    @Override
    public RowEncoder.Verdict encode(Example row) {
        return switch (rows.encode(row)) {
            case RowEncoder.Verdict.Kept kept -> new RowEncoder.Verdict.Kept(kept.row().of(tags.teacher(row)),
                    kept.cut(), kept.answers());
            case RowEncoder.Verdict.Dropped dropped -> dropped;
        };
    }
}
