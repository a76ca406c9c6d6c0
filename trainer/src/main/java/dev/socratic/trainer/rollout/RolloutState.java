package dev.socratic.trainer.rollout;

import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a run has learned about itself, beyond weights: part of every checkpoint, so that a run that goes on does
/// what an undisturbed one does.
///
/// @param rises   how often the held-out loss has risen, for a driven share
/// @param heldOut the held-out loss the next one is compared with; empty before the first
/// @param kept    the student's own answers, the oldest first
/// @param again   what the student has written and is to learn from again; empty where the next step is new
/// @param anchors how far apart the two sides were at first, by number of the term, for paced skews
public record RolloutState(int rises, Optional<Double> heldOut, List<Kept> kept, Optional<RolloutBuffer> again,
        SortedMap<Integer, Anchor> anchors) {
    public static final RolloutState EMPTY = new RolloutState(0, Optional.empty(), List.of(), new TreeMap<>());

    /// Of which nothing is used again.
    public RolloutState(int rises, Optional<Double> heldOut, List<Kept> kept, SortedMap<Integer, Anchor> anchors) {
        this(rises, heldOut, kept, Optional.empty(), anchors);
    }

    public RolloutState {
        kept = List.copyOf(kept);
        anchors = new TreeMap<>(anchors);
    }

    /// @param ids    prompt and answer
    /// @param prompt tokens of the prompt
    public record Kept(int[] ids, int prompt) {
        static Kept of(TokenRow row) {
            return new Kept(row.ids(), row.first());
        }

        TokenRow row() {
            boolean[] counts = new boolean[ids.length];
            Arrays.fill(counts, prompt, ids.length, true);
            return new TokenRow(ids, counts);
        }
    }

    /// @param sum     of gaps
    /// @param answers whose gaps they are
    /// @param steps   over which they were summed
    public record Anchor(double sum, long answers, int steps) {
        public static final Anchor NONE = new Anchor(0, 0, 0);

        public Anchor with(double gap) {
            return new Anchor(sum + gap, answers + 1, steps);
        }

        /// @return one step later; it stops counting where it stands
        public Anchor next() {
            return new Anchor(sum, answers, steps + 1);
        }

        public double mean() {
            return sum / answers;
        }
    }

    public RolloutState with(Map<Integer, Anchor> now) {
        return new RolloutState(rises, heldOut, kept, again, new TreeMap<>(now));
    }

    /// @param loss held out, measured now
    public RolloutState heard(Rollout rollout, double loss) {
        if (!(rollout instanceof Rollout.Student student && student.share() instanceof Schedule.Driven driven)) {
            return this;
        }
        if (heldOut.isEmpty()) {
            return new RolloutState(rises, Optional.of(loss), kept, again, anchors);
        }
        return loss >= heldOut.get() + driven.tolerance()
                ? new RolloutState(rises + 1, Optional.of(loss), kept, again, anchors)
                : this;
    }

    RolloutState with(Optional<RolloutBuffer> next) {
        return new RolloutState(rises, heldOut, kept, next, anchors);
    }

    /// @param step  what was learned from
    /// @param drawn log probabilities of what the student drew, by row, where they will be asked for
    public RolloutState drawn(List<MicroBatch> step, Map<TokenRow, float[]> drawn) {
        return drawn.isEmpty() ? this : with(again.flatMap(kept -> kept.drawn(step, drawn)));
    }

    RolloutState keeping(List<TokenRow> rows, int capacity) {
        List<Kept> all = new ArrayList<>(kept);
        rows.forEach(row -> all.add(Kept.of(row)));
        return new RolloutState(rises, heldOut, all.subList(Math.max(0, all.size() - capacity), all.size()), again,
                anchors);
    }
}
