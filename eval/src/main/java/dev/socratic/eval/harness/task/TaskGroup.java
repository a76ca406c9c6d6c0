package dev.socratic.eval.harness.task;

import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A group: tasks, tags and groups under one name, with a figure over all where it says how.
///
/// @param name       `group`
/// @param alias      `group_alias`
/// @param members    what it is made of, in order
/// @param aggregates `aggregate_metric_list`
/// @param version    `metadata.version`
/// @param overrides  keys of tasks that hold for every member
public record TaskGroup(String name, String alias, List<Member> members, List<Aggregate> aggregates, Object version,
        Map<String, YamlNode> overrides) {
    private static final List<String> KEYS = List.of("group", "group_alias", "task", "aggregate_metric_list",
            "metadata", "tag");

    public TaskGroup {
        members = List.copyOf(members);
        aggregates = List.copyOf(aggregates);
        overrides = Map.copyOf(overrides);
    }

    /// @param name      of a task, a tag or a group
    /// @param isGroup   whether it was written as a group
    /// @param overrides keys that hold for it alone
    public record Member(String name, boolean isGroup, Map<String, YamlNode> overrides) {
        public Member {
            overrides = Map.copyOf(overrides);
        }
    }

    /// @param metric       of the members
    /// @param weightBySize whether every question counts the same, or every task
    /// @param filters      whose figures; none for all there are
    public record Aggregate(String metric, boolean weightBySize, Optional<List<String>> filters) {}

    /// @param problems gets what is wrong
    static TaskGroup of(String name, Map<String, YamlNode> entries, List<Problem> problems) {
        YamlReading yaml = new YamlReading(entries, problems);
        List<Member> members = new ArrayList<>();
        for (YamlNode item : yaml.list("task")) {
            member(item, problems).ifPresent(members::add);
        }
        List<Aggregate> aggregates = new ArrayList<>();
        List<YamlNode> listed = yaml.node("aggregate_metric_list").map(node ->
                node instanceof YamlNode.Items items ? items.items() : List.of(node)).orElse(List.of());
        for (YamlNode item : listed) {
            if (item instanceof YamlNode.Entries map && map.get("metric").isPresent()) {
                aggregates.add(aggregate(new YamlReading(map.entries(), problems)));
            } else {
                yaml.wrong(item, "aggregate_metric_list: a mapping with the key metric", YamlReading.shown(item),
                        "write - metric: acc");
            }
        }
        Map<String, YamlNode> overrides = new LinkedHashMap<>(entries);
        overrides.keySet().removeAll(KEYS);
        return new TaskGroup(name, yaml.text("group_alias").orElse(name), members, aggregates,
                yaml.map("metadata").getOrDefault("version", "N/A"), overrides);
    }

    private static Aggregate aggregate(YamlReading yaml) {
        yaml.text("aggregation").filter(word -> !word.equals("mean")).ifPresent(word -> yaml.wrong(
                yaml.node("aggregation").orElseThrow(), "aggregation: mean", "'" + word + "'", "write mean"));
        Optional<List<String>> filters = yaml.node("filter_list").map(node -> switch (node) {
            case YamlNode.Items items -> items.items().stream().map(item -> ((YamlNode.Scalar) item).text()).toList();
            case YamlNode other -> yaml.text("filter_list").stream().toList();
        });
        return new Aggregate(yaml.text("metric").orElse(""), yaml.truth("weight_by_size", true), filters);
    }

    private static Optional<Member> member(YamlNode item, List<Problem> problems) {
        return switch (item) {
            case YamlNode.Scalar name -> Optional.of(new Member(name.text(), false, Map.of()));
            case YamlNode.Entries map when map.get("group").isPresent() || map.get("task").isPresent() -> {
                boolean group = map.get("group").isPresent();
                String key = group ? "group" : "task";
                String name = map.get(key).orElseThrow() instanceof YamlNode.Scalar text ? text.text() : "";
                Map<String, YamlNode> rest = new LinkedHashMap<>(map.entries());
                rest.remove(key);
                yield Optional.of(new Member(name, group, rest));
            }
            case YamlNode other -> {
                problems.add(new Problem(other.place(), "the name of a task, or a mapping with task or group",
                        YamlReading.shown(other), "write - NAME"));
                yield Optional.empty();
            }
        };
    }
}
