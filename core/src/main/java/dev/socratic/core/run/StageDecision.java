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

    /// It was made of just this before, and was set aside for something else.
    ///
    /// @param reasons what has changed back; never empty
    record Back(List<String> reasons) implements StageDecision {
        public Back {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String say(String stage) {
            return stage + ": what was made of this before comes back; " + String.join("; ", reasons);
        }
    }

    /// It has to run again.
    ///
    /// @param reasons   never empty: `the config changed: generate.samples 4 -> 8`
    /// @param aside   what is moved aside before
    record RunAgain(List<String> reasons, Aside aside) implements StageDecision {
        public RunAgain {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String say(String stage) {
            return stage + ": runs again because " + String.join("; ", reasons);
        }
    }

    /// What may not stay where it is.
    sealed interface Aside {
        /// Everything but the cache: it was made of something else.
        record Everything() implements Aside {}

        /// Only these output files, by relative name, which somebody changed. The stage's own journal still holds,
        /// and is used.
        record Changed(List<String> names) implements Aside {
            public Changed {
                names = List.copyOf(names);
            }
        }
    }
}
