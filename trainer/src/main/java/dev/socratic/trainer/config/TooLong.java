package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;

/// What happens to a row longer than `max_seq`.
public enum TooLong {
    /// It is left out and counted.
    DROP,
    /// Its end is cut off, and that is counted: the student then sees answers without an end.
    @Alias("cut")
    TRUNCATE
}
