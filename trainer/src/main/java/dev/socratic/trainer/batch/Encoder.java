package dev.socratic.trainer.batch;

import dev.socratic.datasets.source.Example;

/// Rows of a data set to tokens.
public interface Encoder {
    /// @return a row, or the reason there is none
    RowEncoder.Verdict encode(Example row);
}
