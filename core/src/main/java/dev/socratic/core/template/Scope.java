package dev.socratic.core.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Names and what they stand for. A loop's body, a macro and a captured block have a scope of their own: what they
/// set is gone afterwards. `if` has none.
final class Scope {
    private final Optional<Scope> around;
    private final Map<String, Object> values;

    private Scope(Optional<Scope> around, Map<String, Object> values) {
        this.around = around;
        this.values = values;
    }

    static Scope of(Map<String, Object> values) {
        return new Scope(Optional.empty(), new HashMap<>(values));
    }

    Scope inner() {
        return new Scope(Optional.of(this), new HashMap<>());
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Optional<Object> find(String name) {
        Optional<Scope> scope = Optional.of(this);
        while (scope.isPresent()) {
            Object found = scope.get().values.get(name);
            if (found != null) {
                return Optional.of(found);
            }
            scope = scope.get().around;
        }
        return Optional.empty();
    }
}
