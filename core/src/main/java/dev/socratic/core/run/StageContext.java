package dev.socratic.core.run;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/// What every stage is handed: its own folder, where to report progress, and the things that would otherwise be hidden inputs.
///
/// @param folder   the stage's own folder, which exists; the stage writes nowhere else
/// @param progress where it says how far it is
/// @param clock    what time it is; a test hands in a fixed one
/// @param threads  how many processor threads it may use
public record StageContext(Path folder, Progress progress, Clock clock, int threads) {
    public StageContext {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(clock);
    }
}
