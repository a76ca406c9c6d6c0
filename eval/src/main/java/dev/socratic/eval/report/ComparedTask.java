package dev.socratic.eval.report;

import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import dev.socratic.eval.stats.SequentialFlips;
import java.util.Optional;

/// Two models on one task.
///
/// @param paired     the first minus the second
/// @param sequential the same looked at question after question; none where questions hang together
/// @param holm       the p-value, corrected for all tests of the page
record ComparedTask(Paired paired, Optional<SequentialFlips> sequential, double holm) {
    static ComparedTask of(SavedSamples.Alike alike) {
        Paired paired = alike.first().against(alike.second());
        return new ComparedTask(paired, alike.sequential(), paired.p());
    }

    ComparedTask corrected(double p) {
        return new ComparedTask(paired, sequential, p);
    }
}
