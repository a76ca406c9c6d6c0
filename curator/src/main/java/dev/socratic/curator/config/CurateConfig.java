package dev.socratic.curator.config;

import dev.socratic.core.config.Default;
import java.util.List;

/// The steps of a curation, in the order they run.
///
/// The default is for instruction data with worked answers, not for web pages: no rule asks for fifty words or five sentences. Cheap steps
/// that look at one row stand first; leaked evaluation questions go before duplicates, so that no row is dropped for being like one that
/// is dropped itself; `select` is last, because it should choose among rows that may stay. Decontamination needs to be told against what,
/// so it is not part of the default.
///
/// @param steps at least one
public record CurateConfig(
        @Default("[verdicts, format, length, repetition, language, exact_duplicates, near_duplicates, select]") List<StepConfig> steps) {
    public CurateConfig {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps: at least one; got none; leave the field out for the default");
        }
    }
}
