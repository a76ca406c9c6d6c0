package dev.socratic.models.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The way into libtorch.
public final class Engines {
    private Engines() {}

    /// @return a new base manager on the processor; whoever asks closes it
    public static NDManager manager() {
        return loaded().newBaseManager(Device.cpu());
    }

    private static Engine loaded() {
        System.setProperty("OPT_OUT_TRACKING", "true"); // DJL calls home on cloud machines otherwise
        System.setProperty("ai.djl.offline", "true"); // what runs is what the class path holds, never a download
        return Engine.getEngine("PyTorch");
    }

    /// @param count processor threads of one operator, from now on and in the whole process; the sums of a matrix
    ///              product and so the last digits of a result may depend on it, so it belongs into a run's manifest
    public static void threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: at least 1; got %s".formatted(count));
        }
        loaded();
        JniUtils.setNumThreads(count);
    }

    /// @return bytes of memory of this machine, or of the container
    public static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /// @return processor threads of one operator
    public static int threads() {
        loaded();
        return JniUtils.getNumThreads();
    }
}
