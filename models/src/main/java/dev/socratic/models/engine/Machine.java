package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import dev.socratic.models.engine.Program.Arg;

/// What the engine found on this machine, and how fast it can be at most.
///
/// @param name    of the engine
/// @param version of the tensor library
/// @param library folder it was loaded from
/// @param origin  why that one: what names it, and what it was built for
/// @param flavour of the JNI that goes with it
/// @param driver  NVIDIA's
/// @param threads of one operator
/// @param device  where tensors live
public record Machine(
        String name, String version, String library, String origin, String flavour, String driver, int threads,
        String device) {
    private static final long LONGEST = 2_000_000_000L;
    private static final String PRODUCT = """
            def typed(self, x: Tensor, dtype: int) -> Tensor:
              return torch.to(x, dtype)

            def product(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.to(torch.sum(torch.mm(a, b)), 6)

            def copied(self, to: Tensor, x: Tensor) -> Tensor:
              return torch.copy_(to, x).select(0, 0)
            """;

    /// Loads the engine and asks it.
    public static Machine look(Compute compute) {
        try (NDManager manager = compute.manager()) {
            Libtorch libtorch = Libtorch.found();
            return new Machine(
                    manager.getEngine().getEngineName(), manager.getEngine().getVersion(), LibUtils.getLibtorchPath(),
                    libtorch.words(), libtorch.flavour(compute.device().isGpu()), NvidiaDriver.look().words(),
                    Engines.threads(), compute.deviceName());
        }
    }

    /// The other limit: bytes that an array is copied with, read and written, the best of several.
    ///
    /// @param numbers float32, of the array; many more than any cache holds
    /// @return bytes a second
    public static double bandwidth(Compute compute, long numbers, int times) {
        try (NDManager manager = compute.manager();
                Program program = Program.compile(manager, "product", PRODUCT)) {
            NDArray from = manager.ones(new Shape(numbers));
            NDArray to = manager.zeros(new Shape(numbers));
            double best = Double.MAX_VALUE;
            for (int i = 0; i <= times; i++) {
                long start = System.nanoTime();
                try (NDArray first = program.run("copied", Arg.of(to), Arg.of(from)).singletonOrThrow()) {
                    first.getFloat(); // waits for it
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                best = i == 0 ? best : Math.min(best, seconds);
            }
            return 2.0 * Float.BYTES * numbers / best;
        }
    }

    /// The limit benchmarks are held against: matrix products of cubes, the best of several.
    ///
    /// @param type  of the factors
    /// @param size  edge of the cube; 1024 is past the point where calling costs anything
    /// @param times how often, after one that does not count
    /// @return floating-point operations a second, `2 size^3` a product
    public static double matrixPeak(Compute compute, FloatType type, int size, int times) {
        try (NDManager manager = compute.manager();
                Program program = Program.compile(manager, "product", PRODUCT)) {
            NDArray ones = manager.ones(new Shape(size, size), DataType.FLOAT32);
            NDArray a = program.run("typed", Arg.of(ones), Arg.of(type.number())).singletonOrThrow();
            double best = Double.MAX_VALUE;
            long limit = System.nanoTime() + LONGEST; // of a type that is computed in by emulation
            for (int i = 0; i <= times && (i < 2 || System.nanoTime() < limit); i++) {
                long start = System.nanoTime();
                try (NDArray sum = program.run("product", Arg.of(a), Arg.of(a)).singletonOrThrow()) {
                    sum.getFloat(); // waits for it
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                best = i == 0 ? best : Math.min(best, seconds);
            }
            return 2.0 * size * size * size / best;
        }
    }
}
