package dev.socratic.core.secret;

import dev.socratic.core.error.ConfigException;
import java.util.Map;

/// A key or token. It has no text form and no JSON form, so that it gets into a log or a file only where somebody
/// writes `reveal()`.
///
/// Not a record, for a record would print it.
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /// @param variable    name of the environment variable, which is what a config holds
    /// @param environment usually `System.getenv()`
    /// @throws ConfigException if the variable is not set or blank
    public static Secret fromEnvironment(String variable, Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            throw new ConfigException(
                    "environment variable " + variable, "a key or token", "nothing",
                    "set it: export " + variable + "=...");
        }
        return new Secret(value);
    }

    /// @return the key itself, to be put into a request header and nowhere else
    public String reveal() {
        return value;
    }

    /// @return whether a line of an HTTP header or an address can hold it: printable ASCII without blanks
    public boolean fitsHeaders() {
        return value.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    @Override
    public String toString() {
        return "***";
    }
}
