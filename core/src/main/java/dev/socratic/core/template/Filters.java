package dev.socratic.core.template;

import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `value | filter`. The ones that work on several items are in [ListFilters]. `regex_replace` is the one that
/// lm-evaluation-harness adds.
final class Filters {
    private static final Set<String> NAMES = Set.of(
            "tojson", "default", "d", "string", "int", "float", "abs", "round", "trim", "upper", "lower", "title",
            "capitalize", "replace",
            "indent", "truncate", "format", "safe", "escape", "e", "urlencode", "length", "count", "wordcount",
            "center", "items", "attr", "regex_replace");

    private final Members members;
    private final RenderBudget budget;
    private final ListFilters lists;

    Filters(Members members, RenderBudget budget) {
        this.members = members;
        this.budget = budget;
        this.lists = new ListFilters(this, members, budget);
    }

    static boolean exists(String name) {
        return NAMES.contains(name) || ListFilters.NAMES.contains(name);
    }

    static void require(String name, int line) {
        if (!exists(name)) {
            throw TemplateFailure.syntax("No filter named '%s'.".formatted(name), line);
        }
    }

    Object apply(String name, Object value, Arguments arguments) {
        budget.step();
        if (ListFilters.NAMES.contains(name)) {
            return lists.apply(name, value, arguments);
        }
        return switch (name) {
            case "tojson" -> JsonText.write(value, layout(arguments), budget);
            case "default", "d" -> {
                Object[] a = arguments.bind(name, List.of("default_value", "boolean"), "", false);
                yield value instanceof Undefined || Values.truth(a[1]) && !Values.truth(value) ? a[0] : value;
            }
            case "string", "safe" -> text(value);
            case "int" -> integer(value, arguments);
            case "float" -> real(value, arguments);
            case "abs" -> absolute(value);
            case "round" -> round(value, arguments);
            case "trim" -> StringMethods.call(text(value), "strip", arguments, budget);
            case "upper", "lower", "capitalize" -> StringMethods.call(text(value), name, arguments, budget);
            case "center" ->
                    StringMethods.call(text(value), name,
                            new Arguments(List.of(arguments.bind(name, List.of("width"), 80L)[0]), Map.of()), budget);
            case "title" -> title(text(value));
            case "replace" -> {
                Object[] a = arguments.bind(name, List.of("old", "new", "count"), Values.NONE);
                yield TextSearch.replace(text(value), text(a[0]), text(a[1]),
                        a[2] == Values.NONE ? -1 : Operators.whole(a[2], "count"), budget);
            }
            case "indent" -> indent(text(value), arguments);
            case "truncate" -> truncate(text(value), arguments);
            case "format" ->
                    TextFormat.percent(text(value),
                            arguments.named().isEmpty()
                                    ? new Tuple(arguments.positional())
                                    : Map.copyOf(arguments.named()), budget);
            case "escape", "e" -> text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                    .replace("\"", "&#34;").replace("'", "&#39;");
            case "urlencode" -> URLEncoder.encode(text(value), StandardCharsets.UTF_8)
                    .replace("+", "%20").replace("%2F", "/").replace("%7E", "~").replace("*", "%2A");
            case "length", "count" -> length(value);
            case "wordcount" -> (long) ((List<?>) StringMethods.call(text(value), "split", Arguments.NONE, budget))
                    .size();
            case "items" -> switch (value) {
                case Undefined ignored -> List.of();
                case Map<?, ?> map -> Members.pairs(map);
                default -> throw TemplateFailure.type("Can only get item pairs from a mapping.");
            };
            case "regex_replace" -> replacedByPattern(text(value), arguments);
            case "attr" -> members.attribute(value, text(arguments.bind(name, List.of("name"))[0]));
            default -> throw TemplateFailure.syntax("No filter named '%s'.".formatted(name), 0);
        };
    }

    private static String replacedByPattern(String text, Arguments arguments) {
        Object[] a = arguments.bind("regex_replace", List.of("pattern", "repl", "count"), 0L);
        try {
            return PythonPattern.of(StringMethods.string(a[0], "regex_replace"))
                    .sub(StringMethods.string(a[1], "regex_replace"), text, Operators.whole(a[2], "count"));
        } catch (IllegalArgumentException wrong) {
            throw TemplateFailure.value("regex_replace: " + wrong.getMessage());
        }
    }

    private String text(Object value) {
        String text = PythonText.str(value, budget);
        budget.text(text.length());
        return text;
    }

    private static JsonText.Layout layout(Arguments arguments) {
        Object[] a = arguments.bind("tojson", List.of("ensure_ascii", "indent", "separators", "sort_keys"), false,
                Values.NONE, Values.NONE, false);
        boolean lines = a[1] != Values.NONE;
        String indent = a[1] instanceof String text ? text : lines
                ? " ".repeat(Math.max(0, Math.min(64, Operators.whole(a[1], "indent")))) : "";
        String comma = lines ? "," : ", ";
        String colon = ": ";
        if (a[2] != Values.NONE) {
            List<?> two = a[2] instanceof Tuple tuple ? tuple.items() : a[2] instanceof List<?> list ? list : List.of();
            if (two.size() != 2 || !(two.get(0) instanceof String first) || !(two.get(1) instanceof String second)) {
                throw TemplateFailure.type("tojson() expects two texts as separators");
            }
            comma = first;
            colon = second;
        }
        return new JsonText.Layout(indent, lines, comma, colon, Values.truth(a[0]), Values.truth(a[3]));
    }

    long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> Operators.items(undefined, budget).size();
            default -> throw TemplateFailure.type("object of type '%s' has no len()".formatted(Values.type(value)));
        };
    }

    private static Object integer(Object value, Arguments arguments) {
        Object[] a = arguments.bind("int", List.of("default", "base"), 0L, 10L);
        try {
            return switch (value) {
                case Boolean truth -> truth ? 1L : 0L;
                case Long number -> number;
                case Double number -> Double.isFinite(number) ? (Object) (long) (double) number : a[0];
                case String text -> {
                    String digits = PythonText.strip(text).replace("_", "");
                    yield digits.matches("[-+]?\\d+") || !a[1].equals(10L)
                            ? (Object) Long.parseLong(digits, Operators.whole(a[1], "base"))
                            : (Object) (long) Double.parseDouble(digits);
                }
                default -> a[0];
            };
        } catch (NumberFormatException noNumber) {
            return a[0];
        }
    }

    private static Object real(Object value, Arguments arguments) {
        Object otherwise = arguments.bind("float", List.of("default"), 0.0)[0];
        try {
            return value instanceof String text ? (Object) Double.parseDouble(PythonText.strip(text))
                    : Operators.numeric(value) ? (Object) Operators.real(value)
                    : otherwise;
        } catch (NumberFormatException noNumber) {
            return otherwise;
        }
    }

    private static Object absolute(Object value) {
        if (!Operators.numeric(value)) {
            throw TemplateFailure.type("bad operand type for abs(): '%s'".formatted(Values.type(value)));
        }
        return value instanceof Double number ? (Object) Math.abs(number) : (Object) Math.abs(Operators.integer(value));
    }

    private static Object round(Object value, Arguments arguments) {
        Object[] a = arguments.bind("round", List.of("precision", "method"), 0L, "common");
        if (!Operators.numeric(value)) {
            throw TemplateFailure.type("type %s doesn't define __round__ method".formatted(Values.type(value)));
        }
        double factor = Math.pow(10, Operators.whole(a[0], "precision"));
        double scaled = Operators.real(value) * factor;
        double rounded = a[1].equals("ceil") ? Math.ceil(scaled) : a[1].equals("floor")
                ? Math.floor(scaled) : Math.rint(scaled);
        return rounded / factor;
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            boolean between = PythonText.space(point) || "-({[<".indexOf(point) >= 0;
            out.appendCodePoint(first && !between ? Character.toUpperCase(point) : Character.toLowerCase(point));
            first = between;
        }
        return out.toString();
    }

    private String indent(String text, Arguments arguments) {
        Object[] a = arguments.bind("indent", List.of("width", "first", "blank"), 4L, false, false);
        String by = a[0] instanceof String given
                ? given
                : " ".repeat(Math.max(0, Math.min(1024, Operators.whole(a[0], "width"))));
        List<Object> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        budget.text(text.length() + (long) by.length() * lines.size());
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean wanted = i == 0 ? Values.truth(a[1]) : !line.isEmpty() || Values.truth(a[2]);
            out.append(i > 0 ? "\n" : "").append(wanted ? by : "").append(line);
        }
        return out.toString();
    }

    private static String truncate(String text, Arguments arguments) {
        Object[] a = arguments.bind("truncate", List.of("length", "killwords", "end", "leeway"), 255L, false, "...",
                Values.NONE);
        int length = Operators.whole(a[0], "length");
        String end = StringMethods.string(a[2], "truncate");
        int leeway = a[3] == Values.NONE ? 5 : Operators.whole(a[3], "leeway");
        if (text.codePointCount(0, text.length()) <= length + leeway) {
            return text;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, Math.max(0, length - end.length())));
        int blank = cut.lastIndexOf(' ');
        return (Values.truth(a[1]) || blank < 0 ? cut : cut.substring(0, blank)) + end;
    }
}
