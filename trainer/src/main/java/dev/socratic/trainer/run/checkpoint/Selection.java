package dev.socratic.trainer.run.checkpoint;

import dev.socratic.trainer.config.EarlyStop;
import java.util.Optional;

/// What the evaluations of a run said so far: which was best, and whether the run ends for want of a better one.
///
/// @param best       the best, if one was looked for and made
/// @param patienceAt its value when the last evaluation counted as better
/// @param without    evaluations since, which were not
/// @param stopped    whether they were too many
public record Selection(Optional<Best> best, double patienceAt, int without, boolean stopped) {
    public static final Selection NONE = new Selection(Optional.empty(), 0, 0, false);

    /// @param step  whose weights it is of
    /// @param value of the measure
    public record Best(long step, double value) {}

    /// @param value    of an evaluation
    /// @param smallest whether the smallest is best; otherwise the largest
    /// @param stop     when to give up
    /// @return with it; no number is better than none
    public Selection after(long step, double value, boolean smallest, Optional<EarlyStop> stop) {
        double sign = smallest ? -1 : 1;
        boolean finite = Double.isFinite(value);
        boolean first = best.isEmpty();
        boolean better = finite && (first || sign * (value - best.get().value()) > 0);
        double least = stop.map(EarlyStop::minDelta).orElse(0.0);
        boolean enough = finite && (first || sign * (value - patienceAt) > least);
        int now = enough ? 0 : without + 1;
        return new Selection(better ? Optional.of(new Best(step, value)) : best, enough ? value : patienceAt, now,
                stop.filter(said -> now >= said.patience()).isPresent());
    }

    /// @return whether the weights of this step are the best
    public boolean isBest(long step) {
        return best.filter(one -> one.step() == step).isPresent();
    }
}
