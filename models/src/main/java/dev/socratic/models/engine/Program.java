package dev.socratic.models.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A text of TorchScript functions, compiled by libtorch.
///
/// The text is a list of functions `def name(self, x: Tensor, w: List[Tensor]) -> Tensor:`, one below the other, that
/// may call each other as `self.name(...)`; arguments are tensors and lists of tensors, results a tensor or a list of
/// tensors. A call costs a few microseconds, so a program does a whole layer, model or optimiser step. Dtypes are
/// numbers there: 6 float32, 4 int64, 11 bool, 5 float16, 15 bfloat16.
///
/// Results belong to the manager of the first array among the arguments, unless [#runIn] names another.
public final class Program implements AutoCloseable {
    private final String name;
    private final NDManager own;
    private final PtSymbolBlock block;
    /// One array per method, whose name tells the JNI which method to call.
    private final Map<String, NDArray> markers = new ConcurrentHashMap<>();

    private Program(String name, NDManager own, PtSymbolBlock block) {
        this.name = name;
        this.own = own;
        this.block = block;
    }

    /// @param name said in messages
    /// @throws IllegalStateException with libtorch's own message, which shows the line, if the text does not compile
    public static Program compile(NDManager manager, String name, String source) {
        PtNDManager own = (PtNDManager) manager.newSubManager();
        String code = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + source.indent(2);
        try {
            PtSymbolBlock block = JniUtils.loadModule(own, new ByteArrayInputStream(Archive.of(code)), false, false);
            return new Program(name, own, block);
        } catch (EngineException | IOException broken) {
            own.close();
            throw new IllegalStateException("program %s does not compile: %s".formatted(name, broken.getMessage()),
                    broken);
        }
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
    public static Program resources(NDManager manager, Class<?> anchor, List<String> paths,
            UnaryOperator<String> edit) {
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

    /// Calls a method and keeps the autograd graph, inside a gradient collector or not.
    ///
    /// Not for two threads at once with the same arrays: the JNI finds an argument by the name its array carries.
    public NDList withGraph(String method, Arg... args) {
        // per thread; otherwise the first calls of each shape are profiled again
        JniUtils.setGraphExecutorOptimize(false);
        NDList inputs = new NDList();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case Arg.One(NDArray array) -> inputs.add(named(array, null));
                case Arg.Many(List<NDArray> arrays) -> {
                    String list = "arg" + i + "[]";
                    arrays.forEach(array -> inputs.add(named(array, list)));
                }
            }
        }
        inputs.add(markers.computeIfAbsent(method, this::marker));
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return call(method, () -> IValueUtils.forward(block, inputs, true));
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /// Calls a method without gradients. Results belong to the manager of the first array.
    public NDList run(String method, Arg... args) {
        return runIn(first(args).getManager(), method, args);
    }

    /// Calls a method without gradients.
    ///
    /// @param manager owner of the results
    public NDList runIn(NDManager manager, String method, Arg... args) {
        JniUtils.setGraphExecutorOptimize(false);
        List<IValue> values = new ArrayList<>(args.length);
        try {
            for (Arg arg : args) {
                values.add(switch (arg) {
                    case Arg.One(NDArray array) -> IValue.from((PtNDArray) array);
                    case Arg.Many(List<NDArray> arrays) -> IValue.listFrom(arrays.toArray(PtNDArray[]::new));
                });
            }
            return call(method, () -> {
                try (IValue result = IValueUtils.runMethod(block, method, values.toArray(IValue[]::new))) {
                    return result.toNDList((PtNDManager) manager);
                }
            });
        } finally {
            values.forEach(IValue::close);
        }
    }

    private NDList call(String method, Supplier<NDList> body) {
        try {
            return body.get();
        } catch (EngineException failed) {
            throw new IllegalStateException("program %s, %s: %s".formatted(name, method, failed.getMessage()), failed);
        }
    }

    private NDArray marker(String method) {
        return named(own.create(0f), "module_method:" + method);
    }

    private static NDArray named(NDArray array, String name) {
        array.setName(name);
        return array;
    }

    private static NDArray first(Arg... args) {
        for (Arg arg : args) {
            switch (arg) {
                case Arg.One(NDArray array) -> {
                    return array;
                }
                case Arg.Many(List<NDArray> arrays) -> {
                    if (!arrays.isEmpty()) {
                        return arrays.getFirst();
                    }
                }
            }
        }
        throw new IllegalArgumentException("a program is called with at least one array");
    }

    @Override
    public void close() {
        block.close();
        own.close();
    }

    /// An argument of a program.
    public sealed interface Arg {
        /// A `Tensor`.
        record One(NDArray array) implements Arg {}

        /// A `List[Tensor]`, not empty where the graph is kept.
        record Many(List<NDArray> arrays) implements Arg {
            public Many {
                arrays = List.copyOf(arrays);
            }
        }

        static Arg of(NDArray array) {
            return new One(array);
        }

        static Arg of(List<NDArray> arrays) {
            return new Many(arrays);
        }
    }
}
