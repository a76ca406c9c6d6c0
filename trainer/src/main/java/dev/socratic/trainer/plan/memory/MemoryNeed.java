package dev.socratic.trainer.plan.memory;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Most bytes of a training, by component, and when they are there.
///
/// @param moment of a step
/// @param bytes  of each component that takes any then
public record MemoryNeed(Moment moment, Map<Component, Long> bytes) {
    /// When.
    public enum Moment {
        LOADING("while models are loaded"),
        ROLLOUT("while answers are written"),
        TEACHER("while teachers read a micro-batch"),
        FORWARD("on the way forward"),
        LOSS("while the loss is computed"),
        BACKWARD("on the way back"),
        STEP("in the optimiser's step");

        private final String about;

        Moment(String about) {
            this.about = about;
        }

        /// @return in words that follow a figure
        public String about() {
            return about;
        }
    }

    public MemoryNeed {
        Map<Component, Long> some = new EnumMap<>(Component.class);
        bytes.forEach((component, count) -> {
            if (count > 0) {
                some.put(component, count);
            }
        });
        bytes = Collections.unmodifiableMap(some);
    }

    /// @return all of it together
    public long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// @return of one component, 0 where it takes none
    public long of(Component component) {
        return bytes.getOrDefault(component, 0L);
    }

    /// @return by label, for JSON
    public Map<String, Long> labelled() {
        Map<String, Long> all = new LinkedHashMap<>();
        bytes.forEach((component, count) -> all.put(component.label(), count));
        return all;
    }
}
