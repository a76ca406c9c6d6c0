package dev.socratic.trainer.data;

import dev.socratic.datasets.source.Example;

/// Rows of a data set to tokens.
public interface ExampleEncoder {
    /// @return a row, or the reason there is none
    RowEncoder.Verdict encode(Example row);
}
