package dev.socratic.models.engine;

import ai.djl.Device;
import dev.socratic.core.error.ConfigException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which device is taken, by what was asked for and what is there.
///
/// @param library what is loaded
/// @param driver  as it was found; empty where nobody had to look
/// @param line    what to tell the user of it, if anything
/// @param others  further GPUs, where several were asked for
record DeviceChoice(Device device, Libtorch library, Optional<NvidiaDriver> driver, Optional<String> line,
        List<Device> others) {
    private static final Pattern MISSING = Pattern.compile("(\\S+): cannot open shared object file");

    /// Looks, and loads nothing.
    ///
    /// @param looks asks the driver
    /// @throws ConfigException if a GPU was asked for and cannot be used
    static DeviceChoice of(Compute.Setting wanted, Libtorch library, Supplier<NvidiaDriver> looks) {
        return switch (DeviceRequest.of(wanted)) {
            case DeviceRequest.Processor ignored -> processor(wanted, library, looks);
            case DeviceRequest.Auto ignored -> auto(wanted, library, looks);
            case DeviceRequest.Gpus gpus -> asked(wanted, gpus.indices(), library, looks.get());
            case DeviceRequest.AllGpus ignored -> all(wanted, library, looks.get());
        };
    }

    private static DeviceChoice processor(Compute.Setting wanted, Libtorch library, Supplier<NvidiaDriver> looks) {
        if (library.saysCuda()) { // and so brings the part of DJL that does not load without a driver
            NvidiaDriver driver = looks.get();
            if (driver.cuda().isEmpty()) {
                throw new ConfigException(Libtorch.FLAVOR, "cpu, where there is no NVIDIA driver",
                        "'%s', driver: %s".formatted(library.flavour(false), driver.words()),
                        "unset " + Libtorch.FLAVOR + ", or install the driver");
            }
        }
        return new DeviceChoice(Device.cpu(), library, Optional.empty(), Optional.empty(), List.of());
    }

    private static DeviceChoice auto(Compute.Setting wanted, Libtorch library, Supplier<NvidiaDriver> looks) {
        if (library.saysProcessor() || !library.cuda() && !NvidiaDriver.hinted()) {
            return processor(wanted, library, looks);
        }
        NvidiaDriver driver = looks.get();
        if (driver.devices().isEmpty()) {
            DeviceChoice choice = processor(wanted, library, () -> driver);
            return library.cuda() ? choice.saying("no GPU that works (driver: %s); the processor computes"
                    .formatted(driver.words())) : choice;
        }
        if (!library.cuda()) {
            return processor(wanted, library, () -> driver).saying(
                    "a GPU is there (%s), and the library is the processor's; to use it set %s to torch %s's lib folder"
                            .formatted(driver.devices().getFirst(), Libtorch.PATH, library.version()));
        }
        return taken(List.of(0), library, driver);
    }

    private static DeviceChoice all(Compute.Setting wanted, Libtorch library, NvidiaDriver driver) {
        int shown = Math.max(1, driver.devices().size());
        return asked(wanted, IntStream.range(0, shown).boxed().toList(), library, driver);
    }

    private static DeviceChoice asked(
            Compute.Setting wanted, List<Integer> indices, Libtorch library, NvidiaDriver driver) {
        if (!library.cuda()) {
            throw refused(wanted, library, driver, "a libtorch for CUDA",
                    "set %s to the lib folder of an installed torch %s (%s)".formatted(
                            Libtorch.PATH, library.version(), Libtorch.WHERE));
        }
        if (library.saysProcessor()) {
            throw refused(wanted, library, driver, "a flavour for CUDA",
                    "unset %s or set it to %s".formatted(Libtorch.FLAVOR, Libtorch.FOR_CUDA));
        }
        if (driver.cuda().isEmpty()) {
            throw refused(wanted, library, driver, "an NVIDIA driver",
                    "install it, until nvidia-smi shows the GPU, and start a container with --gpus all");
        }
        if (driver.devices().isEmpty()) {
            throw refused(wanted, library, driver, "a GPU that the driver shows",
                    "look at nvidia-smi, and at CUDA_VISIBLE_DEVICES, which hides GPUs");
        }
        if (indices.stream().anyMatch(index -> index >= driver.devices().size())) {
            throw refused(wanted, library, driver, "a GPU from cuda:0 to cuda:" + (driver.devices().size() - 1),
                    "take one that is there");
        }
        return taken(indices, library, driver);
    }

    private static DeviceChoice taken(List<Integer> indices, Libtorch library, NvidiaDriver driver) {
        List<Device> gpus = indices.stream().map(Device::gpu).toList();
        return new DeviceChoice(gpus.getFirst(), library, Optional.of(driver), Optional.empty(),
                gpus.subList(1, gpus.size())).saying("computes on %s (%s, flavour %s)".formatted(
                        indices.stream().map(index -> "cuda:%s, %s".formatted(index, driver.devices().get(index)))
                                .collect(Collectors.joining("; ")), library.words(), library.flavour(true)));
    }

    /// Names all that a user can turn, whatever it is that is missing.
    private static ConfigException refused(
            Compute.Setting wanted, Libtorch library, NvidiaDriver driver, String expected, String remedy) {
        return new ConfigException(wanted.place(), expected, "'%s', driver: %s, library: %s, flavour: %s"
                .formatted(wanted.value(), driver.words(), library.words(), library.flavour(library.cuda())),
                remedy + "; or take cpu");
    }

    private DeviceChoice saying(String words) {
        return new DeviceChoice(device, library, driver, Optional.of(words), others);
    }

    /// Loads the library and computes on a GPU, before anybody relies on it.
    ///
    /// @return the same; the processor where the GPU does not work and was not asked for
    /// @throws ConfigException if it was
    DeviceChoice tried(Compute.Setting wanted) {
        Optional<String> fault = Stream.concat(Stream.of(device), others.stream()).filter(Device::isGpu)
                .flatMap(gpu -> Engines.fault(gpu).stream()).map(DeviceChoice::words).findFirst();
        if (fault.isEmpty()) {
            return this;
        }
        if (DeviceRequest.of(wanted) instanceof DeviceRequest.Auto) {
            library.settle();
            return new DeviceChoice(Device.cpu(), library, driver, Optional.of(
                    "the GPU does not work (%s); the processor computes".formatted(fault.get())), List.of());
        }
        Matcher missing = MISSING.matcher(fault.get());
        throw refused(wanted, library, driver.orElseThrow(), "a GPU that computes and not one that says '%s'"
                .formatted(fault.get()), missing.find()
                        ? "put the folder that has %s on LD_LIBRARY_PATH".formatted(missing.group(1))
                        : "see that driver and library fit the GPU (nvidia-smi, 'import torch' in Python)");
    }

    /// @return the innermost message's first line
    private static String words(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString()).strip();
    }
}
