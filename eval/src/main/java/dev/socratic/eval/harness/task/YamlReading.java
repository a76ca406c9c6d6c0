package dev.socratic.eval.harness.task;

import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads values of a task's YAML, and keeps what is wrong with them.
///
/// @param entries  by key
/// @param problems gets what is wrong
record YamlReading(Map<String, YamlNode> entries, List<Problem> problems) {

    Optional<YamlNode> node(String key) {
        return Optional.ofNullable(entries.get(key)).filter(node -> !isNothing(node));
    }

    private static boolean isNothing(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value().isEmpty();
    }

    /// A text; a number or truth value is one as it is written.
    Optional<String> text(String key) {
        return node(key).flatMap(node -> switch (node) {
            case YamlNode.Scalar scalar when !FunctionName.is(scalar) -> Optional.of(scalar.text());
            case YamlNode other -> {
                wrong(other, key + ": a text", shown(other), "write one in quotation marks");
                yield Optional.empty();
            }
        });
    }

    Optional<Integer> whole(String key, int least) {
        return node(key).flatMap(node -> {
            Object value = plain(node);
            if (value instanceof Long number && number >= least && number <= Integer.MAX_VALUE) {
                return Optional.of((int) (long) number);
            }
            wrong(node, "%s: a whole number from %s".formatted(key, least), shown(node), "write " + least);
            return Optional.empty();
        });
    }

    boolean truth(String key, boolean otherwise) {
        return node(key).map(node -> {
            if (plain(node) instanceof Boolean truth) {
                return truth;
            }
            wrong(node, key + ": true or false", shown(node), "write true");
            return otherwise;
        }).orElse(otherwise);
    }

    Map<String, Object> map(String key) {
        return node(key).map(node -> switch (node) {
            case YamlNode.Entries ignored -> asMap(plain(node));
            case YamlNode other -> {
                wrong(other, key + ": a mapping", shown(other), "write keys and values");
                yield Map.<String, Object>of();
            }
        }).orElse(Map.of());
    }

    List<YamlNode> list(String key) {
        return node(key).map(node -> switch (node) {
            case YamlNode.Items items -> items.items();
            case YamlNode other -> {
                wrong(other, key + ": a list", shown(other), "write one item a line, each behind a dash");
                yield List.<YamlNode>of();
            }
        }).orElse(List.of());
    }

    Optional<FunctionName> function(String key) {
        return node(key).flatMap(node -> {
            if (FunctionName.is(node)) {
                return Optional.of(FunctionName.of(node));
            }
            wrong(node, key + ": !function FILE.NAME", shown(node), "leave it out");
            return Optional.empty();
        });
    }

    Optional<DocField> field(String key) {
        return node(key).flatMap(node -> switch (node) {
            case YamlNode.Scalar scalar when FunctionName.is(scalar) ->
                    Optional.of(new DocField.Called(FunctionName.of(scalar)));
            case YamlNode.Scalar scalar -> Optional.of(switch (scalar.value().orElseThrow()) {
                case Long number -> new DocField.Fixed(number);
                case Boolean truth -> new DocField.Fixed(truth ? 1 : 0);
                default -> new DocField.Written(scalar.text(), scalar.place());
            });
            case YamlNode.Items items -> Optional.of(new DocField.Listed(asList(plain(items))));
            case YamlNode.Entries map -> Optional.of(new DocField.Listed(List.copyOf(asMap(plain(map)).values())));
        });
    }

    void wrong(YamlNode node, String expected, String got, String remedy) {
        problems.add(new Problem(node.place(), expected, got, remedy));
    }

    static String shown(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.tag().map(tag -> tag + " ").orElse("") + "'"
                    + (scalar.text().length() > 60 ? scalar.text().substring(0, 60) + "..." : scalar.text()) + "'";
            case YamlNode.Items ignored -> "a list";
            case YamlNode.Entries ignored -> "a mapping";
        };
    }

    /// The value in Java: text, Long, Double, Boolean, List, Map by text, an empty `Optional` for nothing.
    static Object plain(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.value().orElse(Optional.empty());
            case YamlNode.Items items -> items.items().stream().map(YamlReading::plain).toList();
            case YamlNode.Entries map -> {
                Map<String, Object> values = new LinkedHashMap<>();
                map.entries().forEach((key, value) -> values.put(key, plain(value)));
                yield values;
            }
        };
    }

    static Map<String, Object> asMap(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, item) -> map.put(String.valueOf(key), item));
        return map;
    }

    static List<Object> asList(Object value) {
        return new ArrayList<>((List<?>) value);
    }
}
