package dev.socratic.models.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Quantization;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where arrays live and what they are computed in: opened once by the command line, an argument of everything that
/// makes an array.
///
/// @param device        a processor or one GPU
/// @param weights       type that weights are held in where nothing is learned of them; what is trained stays float32
/// @param compute       type of activations and of matrix products; losses and sums that need it stay float32
/// @param deterministic whether the same work gives the same bytes on the same machine, library and number of threads.
///                      So it is on a processor; on a GPU some sums (`index_add`, the way back through attention) come
///                      in another order each time, and equal only within their rounding
/// @param quantization  in how few bits the matrices of models are kept that only answer or teach
/// @param others        further devices of this machine, on which the layers of a model that only reads and writes lie
///                      too
public record Compute(Device device, FloatType weights, FloatType compute, boolean deterministic,
        Quantization quantization, List<Device> others) {
    /// Float32 on the processor.
    public static final Compute CPU = new Compute(Device.cpu(), FloatType.FLOAT32, FloatType.FLOAT32, true);

    /// Weights as they are loaded.
    public Compute(Device device, FloatType weights, FloatType compute, boolean deterministic) {
        this(device, weights, compute, deterministic, Quantization.NONE, List.of());
    }

    public Compute {
        Objects.requireNonNull(quantization);
        Objects.requireNonNull(device);
        Objects.requireNonNull(weights);
        Objects.requireNonNull(compute);
        others = List.copyOf(others);
    }

    /// Without fewer bits.
    public Compute(Device device, FloatType weights, FloatType compute, boolean deterministic,
            List<Device> others) {
        this(device, weights, compute, deterministic, Quantization.NONE, others);
    }

    /// What somebody asked for, before it is known whether it is there.
    ///
    /// @param device `auto`, `cpu`, `cuda` or `cuda:N`; `auto` takes a GPU that works, else the processor. Several,
    ///               with commas or as `cuda:all`, hold a model together
    /// @param dtype  `auto`, `float32`, `bfloat16` or `float16`; `auto` is float32
    public record Request(Setting device, Setting dtype) {
        public static final String AUTO = "auto";
    }

    /// @param place where it is written, for messages: `--device`, `compute.device`
    public record Setting(String place, String value) {}

    /// Chooses and tries the device.
    ///
    /// @param talk is told of a GPU that was taken, and of one that could not be
    /// @throws ConfigException if the device was asked for and cannot be used: driver, library, flavour, what to set
    public static Compute open(Request request, Consumer<String> talk) {
        FloatType type = FloatType.of(request.dtype());
        DeviceChoice choice = DeviceChoice.of(request.device(), Libtorch.found(), NvidiaDriver::look)
                .tried(request.device());
        choice.line().ifPresent(talk);
        return new Compute(choice.device(), type, type, !choice.device().isGpu(), choice.others());
    }

    /// What is planned for a device that need not be there: nothing is tried.
    ///
    /// @param device as in [Request]; `auto` is the processor
    /// @throws ConfigException if it names no device
    public static Compute planned(Setting device) {
        return switch (DeviceRequest.of(device)) {
            case DeviceRequest.Auto ignored -> CPU;
            case DeviceRequest.Processor ignored -> CPU;
            case DeviceRequest.Gpus gpus -> planned(gpus.indices().getFirst());
            case DeviceRequest.AllGpus ignored -> planned(0);
        };
    }

    private static Compute planned(int gpu) {
        return new Compute(Device.gpu(gpu), FloatType.FLOAT32, FloatType.FLOAT32, false);
    }

    /// The same but for what is said of one model of several.
    ///
    /// @param ownDevice where it is to compute, if that is said
    /// @param ownType   in what numbers, if that is said
    /// @param talk      is told of a GPU that was taken
    /// @throws ConfigException as above
    public Compute with(Optional<Setting> ownDevice, Optional<Setting> ownType, Consumer<String> talk) {
        Compute placed = ownDevice.map(wanted -> open(new Request(wanted, new Setting("dtype", Request.AUTO)), talk))
                .map(there -> new Compute(there.device(), weights, compute, there.deterministic(), quantization,
                        there.others()))
                .orElse(this);
        return ownType.map(FloatType::of).map(placed::in).orElse(placed);
    }

    /// @return the same device, for weights and activations of this type
    public Compute in(FloatType type) {
        return new Compute(device, type, type, deterministic, quantization, others);
    }

    /// @return the same, with matrices of models that only answer or teach kept so
    public Compute in(Quantization bits) {
        return new Compute(device, weights, compute, deterministic, bits, others);
    }

    /// @return the same on one of [#devices] alone
    public Compute on(Device one) {
        return new Compute(one, weights, compute, deterministic, quantization, List.of());
    }

    /// @return a new base manager on the device; whoever asks closes it
    public NDManager manager() {
        return Engines.manager(device);
    }

    /// @return all devices, the first of them first
    public List<Device> devices() {
        return Stream.concat(Stream.of(device), others.stream()).toList();
    }

    /// @return `cpu`, or `cuda:` and a number; several with commas
    public String deviceName() {
        return devices().stream().map(Compute::name).collect(Collectors.joining(","));
    }

    /// @return `cpu`, or `cuda:` and a number
    public static String name(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /// @param part what runs on one device alone, for the message
    /// @throws ConfigException where there are several
    public Compute oneDevice(String part) {
        if (!others.isEmpty()) {
            throw new ConfigException("device", "one device, on which %s runs".formatted(part),
                    "'" + deviceName() + "'", "write " + name(device));
        }
        return this;
    }

    /// What the last digits of a result depend on, beside the number of threads: for manifests and fingerprints. Asking
    /// loads nothing.
    ///
    /// @return `device`, `kernels` (library, version, flavour), `weights` and `compute`
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("device", deviceName());
        facts.put("kernels", Libtorch.found().kernels(device.isGpu()));
        facts.put("weights", quantization == Quantization.NONE ? weights.label()
                : quantization.name().toLowerCase(Locale.ROOT));
        facts.put("compute", compute.label());
        return Collections.unmodifiableSortedMap(facts);
    }

    /// @param part what runs on the processor alone, for the message
    /// @throws ConfigException on a GPU
    public Compute processorOnly(String part) {
        if (device.isGpu()) {
            throw new ConfigException("device", "cpu, where %s runs".formatted(part), "'" + deviceName() + "'",
                    "write --device cpu");
        }
        return only(part, FloatType.FLOAT32);
    }

    /// @param part  what computes in these types only, for the message
    /// @param types what it knows
    /// @throws ConfigException where it is asked for another
    public Compute only(String part, FloatType... types) {
        List<FloatType> known = Arrays.asList(types);
        for (FloatType type : List.of(compute, weights)) {
            if (!known.contains(type)) {
                String names = String.join(" or ", known.stream().map(FloatType::label).toList());
                throw new ConfigException("dtype", "%s, in which %s computes".formatted(names, part),
                        "'" + type.label() + "'", "write " + known.getFirst().label());
            }
        }
        return this;
    }
}
