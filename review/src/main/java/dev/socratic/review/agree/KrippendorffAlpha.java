package dev.socratic.review.agree;

import java.util.HashMap;
import java.util.Map;

/// Krippendorff's alpha for names: `1 - D_o / D_e`, from the coincidences of names within things: of a thing named by
/// `m` people each ordered pair of different people counts `1 / (m - 1)`. People may have named different things.
///
/// Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
final class KrippendorffAlpha {
    private KrippendorffAlpha() {}

    static double of(Ratings ratings) {
        Map<String, Double> totals = new HashMap<>();
        double unlike = 0;
        double n = 0;
        for (Map<String, String> thing : ratings.things()) {
            double m = thing.size();
            if (m < 2) {
                continue;
            }
            Map<String, Double> counts = new HashMap<>();
            thing.values().forEach(name -> counts.merge(name, 1.0, Double::sum));
            counts.forEach((name, count) -> totals.merge(name, count, Double::sum));
            unlike += counts.values().stream().mapToDouble(count -> count * (m - count)).sum() / (m - 1);
            n += m;
        }
        double all = n;
        double expected = totals.values().stream().mapToDouble(total -> total * (all - total)).sum() / (all - 1);
        return n == 0 || expected == 0 ? Double.NaN : 1 - unlike / expected;
    }
}
