package dev.socratic.core.template;

import dev.socratic.core.template.Expr.CallArguments;
import dev.socratic.core.template.TemplateFailure.Kind;
import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values of expressions.
final class Evaluator {
    private final Map<String, Object> globals;
    private final RenderBudget budget;
    private final Members members;
    private final Filters filters;

    Evaluator(Map<String, Object> globals, RenderBudget budget) {
        this.globals = globals;
        this.budget = budget;
        this.members = new Members(budget);
        this.filters = new Filters(members, budget);
    }

    Object value(Expr expression, Scope scope) {
        budget.step();
        budget.enter();
        try {
            Object value = compute(expression, scope);
            budget.leave();
            return value;
        } catch (TemplateFailure failure) {
            throw failure.at(expression.line());
        }
    }

    private Object compute(Expr expression, Scope scope) {
        return switch (expression) {
            case Expr.Literal literal -> literal.value();
            case Expr.Name name -> name(name.name(), scope);
            case Expr.ListOf list -> all(list.items(), scope);
            case Expr.TupleOf tuple -> new Tuple(all(tuple.items(), scope));
            case Expr.DictOf dict -> dict(dict, scope);
            case Expr.Attribute attribute -> members.attribute(value(attribute.of(), scope), attribute.name());
            case Expr.Item item -> members.subscript(value(item.of(), scope), value(item.key(), scope));
            case Expr.Slice slice -> members.slice(
                    value(slice.of(), scope), bound(slice.from(), scope), bound(slice.to(), scope),
                    bound(slice.step(), scope));
            case Expr.Call call -> call(value(call.of(), scope), arguments(call.arguments(), scope));
            case Expr.Filter filter ->
                    filters.apply(filter.name(), value(filter.of(), scope), arguments(filter.arguments(), scope));
            case Expr.Test test ->
                    Tests.apply(test.name(), value(test.of(), scope), arguments(test.arguments(), scope), budget);
            case Expr.Not not -> !Values.truth(value(not.of(), scope));
            case Expr.Sign sign -> sign(value(sign.of(), scope), sign.minus());
            case Expr.Arithmetic sum ->
                Operators.arithmetic(value(sum.left(), scope), sum.operator(), value(sum.right(), scope), budget);
            case Expr.Concat concat -> concat(concat, scope);
            case Expr.Compare compare -> compare(compare, scope);
            case Expr.And and -> {
                Object left = value(and.left(), scope);
                yield Values.truth(left) ? value(and.right(), scope) : left;
            }
            case Expr.Or or -> {
                Object left = value(or.left(), scope);
                yield Values.truth(left) ? left : value(or.right(), scope);
            }
            case Expr.Conditional choice -> Values.truth(value(choice.condition(), scope))
                    ? value(choice.then(), scope)
                    : choice.otherwise().map(otherwise -> value(otherwise, scope))
                            .orElseGet(() -> new Undefined(
                                    "the inline if-expression on line %s has no else".formatted(choice.line()), false));
        };
    }

    private Object name(String name, Scope scope) {
        return scope.find(name)
                .or(() -> Optional.ofNullable(globals.get(name)))
                .orElseGet(() -> budget.undefined("'%s' is undefined".formatted(name)));
    }

    private List<Object> all(List<Expr> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(value(expression, scope)));
        return values;
    }

    private Map<Object, Object> dict(Expr.DictOf dict, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            map.put(Values.key(value(dict.keys().get(i), scope)), value(dict.values().get(i), scope));
        }
        return map;
    }

    private Object bound(Optional<Expr> expression, Scope scope) {
        return expression.map(given -> value(given, scope)).orElse(Values.NONE);
    }

    Arguments arguments(CallArguments given, Scope scope) {
        if (given == CallArguments.NONE) {
            return Arguments.NONE;
        }
        List<Object> positional = all(given.positional(), scope);
        given.star().ifPresent(star -> positional.addAll(Operators.items(value(star, scope), budget)));
        Map<String, Object> named = new LinkedHashMap<>();
        given.named().forEach(argument -> named.put(argument.name(), value(argument.value(), scope)));
        given.stars().ifPresent(stars -> {
            if (!(value(stars, scope) instanceof Map<?, ?> map)) {
                throw TemplateFailure.type("argument after ** must be a mapping");
            }
            map.forEach((key, value) -> named.put(PythonText.str(key, budget), value));
        });
        return new Arguments(positional, named);
    }

    Object call(Object of, Arguments arguments) {
        return switch (of) {
            case TemplateFunction callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.failure();
            default -> throw TemplateFailure.type("'%s' object is not callable".formatted(Values.type(of)));
        };
    }

    private static Object sign(Object value, boolean minus) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!Operators.numeric(value)) {
            throw TemplateFailure.type(
                    "bad operand type for unary %s: '%s'".formatted(minus ? "-" : "+", Values.type(value)));
        }
        int factor = minus ? -1 : 1;
        return value instanceof Double number
                ? (Object) (factor * number)
                : (Object) (factor * Operators.integer(value));
    }

    private String concat(Expr.Concat concat, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expr part : concat.parts()) {
            String piece = PythonText.str(value(part, scope), budget);
            budget.text((long) text.length() + piece.length());
            text.append(piece);
        }
        return text.toString();
    }

    private boolean compare(Expr.Compare compare, Scope scope) {
        Object left = value(compare.first(), scope);
        for (Expr.Comparison next : compare.rest()) {
            Object right = value(next.right(), scope);
            if (!Operators.compare(left, next.operator(), right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /// @return what is wrong with a target that is not what it must be
    static TemplateFailure noNamespace(String name) {
        return new TemplateFailure(Kind.RAISED, "cannot assign attribute on non-namespace object '%s'".formatted(name));
    }
}
