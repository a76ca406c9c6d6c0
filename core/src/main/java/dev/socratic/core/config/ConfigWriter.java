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

/// Writes a config out with every default, so that reading it again gives an equal value, and a later change of a
/// default changes nothing.
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
        return tree(config, declared, new View() {});
    }

    /// @param view what is written otherwise than as it stands there
    public static JsonNode tree(Object config, Class<?> declared, View view) {
        return new Walk(view).node(config, declared, "");
    }

    /// How a config is to look: what is left out, and what stands in the place of a value.
    public interface View {
        /// @return whether the component is written
        default boolean shows(RecordComponent component) {
            return true;
        }

        /// @param place as a config would write it: `questions.file.path`
        default JsonNode path(String place, Path path) {
            return NODES.textNode(path.toString());
        }

        /// @param kind how the files end that the text may name instead of something built in
        default JsonNode nameOrFile(String place, String text, String kind) {
            return NODES.textNode(text);
        }
    }

    private record Walk(View view) {
        private JsonNode node(Object value, Type declared, String place) {
            if (declared instanceof Class<?> type && type.isSealed()) {
                String name = Names.snake(value.getClass().getSimpleName());
                boolean bare = value.getClass().isAnnotationPresent(Bare.class);
                ObjectNode arguments = record(value, bare ? place : Binder.join(place, name));
                if (bare) {
                    return arguments.isEmpty() ? NODES.nullNode() : arguments.iterator().next();
                }
                return arguments.isEmpty() ? NODES.textNode(name) : NODES.objectNode().set(name, arguments);
            }
            return switch (value) {
                case Record nested -> record(nested, place);
                case Optional<?> optional ->
                    optional.map(inside -> node(inside, argument(declared, 0), place)).orElseGet(NODES::nullNode);
                case Map<?, ?> map -> {
                    ObjectNode object = NODES.objectNode();
                    map.forEach((key, inside) -> {
                        String name = key instanceof Enum<?> constant ? Names.of(constant) : key.toString();
                        object.set(name, node(inside, argument(declared, 1), Binder.join(place, name)));
                    });
                    yield object;
                }
                case Collection<?> items -> {
                    ArrayNode array = NODES.arrayNode();
                    items.forEach(item ->
                            array.add(node(item, argument(declared, 0), place + "[" + array.size() + "]")));
                    yield array;
                }
                case Enum<?> constant -> NODES.textNode(Names.of(constant));
                case Path path -> view.path(place, path);
                case Duration duration -> NODES.textNode(Scalars.write(duration));
                case java.net.URI address -> NODES.textNode(address.toString());
                // As it is: the mapper would make a decimal of it, which has no -0.
                case Double number -> NODES.numberNode(number);
                case Float number -> NODES.numberNode(number);
                default -> Json.tree(value); // texts, whole numbers and booleans, and what an Object component holds
            };
        }

        private ObjectNode record(Object value, String place) {
            ObjectNode object = NODES.objectNode();
            boolean bare = value.getClass().isAnnotationPresent(Bare.class);
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                if (!view.shows(component)) {
                    continue;
                }
                try {
                    component.getAccessor().setAccessible(true);
                    Object inside = component.getAccessor().invoke(value);
                    if (component.isAnnotationPresent(Inline.class)) {
                        object.setAll(record(inside, place));
                        continue;
                    }
                    String name = Names.snake(component.getName());
                    String at = bare ? place : Binder.join(place, name);
                    NameOrFile kind = component.getAnnotation(NameOrFile.class);
                    object.set(name, kind != null && inside instanceof String text
                            ? view.nameOrFile(at, text, kind.value())
                            : node(inside, component.getGenericType(), at));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(
                            "cannot read " + component.getName() + " of " + value.getClass().getName(), e);
                }
            }
            return object;
        }
    }

    private static Type argument(Type declared, int index) {
        return declared instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()[index]
                : Object.class;
    }
}
