package dev.socratic.core.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything a config holds, part by part, under the paths that the reader knows it by: for checks that no new step,
/// task or source can dodge.
public final class Parts {
    private final List<Part> parts = new ArrayList<>();

    private Parts() {}

    /// A value of a config.
    ///
    /// @param path      where: `train[0].student.folder.path`
    /// @param value     what; optional values are unwrapped, absent ones are no part
    /// @param component of the record it is a component of, whether at first hand or in a list or mapping
    public record Part(String path, Object value, RecordComponent component) {}

    /// @param path at which the record stands; empty for a whole config
    /// @return what is in it, a whole before its parts
    public static List<Part> of(Record config, String path) {
        Parts all = new Parts();
        all.components(config, path);
        return List.copyOf(all.parts);
    }

    /// @return the text of such a component as a built-in name or the path of a file, where it may be both
    public static Optional<Path> fileOf(Part part) {
        NameOrFile kind = part.component().getAnnotation(NameOrFile.class);
        return kind != null && part.value() instanceof String text ? NamedFiles.path(text, kind.value())
                : Optional.empty();
    }

    private void components(Record owner, String path) {
        boolean bare = owner.getClass().isAnnotationPresent(Bare.class);
        for (RecordComponent component : owner.getClass().getRecordComponents()) {
            if (component.isAnnotationPresent(Inline.class)) {
                components((Record) read(owner, component), path);
            } else {
                value(read(owner, component), component.getGenericType(),
                        bare ? path : Binder.join(path, Names.snake(component.getName())), component);
            }
        }
    }

    private void value(Object value, Type type, String path, RecordComponent component) {
        switch (value) {
            case Optional<?> maybe -> maybe.ifPresent(inner -> value(inner, argument(type, 0), path, component));
            case List<?> list -> {
                parts.add(new Part(path, list, component));
                for (int i = 0; i < list.size(); i++) {
                    value(list.get(i), argument(type, 0), path + "[" + i + "]", component);
                }
            }
            case Map<?, ?> map -> {
                parts.add(new Part(path, map, component));
                map.forEach((key, inner) ->
                        value(inner, argument(type, 1), Binder.join(path, String.valueOf(key)), component));
            }
            case Record record -> {
                boolean named = type instanceof Class<?> family && family.isSealed()
                        && !record.getClass().isAnnotationPresent(Bare.class);
                String place = named ? Binder.join(path, Names.snake(record.getClass().getSimpleName())) : path;
                parts.add(new Part(place, record, component));
                components(record, place);
            }
            default -> parts.add(new Part(path, value, component));
        }
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : Object.class;
    }

    private static Object read(Record owner, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
