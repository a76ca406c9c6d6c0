package dev.socratic.core.config;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a config (YAML or JSON) into a record.
///
/// Everything that is wrong with it is said at once, each with file, line and column, the path in the config, what
/// was expected, what was got and what to write instead: unknown and repeated keys, missing keys, wrong types, and
/// what the constructors of the records refuse.
public final class ConfigReader {
    private ConfigReader() {}

    /// @param file paths in it are resolved against its folder and become absolute
    /// @throws ConfigException with all problems
    public static <T> T read(Path file, Class<T> type) {
        return read(file, type, Map.of());
    }

    /// @param overrides values (YAML) by their path in the config, `a.b.c` or `a.list[0].c`, that take the place of
    ///                  what the file says; paths among them are resolved against the file's folder as well
    /// @throws ConfigException with all problems; those of an override are placed at `--set a.b.c`
    public static <T> T read(Path file, Class<T> type, Map<String, String> overrides) {
        return read(text(file), file.toString(), Optional.of(file.toAbsolutePath().normalize().getParent()), type,
                overrides);
    }

    /// @param name what to call the text in messages; paths in it are left as they are
    public static <T> T read(String text, String name, Class<T> type) {
        return read(text, name, Optional.empty(), type, Map.of());
    }

    /// @param base folder that paths in the text are resolved against
    public static <T> T read(String text, String name, Path base, Class<T> type) {
        return read(text, name, Optional.of(base), type, Map.of());
    }

    /// A config and where its parts stand.
    public record Placed<T>(T value, Places places) {}

    /// As [#read(Path, Class, Map)], with the places of its parts.
    public static <T> Placed<T> placed(Path file, Class<T> type, Map<String, String> overrides) {
        return placed(text(file), file.toString(), Optional.of(file.toAbsolutePath().normalize().getParent()), type,
                overrides);
    }

    /// The same of a text that is in no file: what stands where nothing is written.
    public static <T> Placed<T> placed(String text, String name, Class<T> type, Map<String, String> overrides) {
        return placed(text, name, Optional.of(Path.of("").toAbsolutePath()), type, overrides);
    }

    /// What a constructor refuses that is called with values of the command line: a problem at the option, as the
    /// reader makes one of a config's.
    ///
    /// @param place of the option
    /// @throws ConfigException with the constructor's own words
    public static <T> T checked(String place, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(List.of(Problem.said(place, String.valueOf(refused.getMessage()))));
        }
    }

    private static <T> T read(String text, String name, Optional<Path> base, Class<T> type,
            Map<String, String> overrides) {
        return placed(text, name, base, type, overrides).value();
    }

    private static <T> Placed<T> placed(String text, String name, Optional<Path> base, Class<T> type, Map<String,
            String> overrides) {
        List<Problem> problems = new ArrayList<>();
        FormerNames former = new FormerNames();
        ConfigNode tree = former.renamed(Overrides.apply(YamlTree.parse(text, name, problems), overrides, problems),
                type, "");
        problems.addAll(former.twice());
        Optional<Object> value = new Binder(base, problems).bind(tree, type, "");
        if (!problems.isEmpty()) {
            throw new ConfigException(inOrder(problems, name));
        }
        return new Placed<>(type.cast(value.orElseThrow()), new Places(Optional.of(tree), "", former.found()));
    }

    /// As they stand in the file; those of overrides last.
    private static List<Problem> inOrder(List<Problem> problems, String name) {
        Pattern place = Pattern.compile(Pattern.quote(name) + ":([0-9]+):([0-9]+)(:.*)?", Pattern.DOTALL);
        return problems.stream()
                .sorted(Comparator.comparingLong(problem -> {
                    Matcher at = place.matcher(problem.place());
                    return at.matches()
                            ? Long.parseLong(at.group(1)) << 32 | Long.parseLong(at.group(2))
                            : Long.MAX_VALUE;
                }))
                .toList();
    }

    private static String text(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                throw new ConfigException(
                        file.toString(), "a config file", "a pipe or a device",
                        "write what it gives into a file and name that");
            }
            if (Files.size(file) > YamlTree.MAX_CHARACTERS) {
                throw new ConfigException(file.toString(), "a config of at most " + YamlTree.MAX_CHARACTERS + " bytes",
                        Files.size(file) + " bytes", "keep data in files of its own");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file.toString(), "text in UTF-8", "other bytes", "convert the file to UTF-8", e);
        } catch (IOException e) {
            IoProblems.Instead there = IoProblems.notThere(file, "a config file")
                    .orElseGet(() -> new IoProblems.Instead("a config file", "one that cannot be read",
                            "check its permissions"));
            throw new ConfigException(file.toString(), there.expected(), there.got(), there.remedy(), e);
        }
    }
}
