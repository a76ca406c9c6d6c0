package dev.socratic.core.run;

import java.util.List;

/// Whether a stage has to run, and why.
public sealed interface StageDecision {
    /// @return the line a user reads, `generate: runs again because ...`
    String say(String stage);

    /// Nothing it depends on has changed and everything it made is there.
    record Skip() implements StageDecision {
        @Override
        public String say(String stage) {
            return stage + ": skipped, nothing has changed";
        }
    }

    /// It has never run here.
    record Fresh() implements StageDecision {
        @Override
        public String say(String stage) {
            return stage + ": runs for the first time";
        }
    }

    /// It was begun with the very same things and did not end.
    ///
    /// @param why `the last run was stopped`, or the problem that ended it
    record Resume(String why) implements StageDecision {
        @Override
        public String say(String stage) {
            return stage + ": goes on; " + why;
        }
    }

    /// It has to run again.
    ///
    /// @param reasons   never empty: `the config changed: generate.samples 4 -> 8`
    /// @param fromStart true if what lies in its folder belongs to something else and is moved aside; false if only output files are missing or
    ///                  were changed, so that its own journal still holds and is used
    record RunAgain(List<String> reasons, boolean fromStart) implements StageDecision {
        public RunAgain {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String say(String stage) {
            return stage + ": runs again because " + String.join("; ", reasons);
        }
    }
}
