package dev.socratic.trainer.loss;

import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.rollout.RolloutState;
import java.util.Map;
import java.util.TreeMap;

/// The curriculum of skews: how far apart student and teacher are on an answer, against how far they were at first.
final class SkewCurriculum {
    private final Map<Integer, RolloutState.Anchor> anchors = new TreeMap<>();

    /// @param known what a checkpoint says
    void restore(Map<Integer, RolloutState.Anchor> known) {
        anchors.clear();
        anchors.putAll(known);
    }

    Map<Integer, RolloutState.Anchor> anchors() {
        return new TreeMap<>(anchors); // sorted: it is written down, and Map.copyOf has another order in every process
    }

    /// @param term    its number
    /// @param student mean log probability of the answer's tokens
    /// @param teacher likewise
    /// @return the skew of this answer
    double skew(int term, Distance.Kl kl, double student, double teacher) {
        double gap = (Math.exp(teacher) - Math.exp(student)) * (kl.direction() == Direction.FORWARD ? 1 : -1);
        Distance.Curriculum pace = kl.curriculum().orElseThrow();
        RolloutState.Anchor anchor = anchors.getOrDefault(term, RolloutState.Anchor.NONE);
        if (anchor.steps() < pace.steps()) {
            anchors.put(term, anchor.with(gap));
            return kl.skew();
        }
        return of(kl.skew(), pace.least(), anchor.mean(), gap);
    }

    static double of(double skew, double least, double anchor, double gap) {
        return Math.min(Math.max(1 - (1 - skew) * anchor / (gap + 1e-5), least), skew);
    }

    /// A step is over.
    void step() {
        anchors.replaceAll((term, anchor) -> anchor.next());
    }
}
