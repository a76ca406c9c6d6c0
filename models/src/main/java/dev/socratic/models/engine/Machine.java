package dev.socratic.models.engine;

import ai.djl.engine.Engine;
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
/// @param threads of one operator
/// @param device  where tensors live
public record Machine(String name, String version, String library, int threads, String device) {
    private static final String PRODUCT = """
            def product(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.mm(a, b)
            """;

    /// Loads the engine and asks it.
    public static Machine look() {
        try (NDManager manager = Engines.manager()) {
            Engine engine = manager.getEngine();
            return new Machine(
                    engine.getEngineName(), engine.getVersion(), LibUtils.getLibtorchPath(), Engines.threads(),
                    manager.getDevice().toString());
        }
    }

    /// The limit benchmarks are held against: float32 matrix products of cubes, the best of several.
    ///
    /// @param size  edge of the cube; 1024 is past the point where calling costs anything
    /// @param times how often, after one that does not count
    /// @return floating-point operations a second, `2 size^3` a product
    public static double matrixPeak(int size, int times) {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "product", PRODUCT)) {
            NDArray a = manager.ones(new Shape(size, size), DataType.FLOAT32);
            NDArray b = manager.ones(new Shape(size, size), DataType.FLOAT32);
            double best = Double.MAX_VALUE;
            for (int i = 0; i <= times; i++) {
                long start = System.nanoTime();
                program.run("product", Arg.of(a), Arg.of(b)).close();
                double seconds = (System.nanoTime() - start) / 1e9;
                best = i == 0 ? best : Math.min(best, seconds);
            }
            return 2.0 * size * size * size / best;
        }
    }
}
