package dev.socratic.core.run;

import dev.socratic.core.text.Usage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/// What every stage is handed: its own folder, where to report progress, and the things that would otherwise be
/// hidden inputs.
///
/// @param folder   the stage's own folder, which exists; the stage writes nowhere else but into `run.asks`
/// @param progress where it says how far it is
/// @param clock    what time it is; a test hands in a fixed one
/// @param threads  how many processor threads it may use
/// @param run      what it shares with the other stages of the run
public record StageContext(Path folder, Progress progress, Clock clock, int threads, Run run) {
    public StageContext {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(run);
    }

    /// A stage without a run around it.
    public StageContext(Path folder, Progress progress, Clock clock, int threads) {
        this(folder, progress, clock, threads,
                new Run(folder.getFileName().toString(), folder.resolve("asked"), clock.instant(), usage -> {}));
    }

    /// What belongs to the run, not to the stage.
    ///
    /// @param stage   the stage's name, under which its spending is booked
    /// @param asks    folder of everything the run ever asked a model ([dev.socratic.core.ask.AskStore])
    /// @param started when the stage was first begun with what it is made of now: the same after a kill
    /// @param spent   is told what the stage has spent over all runs, also when it then fails
    public record Run(String stage, Path asks, Instant started, Consumer<Usage> spent) {}
}
