package dev.socratic.trainer.rollout;

import dev.socratic.core.config.Copies;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TeacherRow;
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

/// What a run remembers of itself beyond weights: part of every checkpoint, so that a run that goes on does what an
/// undisturbed one does.
///
/// @param lossIncreases how often the held-out loss has risen, for a `driven` fraction: `min(to, from + by *
///                      lossIncreases)`
/// @param heldOutLoss   the held-out loss the next one is compared with; empty before the first
/// @param replayBuffer  the student's own answers, the oldest first; at most `replay.capacity` of them
/// @param rolloutBuffer the step that is still to be learned from again; empty where the next step is new
/// @param anchors       mean gap between the two sides at first, by number of the term, for skews with a curriculum
/// @param ahead         steps that were written ahead of those learned from
/// @param history       what written steps were like, as far as alarms look back
public record RolloutState(int lossIncreases, Optional<Double> heldOutLoss, List<Replayed> replayBuffer,
        Optional<RolloutBuffer> rolloutBuffer,
        SortedMap<Integer, Anchor> anchors, WrittenHistory history, List<RolloutsAhead.Ahead> ahead) {
    public static final RolloutState EMPTY = new RolloutState(0, Optional.empty(), List.of(), new TreeMap<>());

    /// Of which nothing is used again.
    public RolloutState(int lossIncreases, Optional<Double> heldOutLoss, List<Replayed> replayBuffer,
            SortedMap<Integer, Anchor> anchors) {
        this(lossIncreases, heldOutLoss, replayBuffer, Optional.empty(), anchors, WrittenHistory.NONE, List.of());
    }

    public RolloutState {
        replayBuffer = List.copyOf(replayBuffer);
        anchors = new TreeMap<>(anchors);
        ahead = List.copyOf(ahead);
    }

    /// @param ids           prompt and answer
    /// @param promptLength  tokens of the prompt
    /// @param number        of the row of the data whose prompt it answers
    /// @param teacherPrompt what stands before the answer for the teacher, where that is another prompt
    public record Replayed(int[] ids, int promptLength, int number, Optional<int[]> teacherPrompt) {
        static Replayed of(TokenRow row) {
            return new Replayed(row.ids(), row.promptLength(), row.number(),
                    row.teacherRow().map(TeacherRow::prompt));
        }

        TokenRow row() {
            boolean[] counts = new boolean[ids.length];
            Arrays.fill(counts, promptLength, ids.length, true);
            TokenRow row = new TokenRow(ids, counts).withNumber(number);
            return teacherPrompt.map(prompt ->
                    row.withTeacherRow(TeacherRow.behind(prompt, row, Optional.empty()))).orElse(row);
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
        return Copies.with(this, Map.of("anchors", new TreeMap<>(now)));
    }

    /// @param loss held out, measured now
    public RolloutState withHeldOutLoss(Rollout rollout, double loss) {
        if (!(rollout instanceof Rollout.Student student && student.fraction() instanceof Schedule.Driven driven)) {
            return this;
        }
        if (heldOutLoss.isEmpty()) {
            return Copies.with(this, Map.of("heldOutLoss", Optional.of(loss)));
        }
        return loss >= heldOutLoss.get() + driven.tolerance()
                ? Copies.with(this, Map.of("lossIncreases", lossIncreases + 1, "heldOutLoss", Optional.of(loss)))
                : this;
    }

    RolloutState with(Optional<RolloutBuffer> next) {
        return Copies.with(this, Map.of("rolloutBuffer", next));
    }

    /// @return the same with other steps written ahead
    public RolloutState with(List<RolloutsAhead.Ahead> written) {
        return Copies.with(this, Map.of("ahead", written));
    }

    /// @return the same with one more written step
    public RolloutState with(WrittenHistory now) {
        return Copies.with(this, Map.of("history", now));
    }

    /// @param step  what was learned from
    /// @param drawn log-probabilities of what the student drew, by row, where they will be asked for
    public RolloutState withOldLogProbs(List<MicroBatch> step, Map<TokenRow, float[]> drawn) {
        return drawn.isEmpty() ? this : with(rolloutBuffer.flatMap(kept -> kept.withOldLogProbs(step, drawn)));
    }

    RolloutState withReplayed(List<TokenRow> rows, int capacity) {
        List<Replayed> all = new ArrayList<>(replayBuffer);
        rows.forEach(row -> all.add(Replayed.of(row)));
        return Copies.with(this,
                Map.of("replayBuffer", List.copyOf(all.subList(Math.max(0, all.size() - capacity), all.size()))));
    }
}
