package dev.socratic.trainer.data;

import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.config.CurriculumConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/// The rows of a pass, each as often as its pass rate says ([CurriculumConfig]): the same for the same rows, samples
/// and seed.
///
/// @param copies of each row of the data, how often a pass has it
/// @param rows   for each row of a pass, its number in the data
/// @param facts  what is told of it
public record Curriculum(int[] copies, int[] rows, Facts facts) {
    /// @param asked      rows whose question was asked in an evaluation
    /// @param unknown    the others
    /// @param passRate   mean over the asked
    /// @param ofFailed   how often a pass has a row that was never answered rightly, on average; 0 where there is none
    /// @param ofHalf     one that was answered rightly sometimes
    /// @param ofMastered one that always was
    /// @param leftOut    rows that this pass does not have
    public record Facts(int asked, int unknown, double passRate, double ofFailed, double ofHalf, double ofMastered,
            int leftOut) {
        /// @return the same by name, for the manifest
        public Map<String, Object> notes() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("asked", asked);
            all.put("unknown", unknown);
            all.put("pass_rate", passRate);
            all.put("copies_of_failed", ofFailed);
            all.put("copies_of_half_known", ofHalf);
            all.put("copies_of_mastered", ofMastered);
            all.put("left_out", leftOut);
            return all;
        }

        /// @return as one line
        public String text() {
            return String.format(Locale.ROOT, "curriculum: %d rows by their pass rate, %.2f on average, %d unknown; a "
                    + "pass has a row that failed %.2f times, one half known %.2f times, one mastered %.2f times, and "
                    + "leaves out %d", asked, passRate, unknown, ofFailed, ofHalf, ofMastered, leftOut);
        }
    }

    /// @param data all rows, from the first
    /// @param seed of the run
    public static Curriculum of(CurriculumConfig config, PassRates known, RowStream<Example> data, long seed) {
        List<OptionalDouble> rates = new ArrayList<>();
        data.forEach(row -> rates.add(known.of(row)));
        double[] weights = rates.stream()
                .mapToDouble(rate -> rate.isPresent() ? config.weight(rate.getAsDouble()) : config.unknown()).toArray();
        int[] copies = resampled(weights, new Random(Seeds.derive(seed, "curriculum")).nextDouble());
        int[] rows = new int[Arrays.stream(copies).sum()];
        for (int row = 0, at = 0; row < copies.length; row++) {
            for (int copy = 0; copy < copies[row]; copy++) {
                rows[at++] = row;
            }
        }
        return new Curriculum(copies, rows, facts(rates, copies));
    }

    /// @param shift in [0, 1)
    /// @return how often each comes, as many in all as there are
    static int[] resampled(double[] weights, double shift) {
        double all = Arrays.stream(weights).sum();
        int[] copies = new int[weights.length];
        double sum = 0;
        long before = (long) Math.floor(shift);
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            double place = i == weights.length - 1 ? weights.length : weights.length * sum / all;
            long until = (long) Math.floor(place + shift);
            copies[i] = Math.toIntExact(until - before);
            before = until;
        }
        return copies;
    }

    private static Facts facts(List<OptionalDouble> rates, int[] copies) {
        int asked = (int) rates.stream().filter(OptionalDouble::isPresent).count();
        return new Facts(asked, rates.size() - asked,
                rates.stream().filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).average()
                        .orElse(0),
                mean(rates, copies, 0, 0), mean(rates, copies, Double.MIN_VALUE, Math.nextDown(1)),
                mean(rates, copies, 1, 1), (int) Arrays.stream(copies).filter(copy -> copy == 0).count());
    }

    private static double mean(List<OptionalDouble> rates, int[] copies, double least, double most) {
        double sum = 0;
        int rows = 0;
        for (int i = 0; i < copies.length; i++) {
            OptionalDouble rate = rates.get(i);
            if (rate.isPresent() && rate.getAsDouble() >= least && rate.getAsDouble() <= most) {
                sum += copies[i];
                rows++;
            }
        }
        return rows == 0 ? 0 : sum / rows;
    }

    /// @param data all rows, from the first; closed with the result
    /// @return the rows of a pass
    public RowStream<Example> drawn(RowStream<Example> data) {
        Iterator<Example> all = data.iterator();
        return RowStream.of(new RowStream.Pull<>() {
            private int row = -1;
            private int left;
            private Optional<Example> now = Optional.empty();

            @Override
            public Optional<Example> next() {
                while (left == 0 && all.hasNext()) {
                    now = Optional.of(all.next());
                    left = copies[++row];
                }
                if (left == 0) {
                    return Optional.empty();
                }
                left--;
                return now;
            }
        }, data::close);
    }
}
