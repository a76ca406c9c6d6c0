package dev.socratic.cli.recipe;

import dev.socratic.core.config.Bare;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files and folders a config names: what they hold decides whether a stage runs again, so a change inside a file is seen although the
/// config still says the same path.
final class Inputs {
    private static final Set<String> DESCRIBING = Set.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja");

    private Inputs() {}

    /// @return every existing path in the records, by where it stands (`questions.file.path`); of a model, what makes it one
    static SortedMap<String, Path> of(Record config) {
        SortedMap<String, Path> found = new TreeMap<>();
        collect(config, "", found);
        return found;
    }

    /// @param folder of a model
    /// @return its weights, one file or all shards, its config and its tokenizer; cards, logs and timings beside them make no other model
    static SortedMap<String, Path> ofModel(Path folder) {
        SortedMap<String, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                String name = file.getFileName().toString();
                if (name.endsWith(".safetensors")) {
                    found.put("weights/" + name, file);
                } else if (DESCRIBING.contains(name)) {
                    found.put(name, file);
                }
            });
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return found;
    }

    private static boolean isModel(Path path) {
        return Files.exists(path.resolve("config.json"));
    }

    private static void collect(Object value, String place, SortedMap<String, Path> found) {
        switch (value) {
            case Path path when isModel(path) -> ofModel(path).forEach((name, file) -> found.put(place + "/" + name, file));
            case Path path when Files.exists(path) -> found.put(place, path);
            case Record nested -> {
                boolean bare = nested.getClass().isAnnotationPresent(Bare.class);
                for (RecordComponent component : nested.getClass().getRecordComponents()) {
                    Object inner = read(nested, component);
                    String name = bare ? place : place.isEmpty() ? component.getName() : place + "." + component.getName();
                    file(inner, component).ifPresentOrElse(file -> collect(file, name, found), () -> collect(inner, name, found));
                }
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collect(list.get(i), place + "[" + i + "]", found);
                }
            }
            case Map<?, ?> map -> map.forEach((key, inner) -> collect(inner, place + "." + key, found));
            case Optional<?> maybe -> maybe.ifPresent(inner -> collect(inner, place, found));
            default -> {
                // Numbers, texts and enums name no file.
            }
        }
    }

    /// A prompt or an objective of one's own.
    private static Optional<Path> file(Object value, RecordComponent component) {
        NameOrFile kind = component.getAnnotation(NameOrFile.class);
        return kind != null && value instanceof String text ? NamedFiles.path(text, kind.value()) : Optional.empty();
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
