package dev.socratic.eval.harness.task;

import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A task's or a group's YAML with what it includes: of a key that several say, the file that includes is right, and
/// of several includes the last.
///
/// @param source   the file itself
/// @param entries  by key
/// @param repeated keys that stand twice in one file: the last one counts, as it does there
/// @param read     every file that was read, the task's own first
public record TaskYaml(TaskSource source, Map<String, YamlNode> entries, List<YamlNode.Repeated> repeated,
        List<TaskSource> read) {
    static final String INCLUDE = "include";
    private static final String TASK = "task";
    private static final String GROUP = "group";

    public TaskYaml {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        repeated = List.copyOf(repeated);
        read = List.copyOf(read);
    }

    /// @throws ConfigException where a file is missing, is no YAML mapping, or includes itself
    public static TaskYaml read(TaskSource source) {
        return read(source, new LinkedHashSet<>());
    }

    private static TaskYaml read(TaskSource source, Set<TaskSource> above) {
        if (!above.add(source)) {
            throw new ConfigException(source.name(), "a file that does not include itself",
                    "it again among its includes", "take the include out of one of them");
        }
        YamlNode node = YamlNode.read(source.text(), source.name());
        if (!(node instanceof YamlNode.Entries own)) {
            throw new ConfigException(node.place(), "a mapping of keys", "something else",
                    "write task: NAME and its other keys");
        }
        Map<String, YamlNode> all = new LinkedHashMap<>();
        List<YamlNode.Repeated> repeated = new ArrayList<>(own.repeated());
        List<TaskSource> files = new ArrayList<>(List.of(source));
        for (YamlNode.Scalar include : includes(own)) {
            TaskYaml included = read(source.beside(include.text()), above);
            included.entries.forEach((key, value) -> {
                if (!key.equals("task_list")) {
                    all.put(key, value);
                }
            });
            repeated.addAll(included.repeated);
            files.addAll(included.read);
        }
        own.entries().forEach((key, value) -> {
            if (!key.equals(INCLUDE)) {
                all.put(key, value);
            }
        });
        above.remove(source);
        return new TaskYaml(source, all, repeated, files);
    }

    private static List<YamlNode.Scalar> includes(YamlNode.Entries own) {
        return switch (own.get(INCLUDE).orElse(new YamlNode.Items(List.of(), Optional.empty(), own.place()))) {
            case YamlNode.Scalar one -> List.of(one);
            case YamlNode.Items several -> several.items().stream().map(item -> {
                if (item instanceof YamlNode.Scalar one) {
                    return one;
                }
                throw new ConfigException(item.place(), "the path of a file to include", "a list or a mapping",
                        "write include: FILE.yaml");
            }).toList();
            case YamlNode.Entries other -> throw new ConfigException(other.place(), "the path of a file to include",
                    "a mapping", "write include: FILE.yaml");
        };
    }

    /// @return the name under `group`, of a group
    public Optional<String> group() {
        return text(GROUP).filter(name -> !text(TASK).isPresent());
    }

    /// @return the name under `task`, of a task
    public Optional<String> task() {
        return text(TASK);
    }

    /// @return whether a class of Python is the task
    public boolean isClass() {
        return entries.containsKey("class");
    }

    /// @return the tags, none or several
    public List<String> tags() {
        return switch (entries.get("tag")) {
            case YamlNode.Scalar one when one.value().isPresent() -> List.of(one.text());
            case YamlNode.Items several -> several.items().stream().filter(YamlNode.Scalar.class::isInstance)
                    .map(item -> ((YamlNode.Scalar) item).text()).toList();
            case null, default -> List.of();
        };
    }

    private Optional<String> text(String key) {
        return entries.get(key) instanceof YamlNode.Scalar scalar && scalar.value().isPresent()
                ? Optional.of(scalar.text()) : Optional.empty();
    }
}
