package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.config.ConfigNode.Items;
import dev.socratic.core.config.ConfigNode.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Every key a config may have, told from the records that it is read into, so that what is told is what is read.
public final class Keys {
    private final List<Key> keys = new ArrayList<>();
    /// Types that are being told, with the path each began at: one that holds itself is told once.
    private final Deque<Map.Entry<Type, String>> open = new ArrayDeque<>();

    private Keys() {}

    /// One key.
    ///
    /// @param path     as `--set` takes it; `[]` stands for each item of a list, `<name>` for each name of a mapping
    /// @param expected what may stand there, in words
    /// @param fallback what stands there where nothing is written, as YAML; "optional" where that is nothing; empty
    /// for what must be written
    public record Key(String path, String expected, String fallback) {}

    /// @param config record
    /// @param path   where it stands; empty for a whole config
    public static List<Key> of(Class<?> config, String path) {
        Keys told = new Keys();
        told.record(config, path, Map.of());
        return List.copyOf(told.keys);
    }

    /// @param around defaults that the record around this one gives its keys
    private void record(Class<?> type, String path, Map<String, String> around) {
        for (RecordComponent component : type.getRecordComponents()) {
            String own = Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value)
                    .orElse(component.getType() == Optional.class ? "optional" : "");
            if (component.isAnnotationPresent(Inline.class)) {
                Map<String, String> inside = new HashMap<>(mapping(own));
                inside.putAll(around);
                record(component.getType(), path, inside);
            } else {
                String name = Names.snake(component.getName());
                type(component.getGenericType(), Binder.join(path, name), around.getOrDefault(name, own));
            }
        }
    }

    /// @return the keys of a default that is a mapping
    private static Map<String, String> mapping(String fallback) {
        Map<String, String> keys = new HashMap<>();
        if (fallback.startsWith("{") && YamlTree.parse(fallback, fallback, new ArrayList<>()) instanceof Entries map) {
            map.entries().forEach(entry -> keys.put(entry.key(), yaml(entry.value())));
        }
        return keys;
    }

    private static String yaml(ConfigNode node) {
        return switch (node) {
            case Text text -> text.text();
            case Items items ->
                items.items().stream().map(Keys::yaml).collect(Collectors.joining(", ", "[", "]"));
            case Entries entries -> entries.entries().stream().map(entry -> entry.key() + ": " + yaml(entry.value()))
                    .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private void type(Type type, String path, String fallback) {
        if (type instanceof ParameterizedType generic) {
            Type first = generic.getActualTypeArguments()[0];
            switch (((Class<?>) generic.getRawType()).getSimpleName()) {
                case "Optional" -> type(first, path, fallback);
                case "Map" -> {
                    keys.add(new Key(path, "a mapping", fallback));
                    below(generic.getActualTypeArguments()[1], path + ".<name>");
                }
                default -> {
                    keys.add(new Key(path, "a list", fallback));
                    below(first, path + "[]");
                }
            }
            return;
        }
        Class<?> plain = (Class<?>) type;
        Optional<String> before = open.stream().filter(one -> one.getKey().equals(type)).map(Map.Entry::getValue)
                .findFirst();
        if (before.isPresent()) {
            keys.add(new Key(path, "as " + before.get(), fallback));
            return;
        }
        open.push(Map.entry(type, path));
        if (plain.isSealed()) {
            Map<String, Class<?>> family = Names.family(plain);
            keys.add(new Key(path, "one of " + String.join(", ", family.keySet()), fallback));
            family.forEach((name, member) ->
                    record(member, member.isAnnotationPresent(Bare.class) ? path : Binder.join(path, name), Map.of()));
        } else if (plain.isRecord()) {
            keys.add(new Key(path, "a mapping", fallback));
            record(plain, path, mapping(fallback));
        } else {
            keys.add(new Key(path, Scalars.expected(plain).orElse("a value"), fallback));
        }
        open.pop();
    }

    /// Of lists and mappings: a plain value needs no line of its own where its whole has one.
    private void below(Type type, String path) {
        boolean composed = type instanceof Class<?> plain && (plain.isSealed() || plain.isRecord())
                || type instanceof ParameterizedType;
        if (composed) {
            type(type, path, "");
        }
    }
}
