package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a row is given does not depend on who joins and leaves beside it, on the chunks in which its prompt is read, or
/// on whether it borrows what another has read. Every family: windows that are rings, frequencies that depend on the
/// length, experts, bounded scores.
class ContinuedRowsLaws {
    private static final int NEW = 14;
    private static final long[] NO_EOS = {-2};
    private static NDManager manager;

    @BeforeAll
    static void open() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    static Stream<String> fixtures() {
        return FamilyFixture.names().stream();
    }

    /// A row, what it is to become, and how far it is.
    private static final class Row {
        private final long[] prompt;
        private final double[] uniforms;
        private final long[] wanted;
        private int written;

        Row(Decoder decoder, long[] prompt, double[] uniforms) {
            this.prompt = prompt;
            this.uniforms = uniforms;
            try (Decoding alone = Decoding.start(decoder, List.of(prompt))) {
                wanted = alone.advance(new Draws(List.of(next(NEW))), NO_EOS)[0];
            }
        }

        Draws.Row next(int steps) {
            Sampling sampling = uniforms.length == 0 ? Sampling.GREEDY : Sampling.PLAIN;
            return new Draws.Row(sampling, uniforms.length == 0 ? new double[steps]
                    : Arrays.copyOfRange(uniforms, written, written + steps), Draws.Text.UNKNOWN);
        }
    }

    private static Decoding joining(Decoder decoder, long[] prompt, SplittableRandom random) {
        return joining(decoder, prompt, Optional.empty(), random);
    }

    private static Decoding joining(
            Decoder decoder, long[] prompt, Optional<Decoding.Shared> shared, SplittableRandom random) {
        int alike = random.nextBoolean() ? 1 : 1_000; // what it begins with is copied, or held once for both
        Decoding decoding = Decoding.begin(decoder, prompt, prompt.length, shared, alike);
        while (decoding.unread() > 0) {
            decoding.read(1 + random.nextInt(9));
        }
        return decoding;
    }

    private static Optional<Decoding.Shared> shared(List<Row> rows, Decoding running, long[] prompt) {
        for (int row = 0; row < rows.size(); row++) {
            long[] other = rows.get(row).prompt;
            int alike = Arrays.mismatch(prompt, other);
            int tokens = Math.min(prompt.length - 1, alike < 0 ? prompt.length : alike);
            if (tokens > 2 && running.lends(row, tokens, prompt.length)) {
                return Optional.of(new Decoding.Shared(running, row, tokens));
            }
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void rowsThatComeAndGoAreEachAsIfAlone(String name) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        FamilyFixture fixture = FamilyFixture.open(name, manager);
        try (Decoder decoder = fixture.decoder()) {
            List<Row> waiting = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                long[] text = fixture.prompts().get(i % fixture.prompts().size());
                int length = Math.max(1, Math.min(text.length, 3 + random.nextInt(20)));
                waiting.add(new Row(decoder, Arrays.copyOf(text, length),
                        i % 2 == 0 ? new double[0] : random.doubles(NEW).toArray()));
            }
            int borrowed = run(decoder, waiting, random);
            assertTrue(borrowed > 0 || !decoder.config().steady(), "no row borrowed anything");
        }
    }

    /// Rows much longer than a window of 8, so that its layers write over what they hold; in chunks, and continued.
    @ParameterizedTest
    @ValueSource(strings = {"mistral", "gemma3"})
    void layersWithAWindowKeepNoMoreThanTheySee(String name, @TempDir Path folder) throws Exception {
        FamilyFixture fixture = FamilyFixture.open(name, manager);
        fixture.decoder().close();
        Path longer = fixture.with("max_position_embeddings", IntNode.valueOf(400), folder.resolve(name));
        long[] prompt = new SplittableRandom(5).longs(190, 0, 60).toArray();
        try (Decoder decoder = Decoder.load(longer, manager);
                Decoding running = joining(decoder, prompt, new SplittableRandom(6));
                Decoding other = joining(decoder, Arrays.copyOf(prompt, 140), new SplittableRandom(7))) {
            CacheSizes sizes = decoder.cacheSizes();
            assertTrue(sizes.ring() < 190 && sizes.near() > 0, sizes.toString());
            assertTrue(!running.lends(0, 60, 150), "what was written over is not lent");
            running.join(other);
            long[][] tokens = running.advance(new Draws(Sampling.GREEDY, new double[2][40]), NO_EOS);
            assertArrayEquals(uncached(decoder, prompt, 40), tokens[0]);
            assertArrayEquals(uncached(decoder, Arrays.copyOf(prompt, 140), 40), tokens[1]);
        }
    }

    /// As a draft is read and taken back: whatever was read behind what is left has no effect.
    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsReadAtOnceAndTakenBackLeavesNothing(String name) {
        FamilyFixture fixture = FamilyFixture.open(name, manager);
        List<long[]> prompts = fixture.prompts().stream().limit(2).map(prompt -> Arrays.copyOf(prompt, 6)).toList();
        try (Decoder decoder = fixture.decoder(); NDManager step = manager.newSubManager();
                Decoding plain = Decoding.start(decoder, prompts);
                Decoding guessed = Decoding.start(decoder, prompts)) {
            long[][] wanted = plain.advance(new Draws(Sampling.GREEDY, new double[2][NEW]), NO_EOS);
            long[] guess = Arrays.copyOf(wanted[0], 5);
            guess[3] = (guess[3] + 1) % decoder.config().vocab();
            NDArray logits = guessed.extend(List.of(guess, new long[] {wanted[1][0]}), step); // [6, vocab]
            long[] next = logits.argMax(1).toLongArray();
            assertArrayEquals(new long[] {wanted[0][1], wanted[0][2], wanted[0][3], wanted[1][1]},
                    new long[] {next[0], next[1], next[2], next[5]});
            guessed.back(0, 2);
            guessed.back(1, 0);
            long[][] rest = guessed.advance(new Draws(Sampling.GREEDY, new double[2][NEW - 3]), NO_EOS);
            assertArrayEquals(Arrays.copyOfRange(wanted[0], 3, NEW), rest[0]);
            assertArrayEquals(Arrays.copyOfRange(wanted[1], 1, NEW - 2), rest[1]);
        }
    }

    /// The likeliest next token, again and again, each time from the whole sequence.
    private static long[] uncached(Decoder decoder, long[] prompt, int steps) {
        long[] ids = prompt.clone();
        for (int i = 0; i < steps; i++) {
            try (NDManager step = manager.newSubManager()) {
                NDArray states = decoder.forward(step.create(new long[][] {ids}), Set.of(), false).states();
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = decoder.logits(states.get("0, -1"), false).argMax().getLong();
            }
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    /// @return how many rows began with what another had read
    private static int run(Decoder decoder, List<Row> waiting, SplittableRandom random) {
        List<Row> rows = new ArrayList<>(List.of(waiting.removeFirst()));
        int borrowed = 0;
        try (Decoding running = joining(decoder, rows.getFirst().prompt, random)) {
            while (!rows.isEmpty() || !waiting.isEmpty()) {
                if (!waiting.isEmpty()) {
                    Row next = waiting.removeFirst();
                    Optional<Decoding.Shared> shared = shared(rows, running, next.prompt);
                    borrowed += shared.isPresent() ? 1 : 0;
                    try (Decoding more = joining(decoder, next.prompt, shared, random)) {
                        running.join(more);
                    }
                    rows.add(next);
                }
                int steps = Math.min(1 + random.nextInt(5),
                        rows.stream().mapToInt(row -> NEW - row.written).min().orElseThrow());
                long[][] tokens = running.advance(new Draws(rows.stream().map(row -> row.next(steps)).toList()), NO_EOS);
                for (int row = 0; row < rows.size(); row++) {
                    Row its = rows.get(row);
                    assertArrayEquals(Arrays.copyOfRange(its.wanted, its.written, its.written + steps), tokens[row],
                            "prompt of " + its.prompt.length + ", written " + its.written);
                    its.written += steps;
                }
                int[] open = IntStream.range(0, rows.size()).filter(row -> rows.get(row).written < NEW).toArray();
                if (open.length < rows.size()) {
                    running.keep(open);
                    List<Row> kept = IntStream.of(open).mapToObj(rows::get).toList();
                    rows.clear();
                    rows.addAll(kept);
                }
            }
            assertEquals(0, running.bytes(), "a cache without rows");
        }
        return borrowed;
    }
}
