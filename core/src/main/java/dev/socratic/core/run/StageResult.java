package dev.socratic.core.run;

import java.time.Duration;

/// How a stage of a run ended.
///
/// @param decision why it ran, or that it was skipped
/// @param report   what it said; of a skipped one, what it said when it ran
/// @param took     how long it ran, the last time it did
public record StageResult(StageDecision decision, StageReport report, Duration took) {}
