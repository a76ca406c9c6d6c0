package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a step measured of a row, by name: kept for every row it saw, whether that stayed or not, so that another
/// threshold can be tried on the numbers alone.
///
/// @param values finite; the names are the step's own, in snake case
public record RowScores(Map<String, Double> values) {
    public static final RowScores NONE = new RowScores(Map.of());

    public RowScores {
        values.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("score %s: a finite number; got %s".formatted(name, value));
            }
        });
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static RowScores of(String name, double value) {
        return new RowScores(Map.of(name, value));
    }

    /// @param step that measured
    /// @return both, these first; the names of the new ones begin with the step's, `perplexity_2.answer` of a second
    ///         one that measures what one before it has measured
    public RowScores with(String step, RowScores more) {
        if (more.values.isEmpty()) {
            return this;
        }
        String called = step;
        for (int number = 2; taken(called, more); number++) {
            called = step + "_" + number;
        }
        Map<String, Double> all = new LinkedHashMap<>(values);
        for (Map.Entry<String, Double> entry : more.values.entrySet()) {
            all.put(called + "." + entry.getKey(), entry.getValue());
        }
        return new RowScores(all);
    }

    private boolean taken(String called, RowScores more) {
        return more.values.keySet().stream().anyMatch(name -> values.containsKey(called + "." + name));
    }

    /// @return by name; whole numbers are written without a fraction
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        values.forEach((name, value) -> {
            if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                json.put(name, value.longValue());
            } else {
                json.put(name, Math.round(value * 1e6) / 1e6); // as evidence has it
            }
        });
        return json;
    }

    /// @param json as [#json] gave it
    public static RowScores of(ObjectNode json) {
        Map<String, Double> values = new LinkedHashMap<>();
        json.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().doubleValue()));
        return new RowScores(values);
    }
}
