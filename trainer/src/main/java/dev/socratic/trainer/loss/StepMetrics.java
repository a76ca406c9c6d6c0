package dev.socratic.trainer.loss;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a step shows besides its loss.
final class StepMetrics {
    private double right;
    private double margin;
    private long pairs;
    private long outside;
    private long ratios;

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

    /// @return `preference_accuracy`, the share of pairs whose chosen answer has the higher score, and
    ///         `preference_margin`, by how much on average, in nats, nothing where there were no pairs;
    ///         `outside_clip`, the share of drawn tokens whose ratio is clipped away from 1. It begins anew
    Map<String, Double> take() {
        Map<String, Double> all = new LinkedHashMap<>();
        if (pairs > 0) {
            all.put("preference_accuracy", right / pairs);
            all.put("preference_margin", margin / pairs);
        }
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
