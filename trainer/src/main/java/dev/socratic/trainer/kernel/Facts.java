package dev.socratic.trainer.kernel;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a step shows besides its loss.
final class Facts {
    private double right;
    private double margin;
    private long pairs;

    /// @param chosen   scores
    /// @param rejected scores of the other answers
    void preferred(float[] chosen, float[] rejected) {
        for (int i = 0; i < chosen.length; i++) {
            right += chosen[i] > rejected[i] ? 1 : 0;
            margin += chosen[i] - rejected[i];
        }
        pairs += chosen.length;
    }

    /// @return `preference_accuracy`, the share of pairs whose chosen answer has the higher score, and `preference_margin`, by how much on average, in
    ///     nats; nothing where there were no pairs. It begins anew
    Map<String, Double> take() {
        Map<String, Double> all = new LinkedHashMap<>();
        if (pairs > 0) {
            all.put("preference_accuracy", right / pairs);
            all.put("preference_margin", margin / pairs);
        }
        right = 0;
        margin = 0;
        pairs = 0;
        return all;
    }
}
