package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read once for several rows is what each of them alone would be told, in every family: behind windows and
/// beyond them, with ropes that hang on the length of a row and positions that were learned.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedPassLaws {
    private NDManager manager;

    static List<String> fixtures() {
        return FamilyFixture.names();
    }

    @BeforeAll
    void oneThread() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    void close() {
        manager.close();
    }

    /// Rows of two questions behind one beginning, and one that shares nothing; the longest as long as the context.
    private static List<SharedPass.Row> rows(ModelConfig config) {
        SplittableRandom random = new SplittableRandom(5);
        int context = Math.min(config.context(), 160);
        long[] examples = random.longs(context / 2, 0, config.vocab()).toArray();
        List<SharedPass.Row> rows = new ArrayList<>();
        for (int question = 0; question < 2; question++) {
            long[] asked = random.longs(context / 8, 0, config.vocab()).toArray();
            for (int more : new int[] {1, 5, context - context / 2 - context / 8}) {
                rows.add(new SharedPass.Row(LongStream.concat(LongStream.concat(LongStream.of(examples),
                        LongStream.of(asked)), random.longs(more, 0, config.vocab())).toArray(),
                        examples.length + asked.length - 1));
            }
        }
        rows.add(new SharedPass.Row(random.longs(context / 3, 0, config.vocab()).toArray(), 0));
        return rows;
    }

    /// @return the largest difference between logits of rows read together and read alone, relative to the largest
    private static double gap(Decoder decoder, int most, NDManager step) {
        List<SharedPass.Row> rows = rows(decoder.config());
        List<NDArray> alone = rows.stream().map(row -> decoder.logits(decoder.forward(
                step.create(new long[][] {row.ids()}), Set.of(), false).states(), false).get("0")).toList();
        double[] largest = {0, 0};
        int[] seen = {0};
        new SharedPass(decoder, most).run(rows, step, (states, places) -> {
            NDArray logits = decoder.logits(states, false);
            places.forEach(place -> {
                NDArray one = alone.get(place.row()).get(place.position());
                largest[0] = Math.max(largest[0], one.sub(logits.get(place.at())).abs().max().getFloat());
                largest[1] = Math.max(largest[1], one.abs().max().getFloat());
                seen[0]++;
            });
        });
        assertEquals(rows.stream().mapToInt(row -> row.ids().length - row.from()).sum(), seen[0]);
        return largest[0] / largest[1];
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsAreThoseOfEachRowAlone(String name, TestReporter report) {
        try (Decoder decoder = FamilyFixture.open(name, manager).decoder(); NDManager step = manager.newSubManager()) {
            double whole = gap(decoder, 1 << 20, step); // every tree in one step
            double cut = gap(decoder, 4, step); // every path a step of its own
            report.publishEntry(name, whole + " " + cut);
            assertTrue(Math.max(whole, cut) <= 1e-5, whole + " and " + cut);
        }
    }

    /// Of bfloat16 a few of its own units.
    @ParameterizedTest
    @MethodSource("fixtures")
    void inHalfPrecisionTooWithinItsRounding(String name, TestReporter report) {
        try (Decoder decoder = Decoder.load(FamilyFixture.ALL.resolve(name), manager, FloatType.BFLOAT16,
                FloatType.BFLOAT16); NDManager step = manager.newSubManager()) {
            double most = gap(decoder, 24, step);
            report.publishEntry(name, "" + most);
            assertTrue(most <= 4 * 0x1p-8, "relative " + most);
        }
    }
}
