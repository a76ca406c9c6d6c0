package dev.socratic.models.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// The way into libtorch.
public final class Engines {
    private Engines() {}

    /// @return a new base manager on the processor; whoever asks closes it
    public static NDManager manager() {
        return Compute.CPU.manager();
    }

    static NDManager manager(Device device) {
        return loaded(device.isGpu()).newBaseManager(device);
    }

    private static Engine loaded(boolean gpu) {
        System.setProperty("OPT_OUT_TRACKING", "true"); // DJL calls home on cloud machines otherwise
        System.setProperty("ai.djl.offline", "true"); // what runs is what the machine holds, never a download
        Libtorch.found().announce(gpu);
        return Engine.getEngine("PyTorch");
    }

    /// Loads the library for a GPU and multiplies there.
    ///
    /// @return what went wrong, in the library's own words; empty where the GPU works
    static Optional<Throwable> fault(Device gpu) {
        try (NDManager manager = manager(gpu)) {
            NDArray ones = manager.ones(new Shape(2, 2));
            float sum = ones.matMul(ones).sum().getFloat();
            return sum == 8 ? Optional.empty()
                    : Optional.of(new ArithmeticException("a sum of eight ones that is " + sum));
        } catch (EngineException | IllegalStateException | UnsupportedOperationException | LinkageError broken) {
            return Optional.of(broken);
        }
    }

    /// @param count processor threads of one operator, from now on and in the whole process; the sums of a matrix
    ///              product and so the last digits of a result may depend on it, so it belongs into a run's manifest
    public static void threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: at least 1; got %s".formatted(count));
        }
        loaded(false);
        JniUtils.setNumThreads(count);
    }

    /// @return bytes of memory of this machine, or of the container
    public static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /// @return processor threads of one operator
    public static int threads() {
        loaded(false);
        return JniUtils.getNumThreads();
    }
}
