package dev.socratic.eval.harness.score;

import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonRandom;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.overlap.Overlap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// How the figures of the documents become one, and its standard error: of a mean `s / sqrt(n)` with the sample's `s`;
/// of median, f1, matthews_corrcoef, perplexity, nanmean, bleu, chrf and ter by bootstrap, in chunks of 1000 draws that
/// are seeded 0, 1, 2 ..., each of `random.choices`; of others none.
public final class Aggregation {
    private static final List<String> NAMES = List.of("mean", "nanmean", "median", "perplexity", "weighted_perplexity",
            "bits_per_byte", "f1", "matthews_corrcoef", "brier_score", "bleu", "chrf", "chrf++", "ter");
    private static final List<String> BOOTSTRAPPED = List.of("nanmean", "median", "perplexity", "f1",
            "matthews_corrcoef", "bleu", "chrf", "chrf++", "ter");
    private static final int CHUNK = 1000;

    private Aggregation() {}

    /// @return the aggregations there are
    public static List<String> names() {
        return NAMES;
    }

    static boolean isKnown(String name) {
        return NAMES.contains(name) || own(name).isPresent();
    }

    private static Optional<TaskFunction.Total> own(String name) {
        return name.startsWith("!function ")
                ? Equivalents.of(name.substring("!function ".length()), TaskFunction.Total.class) : Optional.empty();
    }

    /// @param values of all documents, at least one
    public static double of(String name, List<SampleValue> values) {
        if (own(name).isPresent()) {
            return own(name).get().of(values.stream().map(Aggregation::plain).toList());
        }
        Optional<Overlap> overlap = Overlaps.of(name);
        if (overlap.isPresent()) {
            return Overlaps.score(overlap.get(), values);
        }
        return switch (name) {
            case "mean" -> mean(numbers(values));
            case "nanmean" -> mean(Arrays.stream(numbers(values)).filter(value -> !Double.isNaN(value)).toArray());
            case "median" -> median(numbers(values));
            case "perplexity" -> Math.exp(-mean(numbers(values)));
            case "weighted_perplexity" -> Math.exp(-weighted(values));
            case "bits_per_byte" -> -weighted(values) / Math.log(2);
            case "f1" -> Confusion.of(values).f1();
            case "matthews_corrcoef" -> Confusion.of(values).matthews();
            case "brier_score" -> brier(values);
            default -> throw new DataException("aggregation", "one of " + NAMES, "'" + name + "'",
                    "take one of them");
        };
    }

    private static Object plain(SampleValue value) {
        return switch (value) {
            case SampleValue.Number number -> number.value();
            case SampleValue.Several several -> several.values();
            case SampleValue.Weighted weighted -> List.of(weighted.value(), weighted.weight());
            case SampleValue.Classes classes -> List.of((double) classes.gold(), (double) classes.predicted());
            case SampleValue.Forecast forecast -> forecast.probabilities();
            case SampleValue.Pair pair -> List.of(pair.references(), pair.written());
        };
    }

    /// @param iterations of the bootstrap; none for no standard error at all
    /// @return the standard error; nothing where there is none
    public static Optional<Double> standardError(String name, List<SampleValue> values, int iterations) {
        int n = values.size();
        if (iterations <= 0 || n < 2) {
            return Optional.empty();
        }
        if (name.equals("mean")) {
            return Optional.of(deviation(numbers(values)) / Math.sqrt(n));
        }
        if (!BOOTSTRAPPED.contains(name)) {
            return Optional.empty();
        }
        int draws = Overlaps.of(name).isPresent() ? Math.min(iterations, Overlaps.MOST_DRAWS) : iterations;
        return Optional.of(deviation(bootstrap(n, draws, statistic(name, values))));
    }

    private static ToDoubleFunction<int[]> statistic(String name, List<SampleValue> values) {
        if (Overlaps.of(name).isPresent()) {
            return Overlaps.statistic(Overlaps.of(name).get(), values);
        }
        if (name.equals("perplexity")) { // the common case, without a list for every draw
            double[] numbers = numbers(values);
            return places -> {
                double sum = 0;
                for (int place : places) {
                    sum += numbers[place];
                }
                return Math.exp(-sum / places.length);
            };
        }
        return places -> of(name, Arrays.stream(places).mapToObj(values::get).toList());
    }

    private static double[] bootstrap(int n, int iterations, ToDoubleFunction<int[]> statistic) {
        int chunk = Math.min(CHUNK, iterations);
        double[] all = new double[iterations / chunk * chunk];
        for (int i = 0; i < iterations / chunk; i++) {
            PythonRandom random = new PythonRandom(i);
            for (int j = 0; j < chunk; j++) {
                all[i * chunk + j] = statistic.applyAsDouble(random.choices(n, n));
            }
        }
        return all;
    }

    private static double[] numbers(List<SampleValue> values) {
        return values.stream().flatMapToDouble(value -> switch (value) {
            case SampleValue.Number number -> java.util.stream.DoubleStream.of(number.value());
            case SampleValue.Several several -> several.values().stream().mapToDouble(Double::doubleValue);
            case SampleValue other -> throw new DataException("aggregation", "figures that can be averaged",
                    other.getClass().getSimpleName(), "take the aggregation that belongs to the metric");
        }).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0; // in their order, as there
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? Double.NaN : sum / values.length;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / (values.length - 1));
    }

    private static double weighted(List<SampleValue> values) {
        double sum = 0;
        double weight = 0;
        for (SampleValue value : values) {
            SampleValue.Weighted one = (SampleValue.Weighted) value;
            sum += one.value();
            weight += one.weight();
        }
        return sum / weight;
    }

    private static double brier(List<SampleValue> values) {
        double sum = 0;
        for (SampleValue value : values) {
            SampleValue.Forecast one = (SampleValue.Forecast) value;
            for (int i = 0; i < one.probabilities().size(); i++) {
                double off = one.probabilities().get(i) - (i == one.gold() ? 1 : 0);
                sum += off * off;
            }
        }
        return sum / values.size();
    }
}
