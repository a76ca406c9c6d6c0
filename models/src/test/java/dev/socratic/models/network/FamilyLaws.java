package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every family: the numbers are the reference's.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FamilyLaws {
    private static final long[] NO_EOS = {-2};
    private static final int NEW = 32;

    private final Map<String, FamilyFixture> open = new HashMap<>();
    private NDManager manager;

    @TempDir
    Path folder;

    static List<String> fixtures() {
        return FamilyFixture.names();
    }

    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    void oneThread() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    void close() {
        open.values().forEach(fixture -> fixture.decoder().close());
        manager.close();
    }

    private FamilyFixture fixture(String name) {
        return open.computeIfAbsent(name, key -> FamilyFixture.open(key, manager));
    }

    private static NDArray ids(NDManager step, long[] tokens) {
        return step.create(new long[][] {tokens});
    }

    @Test
    void everyFamilyThatIsKnownWasCompared() {
        Set<String> compared = new HashSet<>(Set.of("llama")); // ReferenceTest
        fixtures().forEach(name -> compared.add(ModelConfig.read(FamilyFixture.ALL.resolve(name)).family()));
        assertEquals(Set.copyOf(Family.KNOWN), compared);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsAreTheReferences(String name, TestReporter report) {
        FamilyFixture fixture = fixture(name);
        try (NDManager step = manager.newSubManager()) {
            NDArray states = fixture.decoder().forward(ids(step, fixture.prompts().getFirst()), Set.of(), false)
                    .states();
            float gap = fixture.gap("logits", fixture.decoder().logits(states, false));
            report.publishEntry(name + ".logits", "" + gap);
            assertTrue(gap <= 1e-4, "largest difference " + gap);
        }
    }

    /// Hidden states are compared relative to their largest number: a stream that no norm holds back grows from layer
    /// to layer.
    @ParameterizedTest
    @MethodSource("fixtures")
    void hiddenStatesAndAttentionOfEveryLayerAreTheReferences(String name, TestReporter report) {
        FamilyFixture fixture = fixture(name);
        Set<Tap> taps = new HashSet<>(Set.of(new Tap.Embedding()));
        for (int layer = 0; layer < fixture.layers(); layer++) {
            taps.add(new Tap.Hidden(layer));
            taps.add(new Tap.Probabilities(layer));
        }
        try (NDManager step = manager.newSubManager()) {
            Signals signals = fixture.decoder().forward(ids(step, fixture.prompts().getFirst()), taps, false);
            List<NDArray> hidden = new ArrayList<>(List.of(signals.get(new Tap.Embedding())));
            for (int layer = 0; layer < fixture.layers() - 1; layer++) {
                hidden.add(signals.get(new Tap.Hidden(layer)));
            }
            hidden.add(signals.states().mul((float) fixture.decoder().config().scales().logits()));
            float most = 0;
            for (int i = 0; i < hidden.size(); i++) {
                float size = Math.max(1, fixture.array("hidden." + i).abs().max().getFloat());
                most = Math.max(most, fixture.gap("hidden." + i, hidden.get(i)) / size);
            }
            float attention = 0;
            for (int layer = 0; layer < fixture.layers(); layer++) {
                attention = Math.max(attention,
                        fixture.gap("attention." + layer, signals.get(new Tap.Probabilities(layer))));
            }
            report.publishEntry(name + ".hidden", "" + most);
            report.publishEntry(name + ".attention", "" + attention);
            assertTrue(most <= 1e-5, "hidden " + most);
            assertTrue(attention <= 5e-5, "attention " + attention);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void gradientsAreTheReferences(String name, TestReporter report) {
        FamilyFixture fixture = fixture(name);
        fixture.decoder().trainable(true);
        forget(fixture.decoder());
        try (NDManager step = manager.newSubManager()) {
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray states = fixture.decoder().forward(ids(step, fixture.prompts().getFirst()), Set.of(), true)
                        .states();
                collector.backward(fixture.decoder().logits(states, true).mul(fixture.array("direction")).sum());
            }
            float most = 0;
            for (JsonNode weight : fixture.expected().get("gradients")) {
                NDArray wanted = fixture.array("gradient." + weight.textValue());
                NDArray gradient = fixture.decoder().weights().get(weight.textValue()).getGradient();
                most = Math.max(most,
                        fixture.gap("gradient." + weight.textValue(), gradient) / wanted.abs().max().getFloat());
            }
            report.publishEntry(name + ".gradients", "" + most);
            assertTrue(most <= 1e-4, "relative to the largest " + most);
        } finally {
            fixture.decoder().trainable(false);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void greedyTokensWithoutACacheAreTheReferences(String name) {
        FamilyFixture fixture = fixture(name);
        for (int row = 0; row < 2; row++) {
            long[] text = fixture.prompts().get(row);
            for (int i = 0; i < NEW; i++) {
                try (NDManager step = manager.newSubManager()) {
                    NDArray states = fixture.decoder().forward(ids(step, text), Set.of(), false).states();
                    text = Arrays.copyOf(text, text.length + 1);
                    text[text.length - 1] = fixture.decoder().logits(states.get("0, -1"), false).argMax().getLong();
                }
            }
            assertArrayEquals(fixture.lists("greedy_without_cache").get(row),
                    Arrays.copyOfRange(text, text.length - NEW, text.length), "prompt " + row);
        }
    }

    /// Where all frequencies change at some length, the reference forgets its cache there and sees the last token
    /// only (transformers 4.57.6, Phi3ForCausalLM); what counts is what it computes without one.
    @ParameterizedTest
    @MethodSource("fixtures")
    void greedyTokensWithACacheAreTheReferencesInABatchAndAlone(String name) {
        FamilyFixture fixture = fixture(name);
        List<long[]> wanted = fixture.lists(fixture.decoder().config().rereadBeyond() > 0
                ? "greedy_without_cache"
                : "greedy");
        assertGreedy(fixture.decoder(), fixture.prompts(), wanted);
        assertGreedy(fixture.decoder(), fixture.prompts().subList(1, 2), wanted.subList(1, 2));
    }

    private static void assertGreedy(Decoder decoder, List<long[]> prompts, List<long[]> wanted) {
        int rows = prompts.size();
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            long[][] first = decoding.advance(greedy(rows, 11), NO_EOS);
            long[][] second = decoding.advance(greedy(rows, NEW - 11), NO_EOS);
            for (int row = 0; row < rows; row++) {
                assertArrayEquals(Arrays.copyOf(wanted.get(row), 11), first[row], rows + " rows, row " + row);
                assertArrayEquals(Arrays.copyOfRange(wanted.get(row), 11, NEW), second[row],
                        rows + " rows, row " + row);
            }
        }
    }

    /// The first row is already being written when the others join.
    @ParameterizedTest
    @MethodSource("fixtures")
    void greedyTokensOfRowsThatJoinAreTheReferences(String name) {
        FamilyFixture fixture = fixture(name);
        List<long[]> wanted = fixture.lists(
                fixture.decoder().config().rereadBeyond() > 0 ? "greedy_without_cache" : "greedy");
        List<long[]> prompts = fixture.prompts();
        int rows = prompts.size();
        try (Decoding decoding = Decoding.start(fixture.decoder(), prompts.subList(0, 1))) {
            long[][] first = decoding.advance(greedy(1, 7), NO_EOS);
            try (Decoding others = Decoding.start(fixture.decoder(), prompts.subList(1, rows))) {
                decoding.join(others);
            }
            long[][] second = decoding.advance(greedy(rows, NEW - 7), NO_EOS);
            assertArrayEquals(Arrays.copyOf(wanted.getFirst(), 7), first[0]);
            assertArrayEquals(Arrays.copyOfRange(wanted.getFirst(), 7, NEW), second[0]);
            for (int row = 1; row < rows; row++) {
                assertArrayEquals(Arrays.copyOf(wanted.get(row), NEW - 7), second[row], "row " + row);
            }
        }
    }

    private static Draws greedy(int rows, int steps) {
        return new Draws(Sampling.GREEDY, new double[rows][steps]);
    }

    /// Also over the length at which frequencies change and all is read again.
    @ParameterizedTest
    @MethodSource("fixtures")
    void aGivenTokenIsReadAsOneThatWasDrawn(String name) {
        FamilyFixture fixture = fixture(name);
        List<long[]> prompts = fixture.prompts().stream().map(prompt -> Arrays.copyOf(prompt, 13)).toList();
        try (Decoding drawn = Decoding.start(fixture.decoder(), prompts);
                Decoding given = Decoding.start(fixture.decoder(), prompts)) {
            long[][] tokens = drawn.advance(greedy(prompts.size(), 8), new long[] {-1});
            for (int step = 0; step < 8; step++) {
                int at = step;
                given.write(Arrays.stream(tokens).mapToLong(row -> row[at]).toArray());
            }
            assertArrayEquals(drawn.advance(greedy(prompts.size(), 4), new long[] {-1}),
                    given.advance(greedy(prompts.size(), 4), new long[] {-1}));
        }
    }

    /// Rows on both sides of the lengths at which frequencies change (16 in the fixtures that have such a length),
    /// each alone and all together.
    @ParameterizedTest
    @MethodSource("fixtures")
    void aRowsNumbersDoNotDependOnItsNeighbours(String name) {
        FamilyFixture fixture = fixture(name);
        long[] longest = fixture.prompts().getFirst();
        int[] lengths = {11, longest.length, 2, 18, 16, 17};
        long[][] padded = Arrays.stream(lengths).mapToObj(
                length -> Arrays.copyOf(Arrays.copyOf(longest, length), longest.length)).toArray(long[][]::new);
        for (Set<Tap> taps : List.<Set<Tap>>of(Set.of(), Set.of(new Tap.Probabilities(0)))) {
            try (NDManager step = manager.newSubManager()) {
                NDArray together = fixture.decoder().forward(step.create(padded), lengths, taps, false).states();
                for (int row = 0; row < lengths.length; row++) {
                    NDArray alone = fixture.decoder()
                            .forward(ids(step, Arrays.copyOf(longest, lengths[row])), taps, false).states();
                    float gap = FamilyFixture.gap(
                            alone, together.get("%d:%d, :%d".formatted(row, row + 1, lengths[row])));
                    assertTrue(gap <= 1e-5 * Math.max(1, alone.abs().max().getFloat()),
                            "row of %d tokens: %s".formatted(lengths[row], gap));
                }
            }
        }
    }

    /// The same of what a student learns: the slope of the sum is the sum of the slopes.
    @ParameterizedTest
    @MethodSource("fixtures")
    void aRowsGradientsDoNotDependOnItsNeighbours(String name) {
        FamilyFixture fixture = fixture(name);
        long[] longest = fixture.prompts().getFirst();
        int[] lengths = {11, longest.length, 17};
        long[][] padded = Arrays.stream(lengths).mapToObj(
                length -> Arrays.copyOf(Arrays.copyOf(longest, length), longest.length)).toArray(long[][]::new);
        fixture.decoder().trainable(true);
        try (NDManager step = manager.newSubManager()) {
            NDArray together = slope(fixture, step.create(padded), lengths);
            NDArray alone = slope(fixture, ids(step, Arrays.copyOf(longest, lengths[0])), new int[] {lengths[0]});
            for (int row = 1; row < lengths.length; row++) {
                alone = alone.add(slope(fixture, ids(step, Arrays.copyOf(longest, lengths[row])),
                        new int[] {lengths[row]}));
            }
            float gap = FamilyFixture.gap(together, alone) / alone.abs().max().getFloat();
            assertTrue(gap <= 1e-4, "relative to the largest " + gap);
        } finally {
            fixture.decoder().trainable(false);
        }
    }

    /// Gradients are added up, and the fixtures are those of all tests here.
    private static void forget(Decoder decoder) {
        decoder.weights().values().stream().filter(NDArray::hasGradient).forEach(weight ->
                weight.getGradient().subi(weight.getGradient().duplicate()));
    }

    /// @return gradient of the embedding of the sum of squared logits at real positions
    private static NDArray slope(FamilyFixture fixture, NDArray ids, int[] lengths) {
        Decoder decoder = fixture.decoder();
        forget(decoder);
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray logits = decoder.logits(decoder.forward(ids, lengths, Set.of(), true).states(), true);
            NDArray real = ids.getManager().zeros(logits.getShape());
            for (int row = 0; row < lengths.length; row++) {
                real.set(new NDIndex(row + ", :" + lengths[row]), 1f);
            }
            collector.backward(logits.square().mul(real).sum());
        }
        NDArray gradient = decoder.embedding().getGradient().duplicate();
        gradient.attach(ids.getManager());
        return gradient;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyFieldThatMattersIsRead(String name) throws Exception {
        FamilyFixture fixture = fixture(name);
        NDArray prompt = ids(manager, fixture.prompts().getFirst());
        for (Map.Entry<String, JsonNode> field : fixture.expected().get("matters").properties()) {
            Path other = fixture.with(field.getKey(), field.getValue(), folder.resolve(name + field.getKey()));
            try (Decoder changed = Decoder.load(other, manager); NDManager step = manager.newSubManager()) {
                prompt.attach(step);
                float gap = fixture.gap("logits",
                        changed.logits(changed.forward(prompt, Set.of(), false).states(), false));
                prompt.attach(manager);
                assertTrue(gap > 0.01, field.getKey() + " changes the logits by " + gap);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void configFilesOfTheReferenceAndOfOursSayTheSame(String name) {
        FamilyFixture fixture = fixture(name);
        assertEquals(fixture.decoder().config(), ConfigJson.read(fixture.folder().resolve("config_saved.json")));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsSavedLoadsBitForBit(String name) {
        FamilyFixture fixture = fixture(name);
        Path saved = folder.resolve("saved-" + name);
        fixture.decoder().save(saved, DType.F32);
        try (Decoder loaded = Decoder.load(saved, manager)) {
            assertEquals(fixture.decoder().config(), loaded.config());
            assertEquals(List.copyOf(fixture.decoder().weights().keySet()), List.copyOf(loaded.weights().keySet()));
            fixture.decoder().weights().forEach((key, weight) ->
                    assertArrayEquals(weight.toFloatArray(), loaded.weights().get(key).toFloatArray(), key));
        }
    }
}
