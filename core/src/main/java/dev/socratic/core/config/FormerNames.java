package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.config.ConfigNode.Entry;
import dev.socratic.core.config.ConfigNode.Items;
import dev.socratic.core.config.ConfigNode.Text;
import dev.socratic.core.error.Problem;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts today's names in the place of former ones ([Alias]) before a tree is bound, and says where it did.
///
/// It changes names alone: what stands where nothing of that type can stand is left for [Binder] to refuse. Where an
/// override and the file say the same thing by two names, the override holds, as it does by one.
final class FormerNames {
    private final Set<Problem> found = new LinkedHashSet<>();
    private final List<Problem> twice = new ArrayList<>();

    /// @return what was renamed, as one line each: place, today's name, the name that was written
    List<Problem> found() {
        return List.copyOf(found);
    }

    ConfigNode renamed(ConfigNode node, Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return generic.getRawType() == Optional.class ? renamed(node, last, path) : each(node, last, path);
        }
        if (!(type instanceof Class<?> plain)) {
            return node;
        }
        if (plain.isSealed()) {
            return family(node, plain, path);
        }
        if (plain.isRecord()) {
            return record(node, plain, path);
        }
        return plain.isEnum() && node instanceof Text text ? constant(text, plain, path) : node;
    }

    private ConfigNode each(ConfigNode node, Type element, String path) {
        return switch (node) {
            case Text text -> text;
            case Items items -> {
                List<ConfigNode> all = new ArrayList<>();
                for (int i = 0; i < items.items().size(); i++) {
                    all.add(renamed(items.items().get(i), element, path + "[" + i + "]"));
                }
                yield Items.of(all, items.place());
            }
            case Entries entries -> Entries.of(entries.entries().stream()
                    .map(entry -> new Entry(entry.key(), entry.place(),
                            renamed(entry.value(), element, Binder.join(path, entry.key()))))
                    .toList(), entries.place(), entries.partial());
        };
    }

    private ConfigNode constant(Text text, Class<?> type, String path) {
        return Arrays.stream(type.getFields()).filter(Field::isEnumConstant)
                .filter(field -> was(field, text.text()))
                .findFirst()
                .map(field -> told(text, Names.snake(field.getName()), path))
                .orElse(text);
    }

    private ConfigNode family(ConfigNode node, Class<?> family, String path) {
        Map<String, Class<?>> known = Names.family(family);
        if (node instanceof Text text && Names.ofBareText(known.values()).isEmpty()) {
            return member(known, text.text()).map(name -> told(text, name, path)).orElse(text);
        }
        if (!(node instanceof Entries entries) || entries.entries().size() != 1) {
            return node;
        }
        Entry written = entries.entries().getFirst();
        Entry today = member(known, written.key()).map(name -> told(written, name, path)).orElse(written);
        Class<?> member = known.get(today.key());
        return member == null ? node : Entries.of(List.of(new Entry(today.key(), today.place(),
                record(today.value(), member, Binder.join(path, today.key())))), entries.place(), entries.partial());
    }

    private static Optional<String> member(Map<String, Class<?>> known, String written) {
        return known.entrySet().stream().filter(one -> was(one.getValue(), written)).map(Map.Entry::getKey)
                .findFirst();
    }

    private ConfigNode record(ConfigNode node, Class<?> type, String path) {
        List<RecordComponent> components = Names.flat(type);
        boolean named = node instanceof Entries entries && entries.entries().stream()
                .anyMatch(entry -> component(components, entry.key()).isPresent());
        if (components.size() == 1 && !named) { // its bare value
            return renamed(node, components.getFirst().getGenericType(), path);
        }
        if (!(node instanceof Entries entries)) {
            return node;
        }
        List<Entry> all = new ArrayList<>();
        for (Entry entry : entries.entries()) {
            Optional<RecordComponent> component = component(components, entry.key());
            String name = component.map(one -> Names.snake(one.getName())).orElse(entry.key());
            Entry today = name.equals(entry.key()) ? entry : told(entry, name, path);
            all.add(new Entry(name, today.place(), component
                    .map(one -> renamed(today.value(), one.getGenericType(), Binder.join(path, name)))
                    .orElse(today.value())));
        }
        return Entries.of(once(all, path), entries.place(), entries.partial());
    }

    /// Of two names for one key the one on the command line; two in a file are a mistake.
    private List<Entry> once(List<Entry> all, String path) {
        List<Entry> once = new ArrayList<>();
        for (Entry entry : all) {
            Optional<Entry> before = once.stream().filter(other -> other.key().equals(entry.key())).findFirst();
            if (before.isEmpty()) {
                once.add(entry);
            } else if (entry.place().option() || before.get().place().option()) {
                once.set(once.indexOf(before.get()), entry.place().option() ? entry : before.get());
            } else {
                twice.add(new Problem(entry.place().at(Binder.join(path, entry.key())), "this key once",
                        "it by its former name as well", "remove one of the two"));
            }
        }
        return once;
    }

    /// @return keys that a file has by both names
    List<Problem> twice() {
        return List.copyOf(twice);
    }

    private static Optional<RecordComponent> component(List<RecordComponent> components, String written) {
        return components.stream().filter(one -> Names.snake(one.getName()).equals(written))
                .findFirst()
                .or(() -> components.stream().filter(one -> was(one, written)).findFirst());
    }

    private static boolean was(AnnotatedElement element, String written) {
        return element.isAnnotationPresent(Alias.class)
                && List.of(element.getAnnotation(Alias.class).value()).contains(written);
    }

    private Text told(Text text, String name, String path) {
        tell(text.place(), path, name, text.text());
        return new Text(name, text.plain(), text.place());
    }

    private Entry told(Entry entry, String name, String path) {
        tell(entry.place(), path, name, entry.key());
        return new Entry(name, entry.place(), entry.value());
    }

    private void tell(Place place, String path, String name, String former) {
        found.add(new Problem(place.at(path), "'" + name + "'",
                "its former name '" + former + "', which is still read", "write '" + name + "'"));
    }
}
