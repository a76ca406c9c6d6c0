package dev.socratic.trainer.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a step shows besides its loss.
final class StepMetrics {
    private double right;
    private double margin;
    private long pairs;
    private long outside;
    private long ratios;
    private Optional<Double> entropy = Optional.empty();
    private double moved;
    private double weight;
    private long cut;
    private long weighed;
    private long looked;

    /// @param chosen   scores
    /// @param rejected scores of the other answers
    void preferred(float[] chosen, float[] rejected) {
        for (int i = 0; i < chosen.length; i++) {
            right += chosen[i] > rejected[i] ? 1 : 0;
            margin += chosen[i] - rejected[i];
        }
        pairs += chosen.length;
    }

    /// @param ratio of a drawn token
    /// @param clip  how far from 1 it may carry the loss; 0 for everywhere
    void ratio(double ratio, double clip) {
        if (clip > 0) {
            outside += Math.abs(ratio - 1) > clip ? 1 : 0;
            ratios++;
        }
    }

    /// @param ratio of the probability of a token that was drawn some updates ago, now to then
    /// @param cap   above which it is cut
    void importance(double ratio, double cap) {
        weight += Math.min(ratio, cap);
        cut += ratio > cap ? 1 : 0;
        weighed++;
    }

    /// @param mean of the student, nats; empty where nobody asked
    void entropy(Optional<Double> mean) {
        entropy = mean;
    }

    /// KL(now || start) by the tokens drawn, the estimate that is never negative: `exp(r) - 1 - r` with `r = log start
    /// - log now`. Source: Schulman 2020, Approximating KL divergence (k3).
    ///
    /// @param now   log-probability of each token
    /// @param start likewise of the student before the first step
    void fromStart(float[] now, float[] start) {
        for (int i = 0; i < now.length; i++) {
            double r = start[i] - now[i];
            moved += Math.exp(r) - 1 - r;
        }
        looked += now.length;
    }

    /// @return `importance`, the mean factor of tokens drawn some updates ago, and `importance_cut`, the share whose
    ///         ratio was above the cap; `student_entropy` and `kl_to_start` of written text, where measured;
    ///         `preference_accuracy`, the share of pairs whose chosen answer has the higher score, and
    ///         `preference_margin`, by how much on average, in nats, nothing where there were no pairs; `outside_clip`,
    ///         the share of drawn tokens whose ratio is clipped away from 1. It begins anew
    Map<String, Double> take() {
        Map<String, Double> all = new LinkedHashMap<>();
        if (pairs > 0) {
            all.put("preference_accuracy", right / pairs);
            all.put("preference_margin", margin / pairs);
        }
        entropy.ifPresent(mean -> all.put(ObjectiveLoss.ENTROPY, mean));
        if (looked > 0) {
            all.put(ObjectiveLoss.KL_TO_START, moved / looked);
        }
        entropy = Optional.empty();
        moved = 0;
        looked = 0;
        if (weighed > 0) {
            all.put("importance", weight / weighed);
            all.put("importance_cut", (double) cut / weighed);
        }
        weight = 0;
        cut = 0;
        weighed = 0;
        if (ratios > 0) {
            all.put("outside_clip", (double) outside / ratios);
        }
        outside = 0;
        ratios = 0;
        right = 0;
        margin = 0;
        pairs = 0;
        return all;
    }
}
