package dev.socratic.core.config;

import dev.socratic.core.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// YAML of another tool as it stands, for a reader that gives it its meaning: with places, tags, and repeated keys,
/// which [ConfigReader] refuses. A plain text means what PyYAML (YAML 1.1) takes it for: `yes` is true, `1e-3` a text,
/// `1.0e-3` a number, `010` eight.
public sealed interface YamlNode {
    /// @return `file:line:column`
    String place();

    /// @param plain whether it stood without quotes
    /// @param tag   such as `!function`
    record Scalar(String text, boolean plain, Optional<String> tag, String place) implements YamlNode {
        /// @return text, number, truth value; nothing for null
        public Optional<Object> value() {
            return plain && tag.isEmpty() ? PlainYaml.value(text) : Optional.of(text);
        }
    }

    /// @param items in their order
    record Items(List<YamlNode> items, Optional<String> tag, String place) implements YamlNode {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// @param entries  by key, in their order; of a key that stands twice the last
    /// @param repeated places of keys that stand there again
    record Entries(Map<String, YamlNode> entries, List<Repeated> repeated, Optional<String> tag, String place)
            implements YamlNode {
        public Entries {
            entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
            repeated = List.copyOf(repeated);
        }

        public Optional<YamlNode> get(String key) {
            return Optional.ofNullable(entries.get(key));
        }
    }

    /// @param key   that stands twice
    /// @param place of the later one
    record Repeated(String key, String place) {}

    /// @param name of the file, for places
    /// @throws ConfigException where it is not YAML, with line and column
    static YamlNode read(String text, String name) {
        return ForeignYaml.parse(text, name);
    }
}
