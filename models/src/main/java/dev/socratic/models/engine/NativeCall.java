package dev.socratic.models.engine;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/// The one native call behind a program: a method, its arguments of any kind, with the graph kept or not.
///
/// DJL offers two halves of it: arguments of any kind without a graph, and a graph for arrays only, told apart by names
/// that they carry. Numbers would have to travel as arrays then, and be read back on the other side, which stops a GPU
/// at every one. Below both lies one package-private function that does all of it, so it is that which is called; a DJL
/// that no longer has it fails here, when the class is loaded.
final class NativeCall {
    private static final MethodHandle RUN;
    private static final MethodHandle VALUE;

    static {
        try {
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup());
            Object only = inside.findStaticGetter(library, "LIB", library).invoke();
            RUN = inside.findVirtual(library, "moduleRunMethod", MethodType.methodType(long.class, long.class,
                    String.class, long[].class, boolean.class, boolean.class)).bindTo(only);
            VALUE = inside.findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
        } catch (Throwable other) {
            throw new IllegalStateException("DJL has another native side than the pinned version's", other);
        }
    }

    private NativeCall() {}

    /// @param graph whether the autograd graph is kept; without, what comes out can never become part of one
    /// @throws ai.djl.engine.EngineException what libtorch throws
    static IValue run(PtSymbolBlock block, String method, List<IValue> arguments, boolean graph) {
        long[] handles = arguments.stream().mapToLong(IValue::getHandle).toArray();
        try {
            long result = (long) RUN.invokeExact(block.getHandle().longValue(), method, handles, graph, false);
            return (IValue) VALUE.invokeExact(result);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable checked) {
            throw new IllegalStateException(checked);
        }
    }
}
