package dev.socratic.generator.endpoint;

import java.util.Objects;

/// A secret. Prints as the name of the environment variable it came from.
final class ApiKey {
    /// Dummy keys of local servers (`x`, `none`, `EMPTY`) are shorter; cutting those out of answers would cut words.
    private static final int SHORTEST_SECRET = 8;

    private final String variable;
    private final String value;

    ApiKey(String variable, String value) {
        this.variable = Objects.requireNonNull(variable);
        this.value = Objects.requireNonNull(value);
    }

    String header() {
        return "Bearer " + value;
    }

    /// @return the text without the key, should a server repeat it
    String cutFrom(String text) {
        return value.length() < SHORTEST_SECRET ? text : text.replace(value, "[" + variable + "]");
    }

    @Override
    public String toString() {
        return variable;
    }
}
