package dev.socratic.models.engine;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// NVIDIA's driver as this process finds it, asked before libtorch is: a libtorch for CUDA does not even load without.
///
/// @param cuda    the CUDA it serves, major and minor, such as `12.8`; empty where there is no driver
/// @param devices names of the GPUs it shows to this process
/// @param trouble why there is none or why it shows none; empty where it does
record NvidiaDriver(Optional<String> cuda, List<String> devices, String trouble) {
    private static final String LIBRARY =
            System.getProperty("os.name").startsWith("Windows") ? "nvcuda" : "libcuda.so.1";
    private static final int NAME = 256;

    NvidiaDriver {
        devices = List.copyOf(devices);
    }

    /// Whether looking is worth it where nobody asked for a GPU: the kernel's part of a driver is there.
    static boolean hinted() {
        return Stream.of("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg", "C:/Windows/System32/nvcuda.dll")
                .anyMatch(file -> Files.exists(Path.of(file)));
    }

    /// Loads the driver's library and asks it.
    static NvidiaDriver look() {
        try {
            NativeLibrary library = NativeLibrary.getInstance(LIBRARY);
            IntByReference number = new IntByReference();
            int started = call(library, "cuInit", 0);
            call(library, "cuDriverGetVersion", number);
            String version = number.getValue() / 1000 + "." + number.getValue() % 1000 / 10;
            int counted = started == 0 ? call(library, "cuDeviceGetCount", number) : started;
            List<String> names = new ArrayList<>();
            for (int i = 0; counted == 0 && i < number.getValue(); i++) {
                names.add(name(library, i));
            }
            return new NvidiaDriver(Optional.of(version), names,
                    counted == 0 ? names.isEmpty() ? "it shows no GPU" : "" : trouble(library, counted));
        } catch (LinkageError missing) { // the library, or JNA's own
            return new NvidiaDriver(Optional.empty(), List.of(), LIBRARY + " cannot be loaded");
        }
    }

    private static String name(NativeLibrary library, int index) {
        IntByReference device = new IntByReference();
        try (Memory text = new Memory(NAME)) {
            text.clear();
            call(library, "cuDeviceGet", device, index);
            call(library, "cuDeviceGetName", text, NAME, device.getValue());
            return text.getString(0);
        }
    }

    private static String trouble(NativeLibrary library, int code) {
        PointerByReference text = new PointerByReference();
        int found = call(library, "cuGetErrorString", code, text);
        Pointer words = found == 0 ? text.getValue() : Pointer.NULL;
        return (words == null ? "it refuses" : words.getString(0)) + " (error " + code + ")";
    }

    private static int call(NativeLibrary library, String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    /// @return in a few words, for messages and `doctor`
    String words() {
        return cuda.map(version -> "for CUDA " + version + (devices.isEmpty() ? ", " + trouble
                : " with " + String.join(", ", devices))).orElse("none (" + trouble + ")");
    }
}
