package dev.socratic.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Writes a config out with every default, so that reading it again gives an equal value, and a later change of a default changes nothing.
public final class ConfigWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ConfigWriter() {}

    /// @param config a record
    /// @return YAML
    public static String yaml(Object config) {
        return YamlText.of(tree(config));
    }

    /// @return the same as a tree, for manifests and hashes; an `Optional` that is empty is null
    public static JsonNode tree(Object config) {
        return tree(config, config.getClass());
    }

    /// @param declared the type it is read as: a sealed family, of which the value is one
    public static JsonNode tree(Object config, Class<?> declared) {
        return node(config, declared);
    }

    private static JsonNode node(Object value, Type declared) {
        if (declared instanceof Class<?> type && type.isSealed()) {
            String name = Names.snake(value.getClass().getSimpleName());
            ObjectNode arguments = record(value);
            if (value.getClass().isAnnotationPresent(Bare.class)) {
                return arguments.iterator().next();
            }
            return arguments.isEmpty() ? NODES.textNode(name) : NODES.objectNode().set(name, arguments);
        }
        return switch (value) {
            case Record nested -> record(nested);
            case Optional<?> optional -> optional.map(inside -> node(inside, argument(declared, 0))).orElseGet(NODES::nullNode);
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((key, inside) -> object.set(key instanceof Enum<?> constant ? Names.of(constant) : key.toString(), node(inside, argument(declared, 1))));
                yield object;
            }
            case Collection<?> items -> {
                ArrayNode array = NODES.arrayNode();
                items.forEach(item -> array.add(node(item, argument(declared, 0))));
                yield array;
            }
            case Enum<?> constant -> NODES.textNode(Names.of(constant));
            case Path path -> NODES.textNode(path.toString());
            case Duration duration -> NODES.textNode(Scalars.write(duration));
            case java.net.URI address -> NODES.textNode(address.toString());
            case Double number -> NODES.numberNode(number); // as it is: the mapper would make a decimal of it, which has no -0
            case Float number -> NODES.numberNode(number);
            default -> Json.tree(value); // texts, whole numbers and booleans, and what an Object component holds
        };
    }

    private static ObjectNode record(Object value) {
        ObjectNode object = NODES.objectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                object.set(Names.snake(component.getName()), node(component.getAccessor().invoke(value), component.getGenericType()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component.getName() + " of " + value.getClass().getName(), e);
            }
        }
        return object;
    }

    private static Type argument(Type declared, int index) {
        return declared instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : Object.class;
    }
}
