package dev.socratic.review.agree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Cohen's kappa of two people: `(p_o - p_e) / (1 - p_e)`, where `p_o` is the share of things they name alike and `p_e`
/// the share that would be by chance, from each one's own shares.
///
/// Source: Cohen 1960, "A coefficient of agreement for nominal scales".
final class CohenKappa {
    private CohenKappa() {}

    static double of(Ratings ratings, String a, String b) {
        List<Map<String, String>> both = ratings.things().stream()
                .filter(thing -> thing.containsKey(a) && thing.containsKey(b)).toList();
        Map<String, Double> byA = new HashMap<>();
        Map<String, Double> byB = new HashMap<>();
        double alike = 0;
        for (Map<String, String> thing : both) {
            byA.merge(thing.get(a), 1.0, Double::sum);
            byB.merge(thing.get(b), 1.0, Double::sum);
            alike += thing.get(a).equals(thing.get(b)) ? 1 : 0;
        }
        double n = both.size();
        double chance = byA.entrySet().stream()
                .mapToDouble(one -> one.getValue() / n * byB.getOrDefault(one.getKey(), 0.0) / n).sum();
        return n == 0 || chance == 1 ? Double.NaN : (alike / n - chance) / (1 - chance);
    }
}
