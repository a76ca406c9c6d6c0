package dev.socratic.generator.traffic;

import java.util.List;
import java.util.function.Consumer;

/// Calls that were recorded somewhere, read as often as they are wanted, one at a time.
public interface TrafficSource {
    /// @param sink is given every call, in the order of the file
    /// @return what to tell: records that cannot be read, feedback without a call; the same each time
    List<String> each(Consumer<CapturedCall> sink);
}
