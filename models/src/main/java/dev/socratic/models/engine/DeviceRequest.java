package dev.socratic.models.engine;

import dev.socratic.core.error.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a user wants to compute.
sealed interface DeviceRequest {
    /// A GPU that works, else the processor.
    record Auto() implements DeviceRequest {}

    record Processor() implements DeviceRequest {}

    /// @param index of the GPU among those the driver shows
    record Gpu(int index) implements DeviceRequest {}

    Pattern CUDA = Pattern.compile("cuda(?::([0-9]{1,4}))?");

    /// @throws ConfigException if it names no device
    static DeviceRequest of(Compute.Setting device) {
        String text = device.value();
        Matcher cuda = CUDA.matcher(text);
        if (cuda.matches()) {
            return new Gpu(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        return switch (text) {
            case Compute.Request.AUTO -> new Auto();
            case "cpu" -> new Processor();
            default -> throw new ConfigException(device.place(), "auto, cpu, cuda or cuda:N", "'" + text + "'",
                    text.startsWith("gpu") ? "write cuda, or cuda:N for one of several"
                            : "leave it out to take what is there");
        };
    }
}
