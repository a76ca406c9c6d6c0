package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.eval.harness.score.Aggregation;
import dev.socratic.eval.harness.score.SampleValue;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Expected values are those of lm_eval 0.4.13 (with sklearn's f1 and Matthews' correlation), printed by
/// `bench/peers/eval/metric_golden.py`.
class AggregationTest {
    private static final List<SampleValue> NUMBERS = Stream.of(-0.5, -2.25, -1.0, -3.5, -0.125)
            .map(value -> (SampleValue) new SampleValue.Number(value)).toList();
    private static final List<SampleValue> CLASSES = classes(new int[][] {{1, 1}, {1, 0}, {0, 0}, {0, 1}, {1, 1},
        {0, 0}, {1, 1}});

    private static List<SampleValue> classes(int[][] pairs) {
        return Stream.of(pairs).map(pair -> (SampleValue) new SampleValue.Classes(pair[0], pair[1])).toList();
    }

    @Test
    void meansAndTheirStandardErrors() {
        assertEquals(GOLD[0], Aggregation.of("mean", NUMBERS), 1e-12);
        assertEquals(GOLD[1], Aggregation.standardError("mean", NUMBERS, 100_000).orElseThrow(), 1e-12);
        assertEquals(-1.0, Aggregation.of("median", NUMBERS));
        assertEquals(Optional.empty(), Aggregation.standardError("mean", NUMBERS.subList(0, 1), 100_000));
        assertEquals(Optional.empty(), Aggregation.standardError("mean", NUMBERS, 0));
    }

    @Test
    void bootstrappedOnesDrawWhatPythonDraws() {
        assertEquals(GOLD[2], Aggregation.of("perplexity", NUMBERS), 1e-12);
        assertEquals(GOLD[3], Aggregation.standardError("perplexity", NUMBERS, 2000).orElseThrow(), 1e-9);
        assertEquals(GOLD[4], Aggregation.of("f1", CLASSES), 1e-12);
        assertEquals(GOLD[5], Aggregation.standardError("f1", CLASSES, 2000).orElseThrow(), 1e-9);
        assertEquals(GOLD[6], Aggregation.of("matthews_corrcoef", CLASSES), 1e-12);
        assertEquals(GOLD[7], Aggregation.standardError("matthews_corrcoef", CLASSES, 2000).orElseThrow(), 1e-9);
        assertEquals(GOLD[8], Aggregation.standardError("median", NUMBERS, 2000).orElseThrow(), 1e-9);
    }

    @Test
    void matthewsTakesAnyNumberOfClasses() {
        assertEquals(GOLD[9], Aggregation.of("matthews_corrcoef", classes(new int[][] {{0, 0}, {1, 2}, {2, 2}, {3, 1},
            {1, 1}})), 1e-12);
    }

    @Test
    void weightedOnesAndBriersScore() {
        List<SampleValue> weighted = IntStream.range(1, 4).mapToObj(i ->
                (SampleValue) new SampleValue.Weighted(-10.0 * i, 3 + i)).toList();
        assertEquals(GOLD[10], Aggregation.of("weighted_perplexity", weighted), 1e-12);
        assertEquals(GOLD[11], Aggregation.of("bits_per_byte", weighted), 1e-12);
        assertEquals(GOLD[12], Aggregation.of("brier_score", List.of(
                new SampleValue.Forecast(0, List.of(0.7, 0.2, 0.1)),
                new SampleValue.Forecast(2, List.of(0.3, 0.3, 0.4)))), 1e-12);
        assertEquals(Optional.empty(), Aggregation.standardError("weighted_perplexity", weighted, 100));
    }

    private static final double[] GOLD = {
        -1.475, 0.6204836822995428, 4.371035772929758, 3.2224929075025837,
        0.75, 0.19609706666389662, 0.4166666666666667, 0.37465061354963397,
        0.8919365660847003, 0.47140452079103173, 54.598150033144236, 5.7707801635558535,
        0.34,
    };
}
