package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Call;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.Watch;
import dev.socratic.models.rehearsal.MetaText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A model whose layers lie on several devices. There is one processor here, so numbers are compared with the layers
/// split over it and itself, and that nothing crosses a border unmoved is seen with the later half on `meta`, where an
/// operator of arrays from both sides fails.
class SpreadLaws {
    private static final Spread TWICE = new Spread(List.of("cpu", "cpu"));
    private static final String MOVE = "return torch.to(x, like.device, ops.prim.dtype(x), False, False)";
    /// The way back brings no numbers from `meta`.
    private static final String MOVE_BACK = """
            if x.is_meta and not like.is_meta:
                y = torch.zeros(x.size(), dtype=ops.prim.dtype(x), device=like.device)
              else:
                y = torch.to(x, like.device, ops.prim.dtype(x), False, False)
              return y""";
    private static final String SEND = """
            def send(self, x: Tensor) -> Tensor:
              return torch.to(x, torch.device("meta"), ops.prim.dtype(x), False, False)
            """;

    static List<String> families() {
        return FamilyFixture.names();
    }

    private static Decoder load(String family, Spread spread, NDManager manager) {
        return DecoderFolder.load(FamilyFixture.ALL.resolve(family), manager, FloatType.FLOAT32, FloatType.FLOAT32,
                Quantization.NONE, spread, false);
    }

    @ParameterizedTest
    @MethodSource("families")
    void aModelOverSeveralDevicesGivesTheSameNumbers(String family) {
        try (NDManager manager = Compute.CPU.manager();
                Decoder whole = load(family, Spread.NONE, manager);
                Decoder split = load(family, TWICE, manager)) {
            NDArray ids = manager.create(new long[][] {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}});
            Set<Tap> taps = Set.of(new Tap.Hidden(0), new Tap.Scores(whole.config().layers() - 1));
            Signals one = whole.forward(ids, taps, false);
            Signals other = split.forward(ids, taps, false);
            assertArrayEquals(one.states().toFloatArray(), other.states().toFloatArray());
            taps.forEach(tap -> assertArrayEquals(one.get(tap).toFloatArray(), other.get(tap).toFloatArray()));
            assertArrayEquals(written(whole), written(split));
        }
    }

    private static long[] written(Decoder decoder) {
        try (Decoding decoding = Decoding.start(decoder, List.of(new long[] {1, 2, 3}, new long[] {4, 5}))) {
            long[][] tokens = decoding.advance(new Draws(Sampling.GREEDY, new double[2][6]), new long[] {});
            decoding.keep(new int[] {1, 1});
            decoding.write(new long[] {7, 8});
            long[][] more = decoding.advance(new Draws(Sampling.GREEDY, new double[2][2]), new long[] {});
            List<Long> all = new ArrayList<>();
            for (long[] row : tokens) {
                for (long token : row) {
                    all.add(token);
                }
            }
            for (long[] row : more) {
                for (long token : row) {
                    all.add(token);
                }
            }
            return all.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /// Every way through the layers, of a family with windows, bounded scores and learned norms.
    @ParameterizedTest
    @ValueSource(strings = {"gemma2", "phi3_long", "mixtral"})
    void nothingCrossesABorderUnmoved(String family) {
        Border border = new Border(family, "");
        assertEquals(new TreeSet<>(Set.of("copy_slots", "decode", "empty_slab", "read", "read_forest", "states",
                "write")), border.methods);
        assertEquals(Map.of(), border.failed);
    }

    /// The law sees each move: without it, something fails. (But for two: `meta` lets `masked_fill` and `index_select`
    /// take a mask or an index from elsewhere, so that of `future` and that of `origins` stand unproven.)
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "gemma2; x = self.beside(x, w[0])", "gemma2; turns = self.all_beside(turns, w[0])",
        "gemma2; masks = self.all_beside(masks, w[0])", "gemma2; where = self.all_beside(where, w[0])",
        "gemma2; rotations = self.all_beside(rotations, w[0])", "mistral; far = self.beside(far, w[0])",
        "mixtral; seen = self.beside(seen, w[0])", "gemma2; close = self.beside(close, w[0])",
        "gemma2; x = self.beside(x, home)", "gemma2; targets = self.beside(targets, target[i])"
    })
    void withoutAMoveTheLawFails(String family, String move) {
        assertTrue(!new Border(family, move).failed.isEmpty(), move);
    }

    /// Makes each kind of call of a split decoder again, the later half of its layers and of what is kept of them on
    /// `meta`.
    private static final class Border {
        private final Set<String> methods = new TreeSet<>();
        private final Map<String, String> failed = new TreeMap<>();
        private final Set<String> seen = new HashSet<>();
        private final Map<NDArray, Boolean> far = new IdentityHashMap<>();
        private final Map<String, Program> programs = new HashMap<>();
        private final String without;
        private int layers;

        Border(String family, String without) {
            this.without = without;
            try (NDManager manager = Compute.CPU.manager(); Decoder decoder = load(family, TWICE, manager);
                    Program send = Program.compile(manager, "send", SEND)) {
                layers = decoder.config().layers();
                List<NDArray> arrays = decoder.layers();
                for (int i = 0; i < arrays.size(); i++) {
                    far.put(arrays.get(i), later(i / (arrays.size() / layers))); // as many in each layer
                }
                try (Watch ignored = new Watch(call -> again(call, manager, send))) {
                    NDArray ids = manager.create(new long[1][40]);
                    decoder.forward(ids, Set.of(), false);
                    written(decoder);
                    new SharedPass(decoder).run(List.of(new SharedPass.Row(new long[30], 1),
                            new SharedPass.Row(new long[] {0, 0, 4, 5}, 1)), manager, (states, places) -> { });
                }
                programs.values().forEach(Program::close);
            }
        }

        private void again(Call call, NDManager manager, Program send) {
            boolean crosses = call.args().stream().anyMatch(arg -> arg instanceof Arg.Many(List<NDArray> all)
                    && all.stream().anyMatch(this::kept));
            if (!crosses || !seen.add(call.method() + call.args().stream().filter(arg -> arg instanceof Arg.Ints
                    || arg instanceof Arg.Flag).toList())) {
                return;
            }
            methods.add(call.method());
            Program program = programs.computeIfAbsent(call.program().source(), source -> Program.compile(manager,
                    "border", MetaText.blind(MetaText.of(crippled(source.replace(MOVE, MOVE_BACK))))));
            try (NDManager scope = manager.newSubManager()) {
                Arg[] args = call.args().stream().map(arg -> arg instanceof Arg.Many(List<NDArray> all)
                        ? Arg.of(sent(all, send, scope)) : arg).toArray(Arg[]::new);
                program.runIn(scope, call.method(), args);
            } catch (IllegalStateException unmoved) {
                failed.put(call.method(), unmoved.getMessage());
            }
        }

        private boolean later(int layer) {
            return layer >= (layers + 1) / 2;
        }

        private String crippled(String source) {
            return without.isEmpty() ? source : source.replace(without, "pass");
        }

        /// A weight of a layer, or keys or values.
        private boolean kept(NDArray array) {
            return far.containsKey(array) || array.getShape().dimension() == 4;
        }

        private List<NDArray> sent(List<NDArray> all, Program send, NDManager scope) {
            List<NDArray> sent = new ArrayList<>();
            boolean cache = !all.isEmpty() && !far.containsKey(all.getFirst())
                    && all.stream().allMatch(this::kept) && all.size() % (2 * layers) == 0;
            for (int i = 0; i < all.size(); i++) {
                boolean behind = cache ? later(i / 2 % layers) : far.getOrDefault(all.get(i), false);
                sent.add(behind ? send.runIn(scope, "send", Arg.of(all.get(i))).singletonOrThrow() : all.get(i));
            }
            return sent;
        }
    }

    @Test
    void layersLieInOrderAndEvenly() {
        Spread three = new Spread(List.of("cuda:0", "cuda:2", "cuda:1"));
        assertEquals(List.of("cuda:0", "cuda:0", "cuda:0", "cuda:2", "cuda:2", "cuda:1", "cuda:1"),
                IntStream.range(0, 7).mapToObj(layer -> three.of(layer, 7)).toList());
    }

    @Test
    void anAdapterOverSeveralDevicesIsToldToBeMerged() {
        Path adapter = Path.of("src/test/resources/adapters/plain");
        try (NDManager manager = Compute.CPU.manager()) {
            assertEquals("device: one device, for a base and an adapter beside it; got 'cpu,cpu'; merge them first: "
                    + "socratic merge BASE %s --out DIR".formatted(adapter), assertThrows(ConfigException.class,
                            () -> DecoderFolder.load(adapter, manager, FloatType.FLOAT32, FloatType.FLOAT32,
                                    Quantization.NONE, TWICE, false)).getMessage());
        }
    }
}
