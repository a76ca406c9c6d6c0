package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;
import dev.socratic.datasets.source.ExampleSource;

/// Loss and token accuracy on held-out rows, measured while training.
///
/// @param source the rows
/// @param rows   at most so many of them, from the start
/// @param every  steps between two measurements; one more is made at the end
public record EvaluateConfig(ExampleSource source, @Default("512") int rows, @Default("200") int every) {
    public EvaluateConfig {
        if (rows < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "rows and every must be at least 1; got %s and %s".formatted(rows, every));
        }
    }
}
