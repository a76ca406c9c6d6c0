package dev.socratic.eval.harness.task;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Every task, group and tag there is, by name: those of the folders first, of two with one name the first.
public final class TaskIndex {
    private final Map<String, TaskYaml> tasks = new LinkedHashMap<>();
    private final Map<String, TaskYaml> groups = new LinkedHashMap<>();
    private final Map<String, SortedSet<String>> tags = new TreeMap<>();
    private final List<Problem> unread = new ArrayList<>();

    private TaskIndex() {}

    /// @param folders of task files, each with all below it; may be none
    public static TaskIndex of(List<Path> folders) {
        TaskIndex index = new TaskIndex();
        for (Path folder : folders) {
            files(folder).forEach(file -> index.add(new TaskSource.Local(file)));
        }
        BuiltInTasks.files().forEach(name -> index.add(new TaskSource.BuiltIn(name)));
        return index;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> Stream.of("__pycache__", ".ipynb_checkpoints").noneMatch(name ->
                            file.toString().contains(name)))
                    .sorted(Comparator.comparing(Path::toString)).toList();
        } catch (IOException e) {
            throw IoProblems.reading(folder, "a folder of task files", e);
        }
    }

    /// A file that cannot be read hides no other.
    private void add(TaskSource source) {
        try {
            TaskYaml yaml = TaskYaml.read(source);
            if (yaml.entries().containsKey("group") && !yaml.isClass()) {
                groups.putIfAbsent(name(yaml, "group"), yaml);
            } else if (yaml.task().isPresent()) {
                if (tasks.putIfAbsent(yaml.task().get(), yaml) == null) {
                    yaml.tags().forEach(tag -> tags.computeIfAbsent(tag, none -> new TreeSet<>())
                            .add(yaml.task().get()));
                }
            }
        } catch (ConfigException broken) {
            unread.addAll(broken.problems());
        }
    }

    private static String name(TaskYaml yaml, String key) {
        return yaml.entries().get(key) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    /// @return names of tasks
    public Set<String> tasks() {
        return tasks.keySet();
    }

    /// @return names of groups
    public Set<String> groups() {
        return groups.keySet();
    }

    /// @return names of tags, each with its tasks
    public Map<String, SortedSet<String>> tags() {
        return tags;
    }

    /// @return what kept files from being read
    public List<Problem> unread() {
        return List.copyOf(unread);
    }

    /// @return the file of a task, where there is one of that name
    public Optional<TaskYaml> task(String name) {
        return Optional.ofNullable(tasks.get(name));
    }

    /// What a name stands for.
    ///
    /// @param tasks  each once, with the keys its groups put before its own
    /// @param groups each before those it is a member of
    public record Selection(Map<String, Chosen> tasks, List<ChosenGroup> groups) {}

    /// @param overrides of the groups it was chosen through
    public record Chosen(TaskYaml yaml, Map<String, YamlNode> overrides) {}

    /// @param members names of tasks and groups right below it, tags resolved
    /// @param leaves  names of all tasks below it
    public record ChosenGroup(TaskGroup group, List<String> members, List<String> leaves) {}

    /// @param names tasks, groups, tags, patterns with `*`, files, folders
    /// @throws ConfigException with all that are nothing of these
    public Selection select(List<String> names) {
        Selection selection = new Selection(new LinkedHashMap<>(), new ArrayList<>());
        List<Problem> problems = new ArrayList<>();
        for (String name : names) {
            choose(name, selection, problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return selection;
    }

    private void choose(String name, Selection into, List<Problem> problems) {
        Path path = Path.of(name.contains("*") ? "." : name);
        if (known(name)) {
            choose(name, Map.of(), into, problems, new LinkedHashSet<>());
        } else if (name.contains("*")) {
            PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + name);
            List<String> found = Stream.concat(tasks.keySet().stream(), groups.keySet().stream())
                    .filter(one -> pattern.matches(Path.of(one.replace('/', '_')))).toList();
            found.forEach(one -> choose(one, Map.of(), into, problems, new LinkedHashSet<>()));
            if (found.isEmpty()) {
                problems.add(new Problem("tasks", "a pattern that names some task", "'" + name + "'",
                        "see 'socratic tasks' for their names"));
            }
        } else if (Files.isDirectory(path)) {
            List<Path> files = files(path);
            files.forEach(file -> file(TaskYaml.read(new TaskSource.Local(file)), into, problems));
            if (files.isEmpty()) {
                problems.add(new Problem(name, "a folder with task files (.yaml)", "one without", "check the path"));
            }
        } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            file(TaskYaml.read(new TaskSource.Local(path)), into, problems);
        } else {
            Set<String> all = new LinkedHashSet<>(tasks.keySet());
            all.addAll(groups.keySet());
            all.addAll(tags.keySet());
            problems.add(new Problem("tasks", "the name of a task, a group or a tag, or a file or folder of tasks",
                    "'" + name + "'", Spelling.nearest(name, all).map(near -> "did you mean '" + near + "'?")
                    .orElse("see 'socratic tasks' for their names; --include takes a folder of others")));
        }
    }

    private boolean known(String name) {
        return tasks.containsKey(name) || groups.containsKey(name) || tags.containsKey(name);
    }

    private void file(TaskYaml yaml, Selection into, List<Problem> problems) {
        if (yaml.entries().containsKey("group") && !yaml.isClass()) {
            TaskGroup group = TaskGroup.of(name(yaml, "group"), yaml.entries(), problems);
            group(group, Map.of(), into, problems, new LinkedHashSet<>());
        } else if (yaml.task().isPresent()) {
            into.tasks().putIfAbsent(yaml.task().get(), new Chosen(yaml, Map.of()));
        }
    }

    /// @return names of what was chosen: of a tag its tasks
    private List<String> choose(String name, Map<String, YamlNode> overrides, Selection into,
            List<Problem> problems, Set<String> above) {
        if (groups.containsKey(name)) {
            TaskYaml yaml = groups.get(name);
            group(TaskGroup.of(name, yaml.entries(), problems), overrides, into, problems, above);
            return List.of(name);
        }
        if (tasks.containsKey(name)) {
            into.tasks().putIfAbsent(name, new Chosen(tasks.get(name), overrides));
            return List.of(name);
        }
        List<String> tagged = List.copyOf(tags.get(name));
        tagged.forEach(task -> into.tasks().putIfAbsent(task, new Chosen(tasks.get(task), overrides)));
        return tagged;
    }

    private void group(TaskGroup group, Map<String, YamlNode> overrides, Selection into, List<Problem> problems,
            Set<String> above) {
        if (!above.add(group.name())) {
            problems.add(new Problem("group '%s'".formatted(group.name()), "a group that is no member of itself",
                    "it again among its members", "take it out of its own list"));
            return;
        }
        if (into.groups().stream().anyMatch(there -> there.group().name().equals(group.name()))) {
            above.remove(group.name());
            return;
        }
        Map<String, YamlNode> own = new LinkedHashMap<>(group.overrides());
        own.putAll(overrides);
        List<String> members = new ArrayList<>();
        for (TaskGroup.Member member : group.members()) {
            Map<String, YamlNode> all = new LinkedHashMap<>(own);
            all.putAll(member.overrides());
            if (known(member.name())) {
                members.addAll(choose(member.name(), all, into, problems, above));
            } else if (member.isGroup()) {
                String name = group.name() + "::" + member.name();
                group(TaskGroup.of(name, member.overrides(), problems), own, into, problems, above);
                members.add(name);
            } else if (!member.overrides().isEmpty()) {
                String name = group.name() + "::" + member.name();
                inline(name, group, all, into);
                members.add(name);
            } else {
                problems.add(new Problem("group '%s'".formatted(group.name()), "members that exist",
                        "'" + member.name() + "'", "see 'socratic tasks'; --include takes a folder of others"));
            }
        }
        above.remove(group.name());
        into.groups().add(new ChosenGroup(group, members, leaves(members, into)));
    }

    private static void inline(String name, TaskGroup group, Map<String, YamlNode> keys, Selection into) {
        Map<String, YamlNode> entries = new LinkedHashMap<>(keys);
        entries.put("task", new YamlNode.Scalar(name, false, Optional.empty(), "group '%s'".formatted(group.name())));
        TaskSource source = new TaskSource.Local(Path.of(group.name()));
        into.tasks().putIfAbsent(name, new Chosen(new TaskYaml(source, entries, List.of(), List.of()), Map.of()));
    }

    private static List<String> leaves(List<String> members, Selection in) {
        List<String> leaves = new ArrayList<>();
        for (String member : members) {
            Optional<ChosenGroup> below = in.groups().stream().filter(one -> one.group().name().equals(member))
                    .findFirst();
            leaves.addAll(below.map(ChosenGroup::leaves).orElse(List.of(member)));
        }
        return leaves;
    }
}
