package dev.socratic.core.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What stands in a config text, with places; what it means is decided by the type it is read into.
sealed interface ConfigNode {
    Place place();

    /// How many nodes there are below and with this one, each counted as often as it is referred to.
    long size();

    /// @param plain whether it stood without quotes, so that it may be a number, a boolean or nothing
    record Text(String text, boolean plain, Place place) implements ConfigNode {
        private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

        boolean nothing() {
            return plain && NOTHING.contains(text);
        }

        @Override
        public long size() {
            return 1;
        }
    }

    record Items(List<ConfigNode> items, Place place, long size) implements ConfigNode {
        static Items of(List<ConfigNode> items, Place place) {
            return new Items(List.copyOf(items), place,
                    1 + items.stream().mapToLong(ConfigNode::size).reduce(0, ConfigNode::plus));
        }
    }

    /// @param partial whether an override made it up: what it does not name keeps the default
    record Entries(List<Entry> entries, Place place, boolean partial, long size) implements ConfigNode {
        static Entries of(List<Entry> entries, Place place, boolean partial) {
            long size = entries.stream().mapToLong(entry -> entry.value().size()).reduce(0, ConfigNode::plus);
            return new Entries(List.copyOf(entries), place, partial, plus(1, size));
        }

        Optional<ConfigNode> get(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).map(Entry::value).findFirst();
        }
    }

    record Entry(String key, Place place, ConfigNode value) {}

    default boolean isNothing() {
        return this instanceof Text text && text.nothing();
    }

    private static long plus(long a, long b) {
        return Math.min(a + b, Integer.MAX_VALUE); // far above any limit, and far from overflowing
    }
}
