package dev.socratic.trainer.step;

import dev.socratic.core.seed.Seeds;
import dev.socratic.models.network.Change;
import java.util.List;

/// What the factors of an adapter leave out of what they read while they learn. It is drawn from the seed, the number
/// of the step and that of the micro-batch, so that a run that goes on draws what an undisturbed one does.
///
/// @param share 0 for nothing
/// @param seed  of the run
/// @param step  number of the optimiser step
public record AdapterDropout(double share, long seed, long step) {
    /// Everything is read.
    public static final AdapterDropout NONE = new AdapterDropout(0, 0, 0);

    /// @param number of the micro-batch in its step
    List<Change> of(int number) {
        return share == 0 ? List.of() : List.of(new Change.Dropped(share,
                Seeds.derive(seed, "dropout", Long.toString(step), Integer.toString(number))));
    }
}
