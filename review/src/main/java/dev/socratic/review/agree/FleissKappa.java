package dev.socratic.review.agree;

import java.util.HashMap;
import java.util.Map;

/// Fleiss' kappa of any number of people: `(P - P_e) / (1 - P_e)`, `P` the mean over things of the share of pairs of
/// names that are alike, `P_e` the sum of squares of each name's share.
///
/// Source: Fleiss 1971, "Measuring nominal scale agreement among many raters". Deviation: the paper wants equally many
/// names of every thing; where they differ, each thing counts with its own pairs, and shares are over all names.
final class FleissKappa {
    private FleissKappa() {}

    static double of(Ratings ratings) {
        double agreement = 0;
        double names = 0;
        Map<String, Double> all = new HashMap<>();
        int things = 0;
        for (Map<String, String> thing : ratings.things()) {
            double n = thing.size();
            if (n < 2) {
                continue;
            }
            Map<String, Double> counts = new HashMap<>();
            thing.values().forEach(name -> counts.merge(name, 1.0, Double::sum));
            counts.forEach((name, count) -> all.merge(name, count, Double::sum));
            agreement += counts.values().stream().mapToDouble(count -> count * (count - 1)).sum() / (n * (n - 1));
            names += n;
            things++;
        }
        double total = names;
        double chance = all.values().stream().mapToDouble(count -> count / total * count / total).sum();
        return things == 0 || chance == 1 ? Double.NaN : (agreement / things - chance) / (1 - chance);
    }
}
