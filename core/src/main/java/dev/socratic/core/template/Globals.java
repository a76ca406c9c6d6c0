package dev.socratic.core.template;

import dev.socratic.core.template.TemplateFailure.Kind;
import dev.socratic.core.template.Values.Function;
import dev.socratic.core.template.Values.Namespace;
import dev.socratic.core.template.Values.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The functions every template can call; whoever renders adds others as values of the context.
final class Globals {
    static final Set<String> NAMES = Set.of("range", "dict", "namespace");

    /// The sandbox's own bound on `range`.
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Object> of(RenderBudget budget) {
        Map<String, Object> functions = new LinkedHashMap<>();
        functions.put("range", new Function("range", arguments -> range(arguments, budget)));
        functions.put("dict", new Function("dict", arguments -> dict(arguments, budget)));
        functions.put("namespace", new Function("namespace", arguments -> {
            Namespace namespace = new Namespace();
            dict(arguments, budget).forEach((key, value) -> namespace.fields.put(PythonText.str(key, budget), value));
            return namespace;
        }));
        return functions;
    }

    private static List<Object> range(Arguments arguments, RenderBudget budget) {
        List<Integer> given = arguments.positional().stream().map(value -> Operators.whole(value, "range()")).toList();
        if (given.isEmpty() || given.size() > 3 || !arguments.named().isEmpty()) {
            throw TemplateFailure.type("range expected 1 to 3 arguments, got " + given.size());
        }
        long from = given.size() == 1 ? 0 : given.get(0);
        long to = given.size() == 1 ? given.get(0) : given.get(1);
        long by = given.size() == 3 ? given.get(2) : 1;
        if (by == 0) {
            throw TemplateFailure.value("range() arg 3 must not be zero");
        }
        long count = Math.max(0, (to - from + by - Long.signum(by)) / by);
        if (count > LONGEST_RANGE) {
            throw new TemplateFailure(Kind.LIMIT, String.format(Locale.ROOT,
                    "Range too big. The sandbox blocks ranges larger than %,d", LONGEST_RANGE));
        }
        budget.steps(count);
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(from + i * by);
        }
        return numbers;
    }

    private static Map<Object, Object> dict(Arguments arguments, RenderBudget budget) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (Object given : arguments.positional()) {
            if (given instanceof Map<?, ?> map) {
                budget.steps(map.size());
                dict.putAll(map);
            } else {
                for (Object pair : Operators.items(given, budget)) {
                    if (!(pair instanceof Tuple two) || two.items().size() != 2) {
                        throw TemplateFailure.type("dict() expects a dict or pairs");
                    }
                    dict.put(Values.key(two.items().get(0)), two.items().get(1));
                }
            }
        }
        dict.putAll(arguments.named());
        return dict;
    }
}
