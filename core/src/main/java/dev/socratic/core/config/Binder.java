package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.config.ConfigNode.Entry;
import dev.socratic.core.config.ConfigNode.Items;
import dev.socratic.core.config.ConfigNode.Text;
import dev.socratic.core.error.Problem;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes values of nodes. A value that cannot be made leaves a problem and an empty result; reading goes on, so that
/// all problems are found.
final class Binder {
    private final Optional<Path> base;
    private final List<Problem> problems;
    private final Defaults defaults;

    Binder(Optional<Path> base, List<Problem> problems) {
        this.base = base;
        this.problems = problems;
        this.defaults = new Defaults(problems);
    }

    Optional<Object> bind(ConfigNode node, Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            return generic(node, generic, path);
        }
        if (!(type instanceof Class<?> plain)) {
            throw unsupported(type, path);
        }
        if (plain == Object.class) {
            return free(node, path);
        }
        if (plain.isSealed()) {
            return family(node, plain, path);
        }
        if (plain.isRecord()) {
            return record(node, plain, path);
        }
        String expected = Scalars.expected(plain).orElseThrow(() -> unsupported(type, path));
        Optional<Object> value = node instanceof Text text && !text.nothing()
                ? Scalars.read(text, plain, base)
                : Optional.empty();
        if (value.isEmpty()) {
            report(node.place(), path, expected, got(node), remedy(node, plain));
        }
        return value;
    }

    private Optional<Object> generic(ConfigNode node, ParameterizedType type, String path) {
        Type first = type.getActualTypeArguments()[0];
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            return node.isNothing() ? Optional.of(Optional.empty()) : bind(node, first, path).map(Optional::of);
        }
        if (raw == List.class || raw == Set.class || raw == Collection.class) {
            return list(node, first, path)
                    .flatMap(list -> raw == Set.class ? set(list, node, path) : Optional.of(list));
        }
        if (raw == Map.class) {
            return map(node, first, type.getActualTypeArguments()[1], path);
        }
        throw unsupported(type, path);
    }

    private Optional<List<Object>> list(ConfigNode node, Type element, String path) {
        if (!(node instanceof Items items)) {
            report(node.place(), path, "a list", got(node),
                    node instanceof Text text && !text.nothing() ? "write [" + text.text() + "]" : "");
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < items.items().size(); i++) {
            bind(items.items().get(i), element, path + "[" + i + "]").ifPresent(values::add);
        }
        return values.size() == items.items().size() ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    private Optional<Object> set(List<Object> values, ConfigNode node, String path) {
        Set<Object> set = new LinkedHashSet<>();
        for (int i = 0; i < values.size(); i++) {
            if (!set.add(values.get(i))) {
                report(((Items) node).items().get(i).place(), path + "[" + i + "]", "each value once",
                        "'" + values.get(i) + "' again", "remove one of the two");
                return Optional.empty();
            }
        }
        return Optional.of(Collections.unmodifiableSet(set));
    }

    private Optional<Object> map(ConfigNode node, Type keyType, Type valueType, String path) {
        if (!(node instanceof Entries entries)) {
            report(node.place(), path, "a mapping", got(node), "");
            return Optional.empty();
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Entry entry : entries.entries()) {
            Optional<Object> key = bind(new Text(entry.key(), keyType != String.class, entry.place()), keyType, path);
            Optional<Object> value = bind(entry.value(), valueType, join(path, entry.key()));
            key.ifPresent(k -> value.ifPresent(v -> map.put(k, v)));
        }
        return map.size() == entries.entries().size()
                ? Optional.of(Collections.unmodifiableMap(map))
                : Optional.empty();
    }

    private Optional<Object> free(ConfigNode node, String path) {
        return switch (node) {
            case Text text when text.nothing() -> {
                report(text.place(), path, "a value", "nothing", "");
                yield Optional.empty();
            }
            case Text text -> Optional.of(Scalars.free(text));
            case Items items -> list(items, Object.class, path).map(list -> list);
            case Entries entries -> map(entries, String.class, Object.class, path);
        };
    }

    private Optional<Object> family(ConfigNode node, Class<?> family, String path) {
        Map<String, Class<?>> known = Names.family(family);
        Optional<Class<?>> ofText = Names.ofBareText(known.values());
        if (ofText.isPresent() && node instanceof Text text && !text.nothing()) {
            return record(node, ofText.get(), path);
        }
        String names = String.join(", ", known.keySet());
        Entry choice = switch (node) {
            case Text text when !text.nothing() ->
                    new Entry(text.text(), text.place(), new Text("", true, text.place()));
            case Entries entries when entries.entries().size() == 1 -> entries.entries().getFirst();
            case Entries entries when entries.entries().size() > 1 -> {
                String written = entries.entries().stream().map(Entry::key).collect(Collectors.joining(", "));
                String remedy = entries.entries().stream().map(Entry::key).filter(known::containsKey).findFirst()
                        .map(name -> "write {" + name + ": {...}} with everything else inside")
                                .orElse("write the name, or {name: {...}}");
                report(node.place(), path, "one of " + names, entries.entries().size() + " keys (" + written + ")",
                        remedy);
                yield null;
            }
            case Text text -> nameless(text, path, names);
            case Items items -> nameless(items, path, names);
            case Entries entries -> nameless(entries, path, names);
        };
        if (choice == null) {
            return Optional.empty();
        }
        Optional<Class<?>> bare = known.containsKey(choice.key())
                ? Optional.empty()
                : Names.ofBareNumber(known.values());
        if (bare.isPresent() && node instanceof Text text && Scalars.read(text, double.class, base).isPresent()) {
            return record(node, bare.get(), path);
        }
        if (!known.containsKey(choice.key())) {
            String remedy = number(node) ? inside(choice.key(), known) : meant(choice.key(), known.keySet());
            report(choice.place(), path, "one of " + names, "'" + shorten(choice.key()) + "'", remedy);
            return Optional.empty();
        }
        return record(choice.value(), known.get(choice.key()), join(path, choice.key()));
    }

    private boolean number(ConfigNode node) {
        return node instanceof Text text && Scalars.read(text, double.class, base).isPresent();
    }

    /// @return how a bare number is written where the family has members of one number
    private static String inside(String number, Map<String, Class<?>> known) {
        return known.entrySet().stream().filter(one -> one.getValue().getRecordComponents().length == 1
                && one.getValue().getRecordComponents()[0].getType().isPrimitive())
                .findFirst().map(one -> "say of what: {" + one.getKey() + ": " + number + "}").orElse("");
    }

    private Entry nameless(ConfigNode node, String path, String names) {
        report(node.place(), path, "one of " + names, got(node), "write the name, or {name: {...}}");
        return null;
    }

    /// A mapping is the bare value of a component that is one, or a record, unless it names the component.
    private static boolean bare(ConfigNode node, Class<?> type, String component) {
        return !(node instanceof Entries entries)
                || holdsMapping(type.getRecordComponents()[0].getType())
                        && entries.get(component).isEmpty()
                        && !entries.entries().isEmpty();
    }

    private static boolean holdsMapping(Class<?> component) {
        return component.isRecord() || component == Map.class;
    }

    private Optional<Object> record(ConfigNode node, Class<?> type, String path) {
        List<String> known = Names.components(type);
        boolean only = known.size() == 1 && !node.isNothing() && bare(node, type, known.getFirst());
        if (only || node instanceof Text && Names.othersMayBeLeftOut(type)) {
            // What has one component that counts may be written as its bare value: {tokens: 5000} for {tokens: {n:
            // 5000}}, {student: one} for {student: {name: one}}.
            return record(Entries.of(List.of(new Entry(known.getFirst(), node.place(), node)), node.place(), false),
                    type, path);
        }
        if (!(node instanceof Entries) && !node.isNothing()) {
            report(node.place(), path,
                    "a mapping" + (known.isEmpty() ? " without keys" : " with " + String.join(", ", known)), got(node),
                    "");
            return Optional.empty();
        }
        Entries entries = node instanceof Entries written ? written : Entries.of(List.of(), node.place(), false);
        int before = problems.size();
        for (Entry entry : entries.entries()) {
            if (!known.contains(entry.key())) {
                String expected = known.isEmpty() ? "no key" : "a known key (" + String.join(", ", known) + ")";
                report(entry.place(), path, expected, "'" + shorten(entry.key()) + "'",
                        elsewhere(entry.key(), type).orElseGet(() -> meant(entry.key(), known)));
            }
        }
        List<Object> arguments = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Inline.class)) {
                record(defaults.inlined(entries, component), component.getType(), path).ifPresent(arguments::add);
                continue;
            }
            String key = Names.snake(component.getName());
            component(entries.get(key), component, node.place(), join(path, key)).ifPresent(arguments::add);
        }
        return problems.size() > before || arguments.size() < type.getRecordComponents().length
                ? Optional.empty()
                : Records.create(type, arguments, entries, path, problems);
    }

    private Optional<Object> component(Optional<ConfigNode> written, RecordComponent component, Place around,
            String path) {
        if (written.isPresent()) {
            ConfigNode node = defaults.under(written.get(), component, around);
            return bind(node, component.getGenericType(), path).map(value -> placed(value, component));
        }
        Optional<ConfigNode> fallback = defaults.of(component, around);
        if (fallback.isPresent()) {
            return bind(fallback.get(), component.getGenericType(), path);
        }
        if (component.getType() == Optional.class) {
            return Optional.of(Optional.empty());
        }
        String key = Names.snake(component.getName());
        report(around, path, expected(component.getGenericType()), "nothing", "add '" + key + ": ...'");
        return Optional.empty();
    }

    private Object placed(Object value, RecordComponent component) {
        NameOrFile kind = component.getAnnotation(NameOrFile.class);
        return kind != null && value instanceof String text
                ? base.map(folder -> NamedFiles.from(folder, text, kind.value())).orElse(text)
                : value;
    }

    private static String expected(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == Map.class ? "a mapping" : "a list";
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isSealed()) {
            return "one of " + String.join(", ", Names.family(plain).keySet());
        }
        return plain.isRecord()
                ? "a mapping with " + String.join(", ", Names.components(plain))
                : Scalars.expected(plain).orElse("a value");
    }

    private static String got(ConfigNode node) {
        return switch (node) {
            case Text text when text.nothing() -> "nothing";
            case Text text -> (text.plain() ? "'" : "the text '") + shorten(text.text()) + "'";
            case Items items -> "a list";
            case Entries entries -> entries.entries().isEmpty()
                    ? "an empty mapping"
                    : "a mapping with "
                            + shorten(entries.entries().stream().map(Entry::key).collect(Collectors.joining(", ")));
        };
    }

    private static String remedy(ConfigNode node, Class<?> type) {
        if (!(node instanceof Text text)) {
            return "";
        }
        if (type.isEnum()) {
            return meant(text.text(),
                    java.util.Arrays.stream(type.getEnumConstants()).map(c -> Names.of((Enum<?>) c)).toList());
        }
        boolean quoted = !text.plain()
                && Scalars.read(new Text(text.text(), true, text.place()), type, Optional.empty()).isPresent();
        return quoted ? "remove the quotes" : "";
    }

    private static String meant(String written, Collection<String> known) {
        return Names.nearest(written, known).map(name -> "write '" + name + "'").orElse("");
    }

    /// @return what a key of another tool is called here
    private static Optional<String> elsewhere(String written, Class<?> type) {
        return Names.flat(type).stream()
                .filter(component -> component.isAnnotationPresent(Aka.class)
                        && List.of(component.getAnnotation(Aka.class).value()).contains(written))
                .map(component -> {
                    String hint = component.getAnnotation(Aka.class).hint();
                    return "write '" + Names.snake(component.getName()) + "'" + (hint.isEmpty() ? "" : ", " + hint);
                })
                .findFirst();
    }

    private static String shorten(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void report(Place place, String path, String expected, String got, String remedy) {
        problems.add(new Problem(place.at(path), expected, got, remedy));
    }

    private static IllegalStateException unsupported(Type type, String path) {
        return new IllegalStateException(
                "no config can hold a " + type.getTypeName() + " (at '" + path
                        + "'); see the package's documentation for the types it can");
    }
}
