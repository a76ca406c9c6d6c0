package dev.socratic.cli.recipe;

import dev.socratic.core.config.Bare;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.gguf.convert.GgufCache;
import dev.socratic.models.hub.CachedModel;
import dev.socratic.models.hub.HubOptions;
import dev.socratic.models.hub.RepoId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Model folders by their name on a hub, `org/name[@revision]`, out of the cache that `socratic pull` fills, and those
/// of GGUFs, which are imported once. A path that is there wins over a name; nothing is fetched.
public final class HubModels {
    private static final String NAME =
            "[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*(@[A-Za-z0-9][A-Za-z0-9._/-]*)?";
    /// Where a config names a folder with a model: `path` in these records, and `tokenizer` where that is a path.
    private static final Set<String> RECORDS = Set.of("Draft", "Weights", "Folder", "LayersOf");
    private static final String ENDPOINT =
            "an endpoint is evaluated by a recipe: "
                    + "eval: {models: {api: {endpoint: {base_url: ..., model: ...}}}, tasks: [...]}";

    private final Path cache;
    private final GgufCache imported;

    /// @param environment says where the caches are
    /// @param tell        gets a line when a GGUF is imported
    public HubModels(Map<String, String> environment, Consumer<String> tell) {
        this.cache = HubOptions.from(environment).cache();
        this.imported = new GgufCache(environment, tell);
    }

    /// @param given what stood on the command line: a path, or a name
    /// @return the folder; the path as it was where it is no name
    /// @throws ConfigException if it is neither a path that exists nor a model in the cache,
    /// @throws dev.socratic.core.error.DataException if it is an adapter without its base
    public Path folder(Path given) {
        Path folder = whole(given);
        if (AdapterFolder.is(folder)) {
            AdapterFolder.base(folder);
        }
        return folder;
    }

    /// The same for a folder that may hold an adapter, but is a folder.
    public Path whole(Path given) {
        Path folder = place(given);
        String wanted = "a folder of a Hugging Face model";
        IoProblems.notThere(folder, wanted).ifPresent(there -> {
            boolean address = given.toString().matches("https?:/.*");
            throw new ConfigException(given.toString(), there.expected(), there.got(),
                    address ? ENDPOINT : there.remedy());
        });
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(given.toString(), wanted, "a file", ModelCheck.file(given));
        }
        return folder;
    }

    /// The same for what may be a folder or a file.
    public Path place(Path given) {
        return GgufCache.is(given) ? imported.folder(given) : Files.exists(given) || !named(given)
                ? given
                : found(given.toString()).orElseThrow(() -> absent(given.toString(), given.toString()));
    }

    /// @param config as it was read
    /// @param file   it was read from; its folder is what paths were resolved against
    /// @return the config with folders of the cache in place of names
    /// @throws ConfigException if a model is named that is not in the cache
    public <T extends Record> T in(T config, Path file) {
        return config.getClass().isRecord()
                ? typed(config, rebuilt(config, "", false, file.toAbsolutePath().normalize().getParent()))
                : config;
    }

    @SuppressWarnings("unchecked") // of the same class
    private static <T> T typed(T before, Object after) {
        return (T) before.getClass().cast(after);
    }

    private Object rebuilt(Object value, String place, boolean model, Path base) {
        return switch (value) {
            case Path path -> model ? inConfig(path, place, base) : path;
            case Optional<?> maybe -> maybe.map(inner -> rebuilt(inner, place, model, base));
            case List<?> list -> list.stream().map(inner -> rebuilt(inner, place, model, base)).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, inner) -> copy.put(key, rebuilt(inner, place + "." + key, model, base)));
                yield copy.equals(map) ? map : copy;
            }
            case Record owner -> record(owner, place, base);
            default -> value; // numbers, texts and enums
        };
    }

    private Record record(Record owner, String place, Path base) {
        RecordComponent[] components = owner.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean changed = false;
        try {
            for (int i = 0; i < components.length; i++) {
                String name = components[i].getName();
                components[i].getAccessor().setAccessible(true);
                Object before = components[i].getAccessor().invoke(owner);
                boolean model = name.equals("path") && RECORDS.contains(owner.getClass().getSimpleName())
                        || name.equals("tokenizer");
                boolean bare = owner.getClass().isAnnotationPresent(Bare.class);
                values[i] = rebuilt(before, bare ? place : place.isEmpty() ? name : place + "." + name, model, base);
                changed |= !values[i].equals(before);
            }
            if (!changed) {
                return owner;
            }
            var constructor = owner.getClass()
                    .getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            if (impossible instanceof InvocationTargetException thrown
                    && thrown.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("cannot rebuild " + owner.getClass(), impossible);
        }
    }

    /// What is to be made later, in a folder that is there, is no name.
    private Path inConfig(Path path, String place, Path base) {
        if (GgufCache.is(path)) {
            return imported.folder(path);
        }
        if (Files.exists(path) || !path.startsWith(base) || !named(base.relativize(path))) {
            return path;
        }
        String name = base.relativize(path).toString();
        return found(name).orElseGet(() -> {
            if (Files.isDirectory(base.resolve(name.substring(0, name.indexOf('/'))))) {
                return path;
            }
            throw absent(place, name);
        });
    }

    private static boolean named(Path path) {
        return path.toString().replace('\\', '/').matches(NAME);
    }

    private Optional<Path> found(String name) {
        return CachedModel.find(RepoId.parse(name.replace('\\', '/')), cache);
    }

    private ConfigException absent(String place, String name) {
        return new ConfigException(place, "a folder that exists, or a model in the cache %s".formatted(cache),
                "'%s', which is neither".formatted(name),
                "check the path, or fetch it: socratic pull " + name);
    }
}
