package dev.socratic.core.template;

import dev.socratic.core.template.Expr.CallArguments;
import dev.socratic.core.template.Expr.Comparison;
import dev.socratic.core.template.Expr.Named;
import dev.socratic.core.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Expressions, one method per level of precedence, loosest first:
/// `if else`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, sign, then `.a [b] (c)`, then `|filter`
/// and `is test`.
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenCursor cursor;
    private final Set<String> names = new HashSet<>();

    ExpressionParser(TokenCursor cursor) {
        this.cursor = cursor;
    }

    /// One expression, or several with commas between, which are a tuple.
    Expr expressions() {
        int line = cursor.line();
        Expr first = expression();
        if (!cursor.peek().operator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (cursor.skipOperator(",") && !endsTuple()) {
            items.add(expression());
        }
        return new Expr.TupleOf(List.copyOf(items), line);
    }

    private boolean endsTuple() {
        Token token = cursor.peek();
        return token.kind() == Kind.BLOCK_END || token.kind() == Kind.VARIABLE_END || token.operator(")")
                || token.operator("]");
    }

    Expr expression() {
        cursor.enter();
        Expr value = or();
        while (cursor.peek().name("if")) {
            int line = cursor.next().line();
            Expr condition = or();
            Optional<Expr> otherwise = cursor.skipName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expr.Conditional(condition, value, otherwise, line);
        }
        cursor.leave();
        return value;
    }

    /// An expression in which `if` is not a conditional: the items of a loop that has a condition.
    Expr withoutConditional() {
        int line = cursor.line();
        Expr first = or();
        if (!cursor.peek().operator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (cursor.skipOperator(",") && !endsTuple()) {
            items.add(or());
        }
        return new Expr.TupleOf(List.copyOf(items), line);
    }

    private Expr or() {
        Expr left = and();
        while (cursor.peek().name("or")) {
            int line = cursor.next().line();
            left = new Expr.Or(left, and(), line);
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (cursor.peek().name("and")) {
            int line = cursor.next().line();
            left = new Expr.And(left, not(), line);
        }
        return left;
    }

    private Expr not() {
        if (!cursor.peek().name("not")) {
            return compare();
        }
        int line = cursor.next().line();
        cursor.enter();
        Expr of = not();
        cursor.leave();
        return new Expr.Not(of, line);
    }

    private Expr compare() {
        int line = cursor.line();
        Expr first = sum();
        List<Comparison> rest = new ArrayList<>();
        while (true) {
            Token token = cursor.peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                cursor.next();
                rest.add(new Comparison(token.text(), sum()));
            } else if (cursor.skipName("in")) {
                rest.add(new Comparison("in", sum()));
            } else if (token.name("not") && cursor.ahead().name("in")) {
                cursor.next();
                cursor.next();
                rest.add(new Comparison("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expr.Compare(first, List.copyOf(rest), line);
            }
        }
    }

    private Expr sum() {
        Expr left = concat();
        while (cursor.peek().operator("+") || cursor.peek().operator("-")) {
            Token operator = cursor.next();
            left = new Expr.Arithmetic(left, operator.text(), concat(), operator.line());
        }
        return left;
    }

    private Expr concat() {
        int line = cursor.line();
        Expr first = product();
        if (!cursor.peek().operator("~")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (cursor.skipOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concat(List.copyOf(parts), line);
    }

    private Expr product() {
        Expr left = power();
        while (cursor.peek().operator("*") || cursor.peek().operator("/") || cursor.peek().operator("//")
                || cursor.peek().operator("%")) {
            Token operator = cursor.next();
            left = new Expr.Arithmetic(left, operator.text(), power(), operator.line());
        }
        return left;
    }

    private Expr power() {
        Expr left = signed(true);
        while (cursor.peek().operator("**")) {
            int line = cursor.next().line();
            left = new Expr.Arithmetic(left, "**", signed(true), line);
        }
        return left;
    }

    private Expr signed(boolean withFilters) {
        Token token = cursor.peek();
        Expr value;
        if (token.operator("-") || token.operator("+")) {
            cursor.next();
            cursor.enter();
            value = new Expr.Sign(signed(false), token.operator("-"), token.line());
            cursor.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expr primary() {
        Token token = cursor.next();
        int line = token.line();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (cursor.peek().kind() == Kind.STRING) {
                    text.append(cursor.next().text());
                }
                yield new Expr.Literal(text.toString(), line);
            }
            case INTEGER -> new Expr.Literal(integer(token), line);
            case FLOAT -> new Expr.Literal(Double.valueOf(token.text().replace("_", "")), line);
            case OPERATOR -> switch (token.text()) {
                case "(" -> tuple(line);
                case "[" -> new Expr.ListOf(items("]"), line);
                case "{" -> dict(line);
                default -> throw unexpected(token);
            };
            case TEXT, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
        };
    }

    /// The names read so far; a macro takes more arguments than it declares if its body reads `varargs` or `kwargs`.
    Set<String> names() {
        return names;
    }

    private Expr name(Token token) {
        names.add(token.text());
        return switch (token.text()) {
            case "true", "True" -> new Expr.Literal(true, token.line());
            case "false", "False" -> new Expr.Literal(false, token.line());
            case "none", "None" -> new Expr.Literal(Values.NONE, token.line());
            default -> new Expr.Name(token.text(), token.line());
        };
    }

    private static Long integer(Token token) {
        String digits = token.text().replace("_", "").toLowerCase(Locale.ROOT);
        try {
            return digits.startsWith("0x") ? Long.valueOf(digits.substring(2), 16)
                    : digits.startsWith("0o") ? Long.valueOf(digits.substring(2), 8)
                    : digits.startsWith("0b") ? Long.valueOf(digits.substring(2), 2)
                    : Long.valueOf(digits);
        } catch (NumberFormatException tooLarge) {
            throw TemplateFailure.syntax("an integer of at most 64 bits expected; got " + token.text(), token.line());
        }
    }

    private Expr tuple(int line) {
        if (cursor.skipOperator(")")) {
            return new Expr.TupleOf(List.of(), line);
        }
        Expr inside = expressions();
        cursor.operator(")");
        return inside;
    }

    private List<Expr> items(String close) {
        List<Expr> items = new ArrayList<>();
        while (!cursor.skipOperator(close)) {
            items.add(expression());
            if (!cursor.peek().operator(close)) {
                cursor.operator(",");
            }
        }
        return List.copyOf(items);
    }

    private Expr dict(int line) {
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!cursor.skipOperator("}")) {
            keys.add(expression());
            cursor.operator(":");
            values.add(expression());
            if (!cursor.peek().operator("}")) {
                cursor.operator(",");
            }
        }
        return new Expr.DictOf(List.copyOf(keys), List.copyOf(values), line);
    }

    Expr postfix(Expr start) {
        Expr value = start;
        while (true) {
            int line = cursor.line();
            if (cursor.skipOperator(".")) {
                Token key = cursor.next();
                value = switch (key.kind()) {
                    case NAME -> new Expr.Attribute(value, key.text(), line);
                    case INTEGER -> new Expr.Item(value, new Expr.Literal(integer(key), line), line);
                    case TEXT, STRING, FLOAT, OPERATOR, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END ->
                            throw unexpected(key);
                };
            } else if (cursor.skipOperator("[")) {
                value = subscript(value, line);
            } else if (cursor.peek().operator("(")) {
                value = new Expr.Call(value, callArguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expr subscript(Expr of, int line) {
        Optional<Expr> from = cursor.peek().operator(":") ? Optional.empty() : Optional.of(expressions());
        if (cursor.skipOperator("]")) {
            return new Expr.Item(of, from.orElseThrow(() -> cursor.expected("a key")), line);
        }
        cursor.operator(":");
        Optional<Expr> to = cursor.peek().operator(":") || cursor.peek().operator("]")
                ? Optional.empty()
                : Optional.of(expression());
        Optional<Expr> step =
                cursor.skipOperator(":") && !cursor.peek().operator("]") ? Optional.of(expression()) : Optional.empty();
        cursor.operator("]");
        return new Expr.Slice(of, from, to, step, line);
    }

    CallArguments callArguments() {
        cursor.operator("(");
        List<Expr> positional = new ArrayList<>();
        List<Named> named = new ArrayList<>();
        Optional<Expr> star = Optional.empty();
        Optional<Expr> stars = Optional.empty();
        while (!cursor.skipOperator(")")) {
            if (cursor.skipOperator("*")) {
                star = Optional.of(expression());
            } else if (cursor.skipOperator("**")) {
                stars = Optional.of(expression());
            } else if (cursor.peek().kind() == Kind.NAME && cursor.ahead().operator("=")) {
                String name = cursor.name();
                cursor.operator("=");
                named.add(new Named(name, expression()));
            } else if (named.isEmpty() && stars.isEmpty()) {
                positional.add(expression());
            } else {
                throw cursor.expected("a named argument");
            }
            if (!cursor.peek().operator(")")) {
                cursor.operator(",");
            }
        }
        return new CallArguments(List.copyOf(positional), List.copyOf(named), star, stars);
    }

    private Expr filtersAndTests(Expr start) {
        Expr value = start;
        while (true) {
            if (cursor.peek().operator("|")) {
                value = filters(value);
            } else if (cursor.peek().name("is")) {
                value = test(value);
            } else if (cursor.peek().operator("(")) {
                value = new Expr.Call(value, callArguments(), cursor.line());
            } else {
                return value;
            }
        }
    }

    /// One or more `|filter(...)`.
    Expr filters(Expr start) {
        Expr value = start;
        while (cursor.peek().operator("|")) {
            int line = cursor.next().line();
            value = filter(value, line);
        }
        return value;
    }

    /// `name(...)`, its bar already read.
    Expr filter(Expr of, int line) {
        String name = dotted();
        Filters.require(name, line);
        return new Expr.Filter(of, name, cursor.peek().operator("(") ? callArguments() : CallArguments.NONE, line);
    }

    private Expr test(Expr of) {
        int line = cursor.next().line();
        boolean negated = cursor.skipName("not");
        String name = dotted();
        Tests.require(name, line);
        CallArguments arguments = CallArguments.NONE;
        if (cursor.peek().operator("(")) {
            arguments = callArguments();
        } else if (startsTestArgument(cursor.peek())) {
            Expr argument = postfix(primary());
            arguments = new CallArguments(List.of(argument), List.of(), Optional.empty(), Optional.empty());
        }
        Expr test = new Expr.Test(of, name, arguments, line);
        return negated ? new Expr.Not(test, line) : test;
    }

    private static boolean startsTestArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and", "is", "if", "not", "in", "recursive").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.operator("[") || token.operator("{");
            case TEXT, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(cursor.name());
        while (cursor.skipOperator(".")) {
            name.append('.').append(cursor.name());
        }
        return name.toString();
    }

    private static TemplateFailure unexpected(Token token) {
        String found = token.kind() == Kind.END ? token.text() : "'" + token.text() + "'";
        return TemplateFailure.syntax("an expression expected; got " + found, token.line());
    }
}
