package dev.socratic.core.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.template.TemplateFailure.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a template works with: `String`, `Boolean`, `Long` (`BigInteger` beyond 64 bits, to be printed only),
/// `Double`, `List`, `Map` and the types here.
final class Values {
    static final None NONE = None.NONE;

    private Values() {}

    /// Python's None. An enum, so that no `null` is ever a value.
    enum None {
        NONE
    }

    /// The value of a name or field that is not there: blank when printed, false, empty; anything else done with it
    /// fails, and all of that does where undefined values are strict ([TemplateOptions#strictUndefined]).
    record Undefined(String hint, boolean strict) {
        /// Called wherever it is printed, tested, compared or looped over.
        void use() {
            if (strict) {
                throw failure();
            }
        }

        TemplateFailure failure() {
            return new TemplateFailure(Kind.UNDEFINED, hint);
        }
    }

    record Tuple(List<Object> items) {}

    /// Something with attributes by name.
    interface Attributes {
        Optional<Object> attribute(String name);
    }

    /// A method of a value or a global function, with the name it prints as.
    record Function(String name, TemplateFunction body) implements TemplateFunction {
        @Override
        public Object call(Arguments arguments) {
            return body.call(arguments);
        }
    }

    /// The only thing a template may change: `{% set ns.x = ... %}`.
    static final class Namespace implements Attributes {
        final Map<String, Object> fields = new LinkedHashMap<>();

        @Override
        public Optional<Object> attribute(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /// @return the value as templates see it
    /// @throws IllegalArgumentException for a type they cannot see
    static Object of(Object value) {
        return switch (value) {
            case null -> NONE;
            case String text -> text;
            case Boolean truth -> truth;
            case Long number -> number;
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case BigInteger number -> number.bitLength() < 64 ? (Object) number.longValue() : number;
            case Double number -> number;
            case Float number -> (double) number;
            case BigDecimal number -> number.doubleValue();
            case Enum<?> none when none == NONE -> NONE;
            case Optional<?> optional -> of(optional.orElse(null));
            case JsonNode node -> json(node);
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(String.valueOf(key), of(item)));
                yield Collections.unmodifiableMap(copy);
            }
            case Iterable<?> items -> {
                List<Object> copy = new ArrayList<>();
                items.forEach(item -> copy.add(of(item)));
                yield List.copyOf(copy);
            }
            default -> throw new IllegalArgumentException(
                    "a template sees texts, numbers, truth values, lists and maps; got " + value.getClass().getName());
        };
    }

    private static Object json(JsonNode node) {
        if (node.isObject()) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            node.properties().forEach(entry -> copy.put(entry.getKey(), json(entry.getValue())));
            return Collections.unmodifiableMap(copy);
        }
        if (node.isArray()) {
            List<Object> copy = new ArrayList<>();
            node.forEach(item -> copy.add(json(item)));
            return List.copyOf(copy);
        }
        return node.isNull() || node.isMissingNode() ? NONE
                : node.isBoolean() ? (Object) node.booleanValue()
                : node.isIntegralNumber() ? of(node.bigIntegerValue())
                : node.isNumber() ? (Object) node.doubleValue()
                : node.asText();
    }

    /// @return the name of the value's type in Python, for messages
    static String type(Object value) {
        return switch (value) {
            case String ignored -> "str";
            case Boolean ignored -> "bool";
            case Long ignored -> "int";
            case BigInteger ignored -> "int";
            case Double ignored -> "float";
            case None ignored -> "NoneType";
            case List<?> ignored -> "list";
            case Tuple ignored -> "tuple";
            case Map<?, ?> ignored -> "dict";
            case Undefined ignored -> "Undefined";
            case Namespace ignored -> "Namespace";
            case TemplateFunction ignored -> "function";
            default -> "object";
        };
    }

    /// @return the value as a key of a dict
    static Object key(Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number;
            case Double number -> number == Math.rint(number) && Math.abs(number) < 1e15
                    ? (Object) number.longValue()
                    : number;
            case Boolean truth -> truth;
            case None none -> none;
            case Undefined undefined -> {
                undefined.use();
                yield undefined;
            }
            default -> throw TemplateFailure.type("unhashable type: '%s'".formatted(type(value)));
        };
    }

    /// `bool(value)`.
    static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case BigInteger number -> number.signum() != 0;
            case Double number -> number != 0;
            case None ignored -> false;
            case Undefined undefined -> {
                undefined.use();
                yield false;
            }
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }
}
