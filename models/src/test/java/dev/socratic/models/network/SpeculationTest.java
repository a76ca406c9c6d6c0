package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpeculationTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final List<long[]> PROMPTS = List.of(new long[] {5, 9, 33}, new long[] {7},
            new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});

    private static ModelConfig config(int vocab, int hidden) {
        return ModelConfig.llama(vocab, hidden, 2, 4, 2, 48, 96, true, SpecialTokens.none()).withInitializerRange(0.4);
    }

    /// One row as it is written by both.
    private static final class Written {
        private final Decoding large;
        private final Decoding small;
        private long[] pending = {};
        private long[] behind = {};
        private final List<Long> tokens = new ArrayList<>();
        private int drafted;
        private int stood;

        Written(Decoder large, Decoder small, long[] prompt) {
            this.large = Decoding.start(large, List.of(prompt));
            this.small = Decoding.start(small, List.of(prompt));
        }

        Speculation.Row row(Sampling sampling, double[] uniforms, int wanted) {
            return new Speculation.Row(large, 0, small, pending, behind,
                    new Draws.Row(sampling, uniforms, Draws.Text.UNKNOWN), wanted);
        }

        void take(Speculation.Step step) {
            Arrays.stream(step.tokens()).forEach(tokens::add);
            pending = new long[] {tokens.getLast()};
            behind = step.behind();
            drafted += step.drafted();
            stood += step.tokens().length - 1;
        }
    }

    private static long[] greedy(Decoder decoder, long[] prompt, int steps) {
        try (Decoding plain = Decoding.start(decoder, List.of(prompt))) {
            return plain.advance(new Draws(Sampling.GREEDY, new double[1][steps]), new long[] {-2})[0];
        }
    }

    private static void write(Decoder large, Decoder small, int most, int tokens) {
        Speculation speculation = new Speculation(small, most);
        List<Written> rows = PROMPTS.stream().map(prompt -> new Written(large, small, prompt)).toList();
        while (rows.stream().anyMatch(row -> row.tokens.size() < tokens)) {
            List<Written> open = rows.stream().filter(row -> row.tokens.size() < tokens).toList();
            List<Speculation.Step> steps = speculation.advance(open.stream().map(row -> row.row(Sampling.GREEDY,
                    new double[speculation.uniforms()], tokens - row.tokens.size())).toList());
            IntStream.range(0, open.size()).forEach(i -> open.get(i).take(steps.get(i)));
        }
        for (int i = 0; i < rows.size(); i++) {
            assertArrayEquals(greedy(large, PROMPTS.get(i), tokens),
                    rows.get(i).tokens.stream().mapToLong(Long::longValue).toArray(), "row " + i + " of " + most);
            assertEquals(tokens, rows.get(i).tokens.size(), "no more than wanted");
        }
    }

    /// Whoever drafts, and however much of it stands: a stranger, the model itself, one with more tokens.
    @Test
    void greedyTextIsWhatItIsWithoutADraft() {
        try (NDManager manager = Engines.manager(); Decoder large = Decoder.random(config(64, 32), 5, manager);
                Decoder other = Decoder.random(config(64, 16), 8, manager);
                Decoder wider = Decoder.random(config(80, 16), 9, manager)) {
            for (int most : new int[] {1, 4, 7}) {
                write(large, other, most, 60);
                write(large, large, most, 60);
                write(large, wider, most, 30);
            }
        }
    }

    @Test
    void whatTheModelDraftsForItselfStands() {
        try (NDManager manager = Engines.manager(); Decoder large = Decoder.random(config(64, 32), 5, manager)) {
            Written row = new Written(large, large, PROMPTS.getFirst());
            Speculation speculation = new Speculation(large, 4);
            while (row.tokens.size() < 40) {
                row.take(speculation.advance(List.of(row.row(Sampling.GREEDY, new double[9], 50))).getFirst());
            }
            assertEquals(row.drafted, row.stood);
            assertEquals(40, row.drafted / 4 * 5, "five tokens a step");
        }
    }

    /// To the end of the context, where less and less can be drafted.
    @Test
    void aRowIsWrittenToTheEndOfTheContext() {
        try (NDManager manager = Engines.manager(); Decoder large = Decoder.random(config(64, 32), 5, manager);
                Decoder other = Decoder.random(config(64, 16), 8, manager)) {
            write(large, other, 5, 96 - 11);
        }
    }

    /// Layers that see eight tokens, in a ring that is written over many times.
    @Test
    void layersWithAWindowAreSetBack() {
        try (NDManager manager = Engines.manager();
                Decoder large = Decoder.load(java.nio.file.Path.of("src/test/resources/families/mistral"), manager);
                Decoder other = Decoder.random(config(large.config().vocab(), 16), 8, manager)) {
            assertTrue(large.config().window() > 0);
            Written row = new Written(large, other, PROMPTS.getFirst());
            Speculation speculation = new Speculation(other, 4);
            int tokens = Math.min(80, large.config().context() - 4);
            while (row.tokens.size() < tokens) {
                row.take(speculation.advance(List.of(row.row(Sampling.GREEDY, new double[9],
                        tokens - row.tokens.size()))).getFirst());
            }
            assertArrayEquals(greedy(large, PROMPTS.getFirst(), tokens),
                    row.tokens.stream().mapToLong(Long::longValue).toArray());
        }
    }

    /// Leviathan et al. 2023: whatever q is, each token is drawn from p. p = (0.5, 0.3, 0.2, 0), q = (0.1, 0.1, 0.2,
    /// 0.6), then p' = (0, 0, 0.25, 0.75), q' = (0.25, 0.25, 0.25, 0.25); the share that stands of the first is the sum
    /// of the smaller ones, 0.4.
    @Test
    void everyTokenIsDrawnFromTheLargeModelsDistribution() {
        double[][] p = {{0.5, 0.3, 0.2, 0}, {0, 0, 0.25, 0.75}, {1, 0, 0, 0}};
        double[][] q = {{0.1, 0.1, 0.2, 0.6}, {0.25, 0.25, 0.25, 0.25}};
        int rows = 40_000;
        SplittableRandom random = new SplittableRandom(4);
        long[][] drafted = new long[rows][2];
        for (long[] row : drafted) {
            for (int i = 0; i < 2; i++) {
                row[i] = picked(q[i], random.nextDouble());
            }
        }
        double[][] uniforms = IntStream.range(0, rows).mapToObj(i -> random.doubles(2).toArray())
                .toArray(double[][]::new);
        try (NDManager manager = Engines.manager(); Program program = Program.resources(manager, Decoder.class,
                List.of(Distribution.TEXT, "/programs/sampler.ts.py"))) {
            long[] all = new long[rows];
            Arrays.setAll(all, i -> i);
            long[] two = new long[rows];
            Arrays.fill(two, 2);
            long[][] index = new long[rows][];
            Arrays.fill(index, new long[] {0, 1, 2});
            var out = program.run("verify", Arg.of(manager.create(p)), Arg.of(manager.create(index)),
                    Arg.of(Arrays.stream(q).map(one -> manager.create(one).expandDims(0).repeat(0, rows)).toList()),
                    Arg.of(List.of(manager.create(all), manager.create(all))), Arg.of(manager.create(drafted)),
                    Arg.of(manager.create(two)), Arg.of(manager.create(uniforms)),
                    Arg.of(manager.create(random.doubles(rows).toArray())));
            long[] stand = out.get(0).toLongArray();
            long[] next = out.get(1).toLongArray();
            assertShares(p[0], IntStream.range(0, rows).mapToLong(i -> stand[i] > 0 ? drafted[i][0] : next[i])
                    .toArray());
            int[] further = IntStream.range(0, rows).filter(i -> stand[i] > 0).toArray();
            assertEquals(0.4, further.length / (double) rows, 5 * Math.sqrt(0.24 / rows));
            assertShares(p[1], IntStream.of(further).mapToLong(i -> stand[i] > 1 ? drafted[i][1] : next[i]).toArray());
            IntStream.range(0, rows).filter(i -> stand[i] == 2).forEach(i -> assertEquals(0, next[i]));
        }
    }

    private static int picked(double[] shares, double uniform) {
        double left = uniform;
        for (int i = 0; i < shares.length; i++) {
            left -= shares[i];
            if (left < 0) {
                return i;
            }
        }
        return shares.length - 1;
    }

    private static void assertShares(double[] wanted, long[] tokens) {
        for (int token = 0; token < wanted.length; token++) {
            int id = token;
            double share = Arrays.stream(tokens).filter(one -> one == id).count() / (double) tokens.length;
            assertEquals(wanted[token], share, 5 * Math.sqrt(wanted[token] * (1 - wanted[token]) / tokens.length)
                    + 1e-12, "token " + token);
        }
    }

    /// Of whole models, with what a sampling narrows: pairs of tokens as often as without a draft.
    @Test
    void pairsOfTokensAreAsOftenAsWithoutADraft() {
        ModelConfig tiny = ModelConfig.llama(8, 16, 1, 2, 2, 16, 32, true, SpecialTokens.none())
                .withInitializerRange(0.6);
        Sampling sampling = new Sampling(1.2, 0.9, 6, 0.01);
        int draws = 2_000;
        long[] prompt = {3, 1};
        try (NDManager manager = Engines.manager(); Decoder large = Decoder.random(tiny, 5, manager);
                Decoder other = Decoder.random(tiny, 8, manager)) {
            double[] plain = new double[64];
            double[] speculative = new double[64];
            SplittableRandom random = new SplittableRandom(6);
            for (int from = 0; from < draws; from += 500) {
                double[][] uniforms = IntStream.range(0, 500).mapToObj(i -> random.doubles(2).toArray())
                        .toArray(double[][]::new);
                try (Decoding decoding = Decoding.start(large, java.util.Collections.nCopies(500, prompt))) {
                    for (long[] pair : decoding.advance(new Draws(sampling, uniforms), new long[] {-2})) {
                        plain[(int) (8 * pair[0] + pair[1])]++;
                    }
                }
                try (Decoding decoding = Decoding.start(large, java.util.Collections.nCopies(500, prompt))) {
                    List<Speculation.Row> rows = IntStream.range(0, 500).mapToObj(row -> new Speculation.Row(decoding,
                            row, Decoding.start(other, List.of(prompt)), new long[0], new long[0],
                            new Draws.Row(sampling, random.doubles(3).toArray(), Draws.Text.UNKNOWN), 2)).toList();
                    Speculation speculation = new Speculation(other, 1);
                    List<Speculation.Step> first = speculation.advance(rows);
                    List<Speculation.Row> rest = new ArrayList<>();
                    List<long[]> begun = new ArrayList<>();
                    for (int row = 0; row < 500; row++) {
                        long[] tokens = first.get(row).tokens();
                        if (tokens.length == 2) {
                            speculative[(int) (8 * tokens[0] + tokens[1])]++;
                        } else {
                            begun.add(tokens);
                            rest.add(new Speculation.Row(decoding, row, rows.get(row).drafting(), tokens,
                                    first.get(row).behind(), new Draws.Row(sampling, random.doubles(3).toArray(),
                                            Draws.Text.UNKNOWN), 1));
                        }
                    }
                    List<Speculation.Step> second = speculation.advance(rest);
                    for (int i = 0; i < second.size(); i++) {
                        speculative[(int) (8 * begun.get(i)[0] + second.get(i).tokens()[0])]++;
                    }
                    rows.forEach(row -> row.drafting().close());
                }
            }
            double distance = 0; // chi squared of two samples
            int pairs = 0;
            for (int pair = 0; pair < 64; pair++) {
                double both = plain[pair] + speculative[pair];
                pairs += both > 0 ? 1 : 0;
                distance += both == 0 ? 0 : Math.pow(plain[pair] - speculative[pair], 2) / both;
            }
            assertTrue(pairs > 12, "they are not all alike: " + pairs);
            assertTrue(distance < pairs + 5 * Math.sqrt(2.0 * pairs), distance + " of " + pairs);
        }
    }
}
