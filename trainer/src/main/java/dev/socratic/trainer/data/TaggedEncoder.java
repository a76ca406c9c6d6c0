package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.config.Tags;

/// Rows with the teacher that their tags name.
///
/// @param encoder what encodes them
/// @param tags    what tags mean
public record TaggedEncoder(ExampleEncoder encoder, Tags tags) implements ExampleEncoder {
    @Override
    public RowEncoder.Verdict encode(Example row) {
        return switch (encoder.encode(row)) {
            case RowEncoder.Verdict.Kept kept -> new RowEncoder.Verdict.Kept(kept.row().withTeacher(tags.teacher(row)),
                    kept.truncated(), kept.answers());
            case RowEncoder.Verdict.Dropped dropped -> dropped;
        };
    }
}
