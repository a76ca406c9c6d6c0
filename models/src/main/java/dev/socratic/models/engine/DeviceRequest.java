package dev.socratic.models.engine;

import dev.socratic.core.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a user wants to compute.
sealed interface DeviceRequest {
    /// A GPU that works, else the processor.
    record Auto() implements DeviceRequest {}

    record Processor() implements DeviceRequest {}

    /// @param indices of GPUs among those the driver shows, each once; a model's layers lie on them in this order
    record Gpus(List<Integer> indices) implements DeviceRequest {
        public Gpus {
            indices = List.copyOf(indices);
        }
    }

    /// Every GPU that the driver shows.
    record AllGpus() implements DeviceRequest {}

    Pattern CUDA = Pattern.compile("cuda(?::([0-9]{1,4}))?");

    /// @throws ConfigException if it names no device
    static DeviceRequest of(Compute.Setting device) {
        String text = device.value();
        List<Matcher> gpus = Arrays.stream(text.split(",", -1)).map(CUDA::matcher).toList();
        if (gpus.stream().allMatch(Matcher::matches)) {
            List<Integer> indices = gpus.stream()
                    .map(gpu -> gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1))).toList();
            if (indices.stream().distinct().count() < indices.size()) {
                throw new ConfigException(device.place(), "each GPU once", "'" + text + "'", "leave the others out");
            }
            return new Gpus(indices);
        }
        return switch (text) {
            case Compute.Request.AUTO -> new Auto();
            case "cpu" -> new Processor();
            case "cuda:all" -> new AllGpus();
            default -> throw new ConfigException(device.place(), "auto, cpu, cuda, cuda:N, several with commas or "
                    + "cuda:all", "'" + text + "'",
                    text.startsWith("gpu") ? "write cuda, or cuda:N for one of several"
                            : "leave it out to take what is there");
        };
    }
}
