package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Filters over the items of a value.
final class ListFilters {
    static final Set<String> NAMES = Set.of(
            "list", "first", "last", "join", "map", "select", "reject", "selectattr", "rejectattr", "reverse", "sort",
            "unique", "sum", "min",
            "max", "dictsort", "groupby", "batch", "slice");

    private final Filters filters;
    private final Members members;
    private final RenderBudget budget;

    ListFilters(Filters filters, Members members, RenderBudget budget) {
        this.filters = filters;
        this.members = members;
        this.budget = budget;
    }

    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "list" -> new ArrayList<>(items(value));
            case "first" -> items(value).stream().findFirst()
                    .orElseGet(() -> budget.undefined("No first item, sequence was empty."));
            case "last" -> items(value).stream().reduce((before, item) -> item)
                    .orElseGet(() -> budget.undefined("No last item, sequence was empty."));
            case "join" -> join(value, arguments);
            case "map" -> map(value, arguments);
            case "select" -> choose(value, arguments, true, false);
            case "reject" -> choose(value, arguments, false, false);
            case "selectattr" -> choose(value, arguments, true, true);
            case "rejectattr" -> choose(value, arguments, false, true);
            case "reverse" -> reverse(value);
            case "sort" -> sort(value, arguments);
            case "unique" -> unique(value, arguments);
            case "sum" -> sum(value, arguments);
            case "min" -> extreme(value, arguments, -1);
            case "max" -> extreme(value, arguments, 1);
            case "dictsort" -> dictsort(value, arguments);
            case "groupby" -> groupby(value, arguments);
            case "batch" -> batch(value, arguments);
            case "slice" -> slice(value, arguments);
            default -> throw TemplateFailure.syntax("No filter named '%s'.".formatted(name), 0);
        };
    }

    private Collection<Object> items(Object value) {
        return Operators.items(value, budget);
    }

    private String join(Object value, Arguments arguments) {
        Object[] a = arguments.bind("join", List.of("d", "attribute"), "", Values.NONE);
        List<Object> texts = new ArrayList<>();
        for (Object item : items(value)) {
            texts.add(PythonText.str(a[1] == Values.NONE ? item : path(item, a[1]), budget));
        }
        return StringMethods.join(PythonText.str(a[0], budget), texts, budget);
    }

    private Object path(Object item, Object attribute) {
        return path(item, attribute, Optional.empty());
    }

    /// `a.b.0` inside an item; the default takes the place of each part that is not there.
    private Object path(Object item, Object attribute, Optional<Object> otherwise) {
        List<Object> parts = attribute instanceof String names
                ? Stream.of(names.split("\\."))
                        .map(name -> name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name).toList()
                : List.of(attribute);
        Object value = item;
        for (Object part : parts) {
            Object found = members.subscript(value, part);
            value = found instanceof Undefined ? otherwise.orElse(found) : found;
        }
        return value;
    }

    private List<Object> map(Object value, Arguments arguments) {
        List<Object> out = new ArrayList<>();
        if (arguments.named().containsKey("attribute")) {
            Object attribute = arguments.named().get("attribute");
            for (Object item : items(value)) {
                out.add(path(item, attribute, Optional.ofNullable(arguments.named().get("default"))));
            }
            return out;
        }
        if (arguments.positional().isEmpty()) {
            throw TemplateFailure.type("map requires a filter argument");
        }
        String filter = PythonText.str(arguments.positional().get(0), budget);
        Filters.require(filter, 0);
        Arguments rest = new Arguments(arguments.positional().subList(1, arguments.positional().size()),
                arguments.named());
        items(value).forEach(item -> out.add(filters.apply(filter, item, rest)));
        return out;
    }

    private List<Object> choose(Object value, Arguments arguments, boolean wanted, boolean byAttribute) {
        List<Object> given = arguments.positional();
        int testAt = byAttribute ? 1 : 0;
        if (byAttribute && given.isEmpty()) {
            throw TemplateFailure.type("missing parameter for attribute name");
        }
        String test = given.size() > testAt ? PythonText.str(given.get(testAt), budget) : "";
        if (!test.isEmpty()) {
            Tests.require(test, 0);
        }
        Arguments rest = new Arguments(given.subList(Math.min(testAt + 1, given.size()), given.size()),
                arguments.named());
        List<Object> out = new ArrayList<>();
        for (Object item : items(value)) {
            Object tested = byAttribute ? path(item, given.get(0)) : item;
            boolean passes = test.isEmpty() ? Values.truth(tested) : Tests.apply(test, tested, rest, budget);
            if (passes == wanted) {
                out.add(item);
            }
        }
        return out;
    }

    private Object reverse(Object value) {
        if (value instanceof String text) {
            return members.slice(text, Values.NONE, Values.NONE, -1L);
        }
        List<Object> reversed = new ArrayList<>(items(value));
        Collections.reverse(reversed);
        return reversed;
    }

    /// Without case unless asked: what `sort`, `unique`, `min`, `max` and `groupby` compare by.
    private Object folded(Object value, Object caseSensitive) {
        return value instanceof String text && !Values.truth(caseSensitive) ? text.toLowerCase(Locale.ROOT) : value;
    }

    private Object key(Object item, Object attribute, Object caseSensitive) {
        return folded(attribute == Values.NONE ? item : path(item, attribute), caseSensitive);
    }

    private List<Object> sort(Object value, Arguments arguments) {
        Object[] a = arguments.bind("sort", List.of("reverse", "case_sensitive", "attribute"), false, false,
                Values.NONE);
        Comparator<Object> order = (left, right) ->
                Operators.order(key(left, a[2], a[1]), "<", key(right, a[2], a[1]), budget);
        List<Object> sorted = new ArrayList<>(items(value));
        sorted.sort(Values.truth(a[0]) ? order.reversed() : order);
        return sorted;
    }

    private List<Object> unique(Object value, Arguments arguments) {
        Object[] a = arguments.bind("unique", List.of("case_sensitive", "attribute"), false, Values.NONE);
        List<Object> seen = new ArrayList<>();
        List<Object> out = new ArrayList<>();
        for (Object item : items(value)) {
            Object key = key(item, a[1], a[0]);
            if (seen.stream().noneMatch(other -> Operators.same(other, key, budget))) {
                seen.add(key);
                out.add(item);
            }
        }
        return out;
    }

    private Object sum(Object value, Arguments arguments) {
        Object[] a = arguments.bind("sum", List.of("attribute", "start"), Values.NONE, 0L);
        Object total = a[1];
        for (Object item : items(value)) {
            total = Operators.arithmetic(total, "+", a[0] == Values.NONE ? item : path(item, a[0]), budget);
        }
        return total;
    }

    private Object extreme(Object value, Arguments arguments, int sign) {
        Object[] a = arguments.bind("min", List.of("case_sensitive", "attribute"), false, Values.NONE);
        Object best = budget.undefined("No aggregated item, sequence was empty.");
        for (Object item : items(value)) {
            best = best instanceof Undefined
                            || sign * Operators.order(key(item, a[1], a[0]), "<", key(best, a[1], a[0]), budget) > 0
                    ? item
                    : best;
        }
        return best;
    }

    private List<Object> dictsort(Object value, Arguments arguments) {
        Object[] a = arguments.bind("dictsort", List.of("case_sensitive", "by", "reverse"), false, "key", false);
        if (!(value instanceof Map<?, ?> map)) {
            throw TemplateFailure.type("dictsort expects a dict, not " + Values.type(value));
        }
        int place = a[1].equals("value") ? 1 : 0;
        List<Object> pairs = Members.pairs(map);
        Comparator<Object> order = (left, right) -> Operators.order(
                folded(((Tuple) left).items().get(place), a[0]), "<", folded(((Tuple) right).items().get(place), a[0]),
                budget);
        pairs.sort(Values.truth(a[2]) ? order.reversed() : order);
        return pairs;
    }

    private List<Object> groupby(Object value, Arguments arguments) {
        Object[] a = arguments.bind("groupby", List.of("attribute", "default", "case_sensitive"), Values.NONE, false);
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        Map<Object, Object> labels = new LinkedHashMap<>();
        List<Object> sorted = new ArrayList<>(items(value));
        sorted.sort((left, right) -> Operators.order(key(left, a[0], a[2]), "<", key(right, a[0], a[2]), budget));
        for (Object item : sorted) {
            Object key = Values.key(key(item, a[0], a[2]));
            labels.putIfAbsent(key, path(item, a[0]));
            groups.computeIfAbsent(key, unseen -> new ArrayList<>()).add(item);
        }
        List<Object> out = new ArrayList<>();
        groups.forEach((key, members) -> out.add(new Tuple(List.of(labels.get(key), members))));
        return out;
    }

    private List<Object> batch(Object value, Arguments arguments) {
        Object[] a = arguments.bind("batch", List.of("linecount", "fill_with"), Values.NONE);
        int size = Math.max(1, Operators.whole(a[0], "linecount"));
        List<Object> items = new ArrayList<>(items(value));
        List<Object> out = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            List<Object> row = new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
            budget.steps(size);
            while (a[1] != Values.NONE && row.size() < size) {
                row.add(a[1]);
            }
            out.add(row);
        }
        return out;
    }

    private List<Object> slice(Object value, Arguments arguments) {
        Object[] a = arguments.bind("slice", List.of("slices", "fill_with"), Values.NONE);
        int slices = Math.max(1, Operators.whole(a[0], "slices"));
        budget.steps(slices);
        List<Object> items = new ArrayList<>(items(value));
        List<Object> out = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < slices; i++) {
            int size = items.size() / slices + (i < items.size() % slices ? 1 : 0);
            List<Object> part = new ArrayList<>(items.subList(from, from + size));
            if (a[1] != Values.NONE && i >= items.size() % slices && items.size() % slices != 0) {
                part.add(a[1]);
            }
            out.add(part);
            from += size;
        }
        return out;
    }
}
