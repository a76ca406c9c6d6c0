package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options of every command that computes by a config.
final class Common {
    @Mixin
    private Threads threads = new Threads();

    @Option(names = "--set", paramLabel = "PATH=VALUE",
            description = "Replaces a value of the config, such as samples=8 or a.list[0].b=c; repeatable.")
    private List<String> overrides = new ArrayList<>();

    int threads() {
        return threads.number();
    }

    /// @return values by their path in the config; of a path given twice the last
    /// @throws ConfigException naming what is no PATH=VALUE
    Map<String, String> overrides() {
        return overrides(overrides);
    }

    /// @param overrides as they were given
    /// @throws ConfigException as above
    static Map<String, String> overrides(List<String> overrides) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("--set", "PATH=VALUE, such as samples=8", "'" + override + "'",
                        equals < 0 ? "write " + override + "=VALUE" : "write the path before '='");
            }
            values.put(override.substring(0, equals), override.substring(equals + 1));
        }
        return values;
    }
}
