package dev.socratic.models.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A text of TorchScript functions, compiled by libtorch.
///
/// The text is a list of functions `def name(self, x: Tensor, w: List[Tensor], k: int) -> Tensor:`, one below the
/// other, that may call each other as `self.name(...)`; arguments are those of [Arg], results a tensor or a list of
/// tensors. A call costs a few microseconds, so a program does a whole layer, model or optimiser step. Dtypes are
/// numbers there: 6 float32, 4 int64, 11 bool, 5 float16, 15 bfloat16.
///
/// A text says nothing of a device: what it makes lies where its arguments do (`device=x.device`). And it reads no
/// number out of an array, for on a GPU everything waits for that: numbers that Java knows come as numbers. Laws over
/// all programs see to both.
///
/// Results belong to the manager of the first array among the arguments, unless [#runIn] names another.
public final class Program implements AutoCloseable {
    private static final Pattern FUNCTION = Pattern.compile("^def (\\w+)\\(", Pattern.MULTILINE);

    private final String name;
    private final String source;
    private final NDManager own;
    private final PtSymbolBlock block;
    private final boolean shared;

    private Program(String name, String source, NDManager own, PtSymbolBlock block, boolean shared) {
        this.name = name;
        this.source = source;
        this.own = own;
        this.block = block;
        this.shared = shared;
    }

    /// @param name said in messages
    /// @throws IllegalStateException with libtorch's own message, which shows the line, if the text does not compile
    public static Program compile(NDManager manager, String name, String source) {
        return new Program(name, source, manager.newSubManager(),
                Compiled.TEXTS.computeIfAbsent(source, text -> compiled(Compiled.OWNER, name, text, 0)), true);
    }

    /// Texts compiled so far. A program holds no state, so one serves all who read the same text, at once too;
    /// compiling takes a tenth of a millisecond a line, which every model and every step that is set up would pay
    /// again. There are as many as there are kinds of networks and objectives, some tens of kilobytes each.
    private static final class Compiled {
        private static final NDManager OWNER = Engines.manager();
        private static final Map<String, PtSymbolBlock> TEXTS = new ConcurrentHashMap<>();
    }

    private static PtSymbolBlock compiled(NDManager owner, String name, String text, int calls) {
        String code = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + (calls > 0 ? "  calls : List[int]\n" : "") + text.indent(2);
        try {
            return JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(Archive.of(code, calls)), false,
                    false);
        } catch (EngineException | IOException broken) {
            throw new IllegalStateException("program %s does not compile: %s".formatted(name, broken.getMessage()),
                    broken);
        }
    }

    /// Compiles a text so that it counts how often each of its functions is run, wherever from.
    ///
    /// @see #calls
    public static Program counting(NDManager manager, String name, String source) {
        List<String> functions = functions(source);
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (String line : source.split("\n", -1)) {
            text.append(line).append('\n');
            if (line.startsWith("def ")) {
                text.append("  _calls = torch._set_item(self.calls, %1$s, self.calls[%1$s] + 1)\n".formatted(next++));
            }
        }
        text.append("def calls_so_far(self) -> Tensor:\n  return torch.tensor(self.calls, dtype=4, "
                + "device=torch.device(\"cpu\"))\n");
        NDManager own = manager.newSubManager();
        return new Program(name, source, own, compiled(own, name, text.toString(), functions.size()), false);
    }

    /// @return of a counting program: how often each function was run since it was compiled
    public Map<String, Long> calls() {
        Map<String, Long> calls = new LinkedHashMap<>();
        try (NDArray counted = call(own, "calls_so_far", false, List.of(), Optional.empty()).singletonOrThrow()) {
            long[] numbers = counted.toLongArray();
            List<String> functions = functions(source);
            for (int i = 0; i < numbers.length; i++) {
                calls.put(functions.get(i), numbers[i]);
            }
        }
        return calls;
    }

    /// @return the names of a text's functions, in its order
    public static List<String> functions(String source) {
        return FUNCTION.matcher(source).results().map(found -> found.group(1)).toList();
    }

    /// @param path a text file on the class path, as `anchor.getResourceAsStream` takes it
    public static Program resource(NDManager manager, Class<?> anchor, String path) {
        return resources(manager, anchor, List.of(path));
    }

    /// @param paths text files on the class path, read one after the other as one program
    public static Program resources(NDManager manager, Class<?> anchor, List<String> paths) {
        return resources(manager, anchor, paths, UnaryOperator.identity());
    }

    /// @param edit makes of what the files hold what is compiled
    public static Program resources(
            NDManager manager, Class<?> anchor, List<String> paths, UnaryOperator<String> edit) {
        String source = paths.stream().map(path -> text(anchor, path)).collect(Collectors.joining("\n"));
        return compile(manager, String.join(" + ", paths), edit.apply(source));
    }

    private static String text(Class<?> anchor, String path) {
        try (InputStream in = anchor.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("program %s is not on the class path".formatted(path));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// @return the files it was read from, or what it was called
    public String name() {
        return name;
    }

    /// @return the text as it was compiled
    public String source() {
        return source;
    }

    /// Calls a method and keeps the autograd graph, inside a gradient collector or not.
    public NDList withGraph(String method, Arg... args) {
        return withGraphIn(first(args).getManager(), method, args);
    }

    /// The same.
    ///
    /// @param manager owner of the results
    public NDList withGraphIn(NDManager manager, String method, Arg... args) {
        return inGradMode(true, () -> call(manager, method, true, args));
    }

    /// Calls a method without gradients; what it gives may become the start of a graph, unlike what [#run] gives.
    /// Results belong to the manager of the first array.
    public NDList detached(String method, Arg... args) {
        return inGradMode(false, () -> call(first(args).getManager(), method, true, args));
    }

    private static NDList inGradMode(boolean on, Supplier<NDList> work) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(on);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /// Calls a method without gradients. Results belong to the manager of the first array.
    public NDList run(String method, Arg... args) {
        return call(first(args).getManager(), method, false, args);
    }

    /// Calls a method without gradients.
    ///
    /// @param manager owner of the results
    public NDList runIn(NDManager manager, String method, Arg... args) {
        return call(manager, method, false, args);
    }

    private NDList call(NDManager manager, String method, boolean graph, Arg... args) {
        return call(manager, method, graph, List.of(args), Watch.begins(this, method, graph, args));
    }

    private NDList call(NDManager manager, String method, boolean graph, List<Arg> args, Optional<Call> watched) {
        // per thread; otherwise the first calls of each shape are profiled again
        JniUtils.setGraphExecutorOptimize(false);
        List<IValue> values = new ArrayList<>(args.size());
        try {
            for (Arg arg : args) {
                values.add(arg.value());
            }
            try (IValue result = NativeCall.run(block, method, values, graph)) {
                NDList arrays = result.toNDList((PtNDManager) manager);
                watched.ifPresent(call -> Watch.ended(call, arrays));
                return arrays;
            }
        } catch (EngineException failed) {
            throw new IllegalStateException("program %s, %s: %s".formatted(name, method, failed.getMessage()), failed);
        } finally {
            values.forEach(IValue::close);
        }
    }

    private static NDArray first(Arg... args) {
        for (Arg arg : args) {
            if (arg instanceof Arg.One(NDArray array)) {
                return array;
            }
            if (arg instanceof Arg.Many(List<NDArray> arrays) && !arrays.isEmpty()) {
                return arrays.getFirst();
            }
        }
        throw new IllegalArgumentException("a program is called with at least one array, or in a manager");
    }

    @Override
    public void close() {
        if (!shared) {
            block.close();
        }
        own.close();
    }

    /// An argument of a program.
    public sealed interface Arg {
        /// A `Tensor`.
        record One(NDArray array) implements Arg {}

        /// A `List[Tensor]`.
        record Many(List<NDArray> arrays) implements Arg {
            public Many {
                arrays = List.copyOf(arrays);
            }
        }

        /// An `int`.
        record Int(long number) implements Arg {}

        /// A `float`, which is 64 bits wide.
        record Real(double number) implements Arg {}

        /// A `bool`.
        record Flag(boolean yes) implements Arg {}

        /// A `str`.
        record Text(String text) implements Arg {}

        /// A `List[int]`.
        record Ints(List<Long> numbers) implements Arg {
            public Ints {
                numbers = List.copyOf(numbers);
            }
        }

        /// A `List[float]`.
        record Reals(List<Double> numbers) implements Arg {
            public Reals {
                numbers = List.copyOf(numbers);
            }
        }

        /// A `List[bool]`.
        record Flags(List<Boolean> flags) implements Arg {
            public Flags {
                flags = List.copyOf(flags);
            }
        }

        static Arg of(NDArray array) {
            return new One(array);
        }

        static Arg of(List<NDArray> arrays) {
            return new Many(arrays);
        }

        static Arg of(long number) {
            return new Int(number);
        }

        static Arg of(double number) {
            return new Real(number);
        }

        static Arg of(boolean yes) {
            return new Flag(yes);
        }

        static Arg of(String text) {
            return new Text(text);
        }

        static Arg of(long[] numbers) {
            return new Ints(Arrays.stream(numbers).boxed().toList());
        }

        static Arg of(double[] numbers) {
            return new Reals(Arrays.stream(numbers).boxed().toList());
        }

        static Arg of(boolean[] flags) {
            return new Flags(IntStream.range(0, flags.length).mapToObj(i -> flags[i]).toList());
        }

        private IValue value() {
            return switch (this) {
                case One(NDArray array) -> IValue.from((PtNDArray) array);
                case Many(List<NDArray> arrays) -> IValue.listFrom(arrays.toArray(PtNDArray[]::new));
                case Int(long number) -> IValue.from(number);
                case Real(double number) -> IValue.from(number);
                case Flag(boolean yes) -> IValue.from(yes);
                case Text(String text) -> IValue.from(text);
                case Ints(List<Long> numbers) ->
                        IValue.listFrom(numbers.stream().mapToLong(Long::longValue).toArray());
                case Reals(List<Double> numbers) ->
                        IValue.listFrom(numbers.stream().mapToDouble(Double::doubleValue).toArray());
                case Flags(List<Boolean> flags) -> {
                    boolean[] all = new boolean[flags.size()];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = flags.get(i);
                    }
                    yield IValue.listFrom(all);
                }
            };
        }
    }
}
