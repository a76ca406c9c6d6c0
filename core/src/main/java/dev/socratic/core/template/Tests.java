package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `value is test`.
final class Tests {
    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("eq", "=="), Map.entry("equalto", "=="), Map.entry("==", "=="), Map.entry("ne", "!="),
            Map.entry("!=", "!="),
            Map.entry("lt", "<"), Map.entry("lessthan", "<"), Map.entry("<", "<"), Map.entry("le", "<="),
            Map.entry("<=", "<="),
            Map.entry("gt", ">"), Map.entry("greaterthan", ">"), Map.entry(">", ">"), Map.entry("ge", ">="),
            Map.entry(">=", ">="),
            Map.entry("in", "in"));

    private static final Set<String> NAMES = Set.of(
            "defined", "undefined", "none", "string", "mapping", "sequence", "iterable", "number", "integer", "float",
            "boolean", "true",
            "false", "callable", "odd", "even", "divisibleby", "upper", "lower", "sameas", "filter", "test");

    private Tests() {}

    static boolean exists(String name) {
        return NAMES.contains(name) || COMPARISONS.containsKey(name);
    }

    static void require(String name, int line) {
        if (!exists(name)) {
            throw TemplateFailure.syntax("No test named '%s'.".formatted(name), line);
        }
    }

    static boolean apply(String name, Object value, Arguments arguments, RenderBudget budget) {
        budget.step();
        String comparison = COMPARISONS.get(name);
        if (comparison != null) {
            return Operators.compare(value, comparison, arguments.bind(name, List.of("other"))[0], budget);
        }
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == Values.NONE;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> value instanceof String || value instanceof List<?> || value instanceof Tuple
                    || value instanceof Map<?, ?> || value instanceof Undefined;
            case "iterable" -> value instanceof String || value instanceof List<?> || value instanceof Tuple
                    || value instanceof Map<?, ?> || value instanceof Undefined;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "integer" -> value instanceof Number && !(value instanceof Double);
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof TemplateFunction;
            case "odd" -> remainder(value, 2L, budget) == 1;
            case "even" -> remainder(value, 2L, budget) == 0;
            case "divisibleby" -> remainder(value, arguments.bind(name, List.of("num"))[0], budget) == 0;
            case "upper" -> PythonText.str(value, budget)
                    .equals(PythonText.str(value, budget).toUpperCase(Locale.ROOT));
            case "lower" -> PythonText.str(value, budget)
                    .equals(PythonText.str(value, budget).toLowerCase(Locale.ROOT));
            case "sameas" -> {
                Object other = arguments.bind(name, List.of("other"))[0];
                yield value == other || !(value instanceof List<?> || value instanceof Map<?, ?>)
                        && value.equals(other);
            }
            case "filter" -> Filters.exists(PythonText.str(value, budget));
            case "test" -> exists(PythonText.str(value, budget));
            default -> throw TemplateFailure.syntax("No test named '%s'.".formatted(name), 0);
        };
    }

    private static double remainder(Object value, Object by, RenderBudget budget) {
        return Operators.real(Operators.arithmetic(value, "%", by, budget));
    }
}
