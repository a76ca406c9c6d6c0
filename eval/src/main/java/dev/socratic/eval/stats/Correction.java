package dev.socratic.eval.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// p-values of many tests, raised so that looking at many tasks finds no more than one test would: at 5 % a comparison
/// on 20 tasks "finds" one difference between two equal models.
///
/// @param holm chance of any false finding stays below the level. Source: Holm 1979, Scand. J. Stat. 6, 65-70
/// @param bh   share of false ones among the findings stays below it on average (independent or positively dependent
///             tests). Source: Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289-300
public record Correction(List<Double> holm, List<Double> bh) {
    public Correction {
        holm = List.copyOf(holm);
        bh = List.copyOf(bh);
    }

    /// @param p one a test, each in [0, 1]
    /// @return adjusted ones, in the same order
    public static Correction of(List<Double> p) {
        int m = p.size();
        Integer[] rising = IntStream.range(0, m).boxed().toArray(Integer[]::new);
        Arrays.sort(rising, Comparator.comparing(p::get));
        Double[] holm = new Double[m];
        Double[] bh = new Double[m];
        double least = 0;
        for (int i = 0; i < m; i++) {
            least = Math.max(least, Math.min(1, (m - i) * p.get(rising[i])));
            holm[rising[i]] = least;
        }
        double most = 1;
        for (int i = m - 1; i >= 0; i--) {
            most = Math.min(most, p.get(rising[i]) * m / (i + 1));
            bh[rising[i]] = most;
        }
        return new Correction(Arrays.asList(holm), Arrays.asList(bh));
    }
}
