package dev.socratic.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Call;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Makes each kind of call that the tests make of a program once more, with its arguments sent to the device `meta`:
/// there are shapes and types but no numbers, and whoever makes an array on the processor, or reads a number, fails.
/// [ProgramLaws] looks at what came of it, in this JVM and, where tests run in several side by side, in the others, each
/// of which leaves it in a file of the folder [#FOLDER].
public final class MetaRehearsal implements BeforeAllCallback {
    private static final String SEND = """
            def send(self, x: Tensor) -> Tensor:
              if x.is_mkldnn:
                # blocks stay on the processor: a plain matrix stands for them
                y = torch.zeros(x.size(), dtype=ops.prim.dtype(x), device=torch.device("meta"))
              else:
                y = torch.to(x, torch.device("meta"), ops.prim.dtype(x), False, False)
              return y
            """;
    /// Operators of which libtorch's meta device has no kernel, and what stands for each: others with its shapes, types
    /// and devices.
    private static final String STAND_INS = """

            def meta_index_select(self, x: Tensor, dim: int, index: Tensor) -> Tensor:
              rows = torch.index(torch.transpose(x, 0, dim), annotate(List[Optional[Tensor]], [index]))
              return torch.transpose(rows, 0, dim)

            def meta_abs(self, x: Tensor) -> Tensor:
              return torch.maximum(x, torch.neg(x))

            def meta_logical_or(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.bitwise_or(torch.ne(a, 0), torch.ne(b, 0))

            def meta_logical_and(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.bitwise_and(torch.ne(a, 0), torch.ne(b, 0))

            def meta_logical_not(self, x: Tensor) -> Tensor:
              return torch.eq(x, 0)

            def meta_where(self, c: Tensor, a: Tensor, b: Tensor) -> Tensor:
              return torch.maximum(torch.mul(c, a), b)

            def meta_relu(self, x: Tensor) -> Tensor:
              return torch.clamp_min(x, 0)

            def meta_isnan(self, x: Tensor) -> Tensor:
              return torch.ne(x, x)

            def meta_std(self, x: Tensor) -> Tensor:
              return torch.mean(x)

            def meta_cdist(self, a: Tensor, b: Tensor, p: float) -> Tensor:
              return torch.sum(torch.sub(a.unsqueeze(1), b.unsqueeze(0)), [-1])

            def meta_layer_norm(self, x: Tensor, axes: List[int], weight: Tensor, bias: Tensor, e: float) -> Tensor:
              return torch.add(torch.mul(x, weight), bias)

            def meta_logsumexp(self, x: Tensor, axes: List[int], keep: bool=False) -> Tensor:
              return torch.amax(x, axes, keep)

            def meta_embedding(self, table: Tensor, ids: Tensor) -> Tensor:
              return torch.index(table, annotate(List[Optional[Tensor]], [ids]))

            def meta_scaled_dot_product_attention(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor],\
             p: float=0., causal: bool=False, scale: Optional[float]=None) -> Tensor:
              y = torch.matmul(q, k.transpose(2, 3))
              if mask is not None:
                y = torch.add(y, torch.to(mask, ops.prim.dtype(y)))
              return torch.matmul(torch.softmax(y, -1), v)
            """;
    private static final Pattern NEEDED = Pattern.compile("\\btorch\\.(index_select|abs|logical_or|logical_and"
            + "|logical_not|where|relu|isnan|std|cdist|layer_norm|logsumexp|embedding"
            + "|scaled_dot_product_attention)\\(");
    private static final Map<String, String> LITERALLY = Map.of(
            "torch\\.triu_indices\\((\\w+), \\w+, 1, dtype=4, layout=None, device=x.device, pin_memory=False\\)",
            "torch.zeros([2, ($1 * ($1 - 1)) // 2], dtype=4, device=x.device)",
            "torch\\.searchsorted\\((\\w+), (\\w+), out_int32=False, right=True\\)", "torch.to($2 + torch.sum($1), 4)",
            "ops\\.mkldnn\\._reorder_linear_weight\\((\\w+), 1\\)", "$1",
            "ops\\.mkldnn\\._linear_pointwise\\((\\w+), (\\w+), (\\w+), [^\\n]*\\)", "torch.linear($1, $2, $3)",
            "torch\\._fused_adamw_\\([^\\n]*\\)", "torch._foreach_add_(weights, gradients)");

    /// What libtorch says of a number that is not there.
    private static final Pattern READ = Pattern.compile(
            "_local_scalar_dense|aten::nonzero|aten::bincount|aten::masked_select"
                    + "|Cannot copy out of meta tensor|repeat_interleave");
    private static final Pattern INNERMOST = Pattern.compile(", in (\\w+)$", Pattern.MULTILINE);

    /// Names a folder; what is in it when the build begins is cleared there.
    private static final String FOLDER = "socratic.rehearsals";
    private static final AtomicInteger CLASSES = new AtomicInteger();
    private static final Pattern FUNCTION = Pattern.compile("^def (\\w+)", Pattern.MULTILINE);
    private static final Pattern CALLS = Pattern.compile("self\\.(\\w+)\\(");

    /// The methods that were called from Java.
    private static final Map<Text, Set<String>> CALLED = new ConcurrentHashMap<>();
    /// By program and function, what a call on `meta` failed with.
    private static final Map<String, String> FAILED = new ConcurrentSkipListMap<>();
    /// Functions that read a number.
    private static final Set<String> READING = ConcurrentHashMap.newKeySet();

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private record Text(String name, String source) {}

    /// What came of the calls.
    ///
    /// @param classes how many classes of tests ran
    /// @param reached by their program's path, the functions that a test reached: what Java calls, and what that calls
    ///                in turn
    /// @param failed  by program and function, what a call failed with
    /// @param reading functions that read a number
    record Findings(int classes, Map<String, Set<String>> reached, Map<String, String> failed, Set<String> reading) {
        private Findings and(Findings other) {
            Map<String, Set<String>> both = new TreeMap<>();
            reached.forEach((path, functions) -> both.put(path, new TreeSet<>(functions)));
            other.reached.forEach((path, functions) ->
                    both.computeIfAbsent(path, ignored -> new TreeSet<>()).addAll(functions));
            Map<String, String> failures = new TreeMap<>(failed);
            failures.putAll(other.failed);
            Set<String> readers = new TreeSet<>(reading);
            readers.addAll(other.reading);
            return new Findings(classes + other.classes, both, failures, readers);
        }

        /// @param texts program texts by their path
        /// @return the functions that no test reached, by path
        Map<String, List<String>> unreached(Map<String, String> texts) {
            Map<String, List<String>> missing = new TreeMap<>();
            texts.forEach((path, text) -> {
                List<String> functions = FUNCTION.matcher(text).results().map(found -> found.group(1))
                        .filter(function -> !reached.getOrDefault(path, Set.of()).contains(function)).toList();
                if (!functions.isEmpty()) {
                    missing.put(path, functions);
                }
            });
            return missing;
        }
    }

    /// @return of this JVM and of those that have left theirs
    static Findings findings() throws IOException {
        Findings all = own();
        Optional<Path> own = file();
        if (own.isEmpty() || !Files.isDirectory(own.get().getParent())) {
            return all;
        }
        try (Stream<Path> files = Files.list(own.get().getParent())) {
            for (Path file : files.filter(path -> !path.equals(own.get())).sorted().toList()) {
                all = all.and(Json.mapper().readValue(file.toFile(), Findings.class));
            }
        }
        return all;
    }

    private static Findings own() {
        Map<String, Set<String>> reached = new TreeMap<>();
        CALLED.forEach((text, methods) -> {
            Set<String> functions = new HashSet<>();
            methods.forEach(method -> reach(text.source(), method, functions));
            for (String path : text.name().split(" \\+ ")) {
                reached.computeIfAbsent(path, ignored -> new TreeSet<>()).addAll(functions);
            }
        });
        return new Findings(CLASSES.get(), reached, new TreeMap<>(FAILED), new TreeSet<>(READING));
    }

    private static Optional<Path> file() {
        return Optional.ofNullable(System.getProperty(FOLDER))
                .map(folder -> Path.of(folder, ProcessHandle.current().pid() + ".json"));
    }

    private static void leave(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Json.mapper().writeValue(file.toFile(), own());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        CLASSES.incrementAndGet();
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Stage.class, ignored -> new Stage(), Stage.class);
    }

    /// Open as long as there are tests.
    private static final class Stage implements AutoCloseable {
        private final NDManager manager = Compute.CPU.manager();
        private final Program program = Program.compile(manager, "meta", SEND);
        private final Map<String, Program> compiled = new ConcurrentHashMap<>();
        private final Watch watch = new Watch(this::again);

        private void again(Call call) {
            CALLED.computeIfAbsent(new Text(call.program().name(), call.program().source()),
                    ignored -> ConcurrentHashMap.newKeySet()).add(call.method());
            String kind = call.program().source().hashCode() + call.method() + call.graph()
                    + call.args().stream().map(Stage::kind).toList();
            if (SEEN.add(kind)) {
                try (NDManager scope = manager.newSubManager()) {
                    Arg[] args = call.args().stream().map(arg -> sent(arg, scope, call.graph())).toArray(Arg[]::new);
                    Program same = compiled.computeIfAbsent(call.program().source(), this::forMeta);
                    if (call.graph()) {
                        same.withGraphIn(scope, call.method(), args);
                    } else {
                        same.runIn(scope, call.method(), args);
                    }
                } catch (IllegalStateException failed) {
                    failed(call, failed.getMessage());
                }
            }
        }

        private Program forMeta(String source) {
            String text = NEEDED.matcher(source).replaceAll("self.meta_$1(");
            for (Map.Entry<String, String> other : LITERALLY.entrySet()) {
                text = text.replaceAll(other.getKey(), other.getValue());
            }
            return Program.compile(manager, "for meta", text + STAND_INS);
        }

        private static void failed(Call call, String message) {
            Matcher function = INNERMOST.matcher(message);
            String innermost = call.method();
            while (function.find()) {
                innermost = function.group(1);
            }
            if (READ.matcher(message).find()) {
                READING.add(innermost);
            } else {
                FAILED.put(call.program().name() + ": " + innermost, message);
            }
        }

        private Arg sent(Arg arg, NDManager scope, boolean graph) {
            return switch (arg) {
                case Arg.One(NDArray array) -> Arg.of(sent(array, scope, graph));
                case Arg.Many(List<NDArray> arrays) -> Arg.of(
                        arrays.stream().map(array -> sent(array, scope, graph)).toList());
                default -> arg;
            };
        }

        private NDArray sent(NDArray array, NDManager scope, boolean graph) {
            return (graph ? program.withGraphIn(scope, "send", Arg.of(array))
                    : program.runIn(scope, "send", Arg.of(array))).singletonOrThrow();
        }

        /// What may take another way through a text: ranks, types, flags, how many of a list.
        private static String kind(Arg arg) {
            return switch (arg) {
                case Arg.One(NDArray array) -> kind(array);
                case Arg.Many(List<NDArray> arrays) -> (arrays.size() > 1 ? "many" : arrays.size())
                        + arrays.stream().map(Stage::kind).distinct().sorted().toList().toString();
                case Arg.Flags(List<Boolean> flags) -> IntStream.range(0, flags.size()).filter(flags::get)
                        .map(i -> i % 6).distinct().boxed().toList().toString();
                case Arg.Flag(boolean yes) -> String.valueOf(yes);
                case Arg.Int(long number) -> number == 0 ? "0" : "n";
                case Arg.Real(double number) -> number == 0 ? "0." : "n.";
                case Arg.Ints ignored -> "ints";
                case Arg.Reals ignored -> "reals";
                case Arg.Text ignored -> "text";
            };
        }

        private static String kind(NDArray array) {
            return array.getDataType() + "" + array.getShape().dimension();
        }

        @Override
        public void close() {
            watch.close();
            file().ifPresent(MetaRehearsal::leave);
            compiled.values().forEach(Program::close);
            program.close();
            manager.close();
        }
    }

    private static void reach(String source, String function, Set<String> reached) {
        if (reached.add(function)) {
            Matcher body = Pattern.compile("^def " + function + "\\(.*\\n((?:[ \\t]+.*\\n|\\n)*)", Pattern.MULTILINE)
                    .matcher(source + "\n");
            if (body.find()) {
                CALLS.matcher(body.group()).results().forEach(call -> reach(source, call.group(1), reached));
            }
        }
    }
}
