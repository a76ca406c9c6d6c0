package dev.socratic.core.template;

import dev.socratic.core.template.TemplateFailure.Kind;
import dev.socratic.core.template.Values.Attributes;
import dev.socratic.core.template.Values.Function;
import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a dot or a bracket finds in a value.
///
/// `a.b` looks for an attribute (a method), then for an item; `a['b']` the other way round. Only what is listed here
/// can be found: there is no reflection. Methods that would change a list or a dict are refused, as in the immutable
/// sandbox.
final class Members {
    private static final Set<String> CHANGING = Set.of(
            "append", "extend", "insert", "remove", "clear", "sort", "reverse", "pop", "popitem", "update",
            "setdefault");

    private final RenderBudget budget;

    Members(RenderBudget budget) {
        this.budget = budget;
    }

    Object attribute(Object of, String name) {
        return method(of, name).or(() -> item(of, name)).orElseGet(() -> missing(of, name));
    }

    Object subscript(Object of, Object key) {
        Optional<Object> item = item(of, key);
        return item.isPresent() || !(key instanceof String name)
                ? item.orElseGet(() -> missing(of, key))
                : method(of, name).orElseGet(() -> missing(of, key));
    }

    private Undefined missing(Object of, Object key) {
        if (of instanceof Undefined undefined) {
            throw undefined.failure();
        }
        String owner = of == Values.NONE ? "None" : Values.type(of) + " object";
        return budget.undefined(key instanceof String
                ? "'%s' has no attribute '%s'".formatted(owner, key)
                : "%s has no element %s".formatted(owner, PythonText.repr(key, budget)));
    }

    private Optional<Object> item(Object of, Object key) {
        return switch (of) {
            case Map<?, ?> map -> Optional.ofNullable(map.get(Values.key(key)));
            case List<?> list -> at(list, key);
            case Tuple tuple -> at(tuple.items(), key);
            case String text -> character(text, key);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> at(List<?> list, Object key) {
        if (!Operators.integral(key)) {
            return Optional.empty();
        }
        long place = Operators.integer(key) + (Operators.integer(key) < 0 ? list.size() : 0);
        return place < 0 || place >= list.size() ? Optional.empty() : Optional.of(list.get((int) place));
    }

    private Optional<Object> character(String text, Object key) {
        if (!Operators.integral(key)) {
            return Optional.empty();
        }
        budget.steps(text.length() >> 4);
        long count = text.codePointCount(0, text.length());
        long place = Operators.integer(key) + (Operators.integer(key) < 0 ? count : 0);
        return place < 0 || place >= count
                ? Optional.empty()
                : Optional.of(Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) place))));
    }

    private Optional<Object> method(Object of, String name) {
        return switch (of) {
            case Attributes attributes -> attributes.attribute(name);
            case String text ->
                    function(StringMethods.NAMES, name, arguments -> StringMethods.call(text, name, arguments, budget));
            case Map<?, ?> map -> changing(name).or(() ->
                    function(Set.of("items", "keys", "values", "get", "copy"), name,
                            arguments -> dict(map, name, arguments)));
            case List<?> list -> changing(name).or(() ->
                    function(Set.of("index", "count", "copy"), name, arguments -> list(list, name, arguments)));
            case Tuple tuple ->
                    function(Set.of("index", "count"), name, arguments -> list(tuple.items(), name, arguments));
            default -> Optional.empty();
        };
    }

    private static Optional<Object> function(Set<String> names, String name, TemplateFunction body) {
        return names.contains(name) ? Optional.of(new Function(name, body)) : Optional.empty();
    }

    /// The sandbox finds these methods and refuses the call.
    private static Optional<Object> changing(String name) {
        return function(CHANGING, name, arguments -> {
            throw new TemplateFailure(Kind.SECURITY,
                    "'%s' would change a value; a template may only read".formatted(name));
        });
    }

    private Object dict(Map<?, ?> map, String name, Arguments arguments) {
        budget.steps(map.size());
        return switch (name) {
            case "items" -> pairs(map);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            case "copy" -> map;
            default -> {
                Object[] a = arguments.bind(name, List.of("key", "default"), Values.NONE);
                Object found = map.get(Values.key(a[0]));
                yield found == null ? a[1] : found;
            }
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(new Tuple(List.of(key, value))));
        return pairs;
    }

    private Object list(List<?> list, String name, Arguments arguments) {
        if (name.equals("copy")) {
            return list;
        }
        Object wanted = arguments.bind(name, List.of("value"))[0];
        long count = 0;
        for (int i = 0; i < list.size(); i++) {
            if (Operators.same(list.get(i), wanted, budget)) {
                if (name.equals("index")) {
                    return (long) i;
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw TemplateFailure.value("the value is not in the list");
        }
        return count;
    }

    /// `of[from:to:step]`, each bound None if it is left out.
    Object slice(Object of, Object from, Object to, Object step) {
        return switch (of) {
            case String text -> {
                int[] points = text.codePoints().toArray();
                budget.text(text.length());
                StringBuilder out = new StringBuilder();
                places(points.length, from, to, step).forEach(place -> out.appendCodePoint(points[place]));
                yield out.toString();
            }
            case List<?> list -> places(list.size(), from, to, step).stream().map(place -> (Object) list.get(place))
                    .toList();
            case Tuple tuple ->
                    new Tuple(places(tuple.items().size(), from, to, step).stream().map(tuple.items()::get).toList());
            case Undefined undefined -> throw undefined.failure();
            default -> budget.undefined("'%s object' cannot be sliced".formatted(Values.type(of)));
        };
    }

    private List<Integer> places(int size, Object from, Object to, Object step) {
        int by = step == Values.NONE ? 1 : Operators.whole(step, "slice step");
        if (by == 0) {
            throw TemplateFailure.value("slice step cannot be zero");
        }
        int first = bound(from, size, by > 0 ? 0 : size - 1, by);
        int last = bound(to, size, by > 0 ? size : -1, by);
        List<Integer> places = new ArrayList<>();
        for (long place = first; by > 0 ? place < last : place > last; place += by) {
            places.add((int) place);
        }
        budget.steps(places.size() >> 2);
        return places;
    }

    private static int bound(Object given, int size, int otherwise, int by) {
        if (given == Values.NONE) {
            return otherwise;
        }
        long place = Operators.whole(given, "slice bound");
        place += place < 0 ? size : 0;
        return (int) Math.max(by > 0 ? 0 : -1, Math.min(place, by > 0 ? size : size - 1));
    }
}
