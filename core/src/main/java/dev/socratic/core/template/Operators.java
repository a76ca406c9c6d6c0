package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Python's operators on template values. Types that do not mix fail; nothing is turned into text on the quiet.
final class Operators {
    private Operators() {}

    static Object arithmetic(Object left, String operator, Object right, RenderBudget budget) {
        if (left instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (operator.equals("%") && left instanceof String format) {
            return TextFormat.percent(format, right, budget);
        }
        if (right instanceof Undefined undefined) {
            throw undefined.failure();
        }
        try {
            if (integral(left) && integral(right)) {
                return Operators.integers(integer(left), operator, integer(right));
            }
            if (numeric(left) && numeric(right)) {
                return floats(real(left), operator, real(right));
            }
        } catch (ArithmeticException overflow) {
            throw TemplateFailure.value("an integer beyond 64 bits, or a division by zero");
        }
        return switch (operator) {
            case "+" -> add(left, right, budget);
            case "*" -> integral(right) ? repeat(left, integer(right), budget)
                    : integral(left) ? repeat(right, integer(left), budget)
                    : unsupported(left, operator, right);
            default -> unsupported(left, operator, right);
        };
    }

    private static Object integers(long left, String operator, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            case "**" -> right >= 0 ? (Object) power(left, right) : (Object) Math.pow(left, right);
            default -> floats(left, operator, right);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        for (long i = 0; i < exponent && result != 0; i++) {
            if (base == 1 || base == -1) {
                return base == 1 || exponent % 2 == 0 ? 1 : -1;
            }
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static Object floats(double left, String operator, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            case "**" -> Math.pow(left, right);
            default -> throw TemplateFailure.type("unknown operator " + operator);
        };
    }

    private static Object add(Object left, Object right, RenderBudget budget) {
        if (left instanceof String a && right instanceof String b) {
            budget.text((long) a.length() + b.length());
            return a.concat(b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return joined(a, b, budget);
        }
        if (left instanceof Tuple a && right instanceof Tuple b) {
            return new Tuple(joined(a.items(), b.items(), budget));
        }
        if (left instanceof String || left instanceof List<?>) {
            String type = Values.type(left);
            throw TemplateFailure.type(
                    "can only concatenate %s (not \"%s\") to %s".formatted(type, Values.type(right), type));
        }
        return unsupported(left, "+", right);
    }

    private static List<Object> joined(List<?> left, List<?> right, RenderBudget budget) {
        budget.text(8L * (left.size() + right.size()));
        List<Object> joined = new ArrayList<>(left);
        joined.addAll(right);
        return joined;
    }

    private static Object repeat(Object value, long times, RenderBudget budget) {
        int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
        if (value instanceof String text) {
            budget.text((long) count * text.length());
            return text.repeat(count);
        }
        if (value instanceof List<?> list) {
            budget.text(8L * count * list.size());
            List<Object> repeated = new ArrayList<>();
            for (int i = 0; i < count && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return repeated;
        }
        return unsupported(value, "*", times);
    }

    private static Object unsupported(Object left, String operator, Object right) {
        throw TemplateFailure.type("unsupported operand type(s) for %s: '%s' and '%s'"
                .formatted(operator, Values.type(left), Values.type(right)));
    }

    static boolean compare(Object left, String operator, Object right, RenderBudget budget) {
        return switch (operator) {
            case "==" -> same(left, right, budget);
            case "!=" -> !same(left, right, budget);
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            case "<" -> order(left, operator, right, budget) < 0;
            case "<=" -> order(left, operator, right, budget) <= 0;
            case ">" -> order(left, operator, right, budget) > 0;
            case ">=" -> order(left, operator, right, budget) >= 0;
            default -> throw TemplateFailure.type("unknown comparison " + operator);
        };
    }

    static boolean same(Object left, Object right, RenderBudget budget) {
        budget.step();
        budget.enter();
        boolean same;
        if (numeric(left) && numeric(right)) {
            same = integral(left) && integral(right) ? integer(left) == integer(right) : real(left) == real(right);
        } else if (left instanceof String a && right instanceof String b) {
            budget.steps(Math.min(a.length(), b.length()) >> 6);
            same = a.equals(b);
        } else if (left instanceof List<?> a && right instanceof List<?> b) {
            same = sameItems(a, b, budget);
        } else if (left instanceof Tuple a && right instanceof Tuple b) {
            same = sameItems(a.items(), b.items(), budget);
        } else if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            same = a.size() == b.size()
                    && a.entrySet().stream().allMatch(entry ->
                            b.containsKey(entry.getKey()) && same(entry.getValue(), b.get(entry.getKey()), budget));
        } else {
            use(left);
            use(right);
            same = left == right || left instanceof Undefined && right instanceof Undefined;
        }
        budget.leave();
        return same;
    }

    private static void use(Object value) {
        if (value instanceof Undefined undefined) {
            undefined.use();
        }
    }

    private static boolean sameItems(List<?> left, List<?> right, RenderBudget budget) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i), budget)) {
                return false;
            }
        }
        return true;
    }

    static int order(Object left, String operator, Object right, RenderBudget budget) {
        budget.step();
        if (left instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (integral(left) && integral(right)) {
            return Long.compare(integer(left), integer(right));
        }
        if (numeric(left) && numeric(right)) {
            return Double.compare(real(left), real(right));
        }
        if (left instanceof String a && right instanceof String b) {
            budget.steps(Math.min(a.length(), b.length()) >> 4);
            return compareTexts(a, b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return orderItems(a, operator, b, budget);
        }
        if (left instanceof Tuple a && right instanceof Tuple b) {
            return orderItems(a.items(), operator, b.items(), budget);
        }
        throw TemplateFailure.type("'%s' not supported between instances of '%s' and '%s'"
                .formatted(operator, Values.type(left), Values.type(right)));
    }

    private static int orderItems(List<?> left, String operator, List<?> right, RenderBudget budget) {
        budget.enter();
        int order = Integer.compare(left.size(), right.size());
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!same(left.get(i), right.get(i), budget)) {
                order = order(left.get(i), operator, right.get(i), budget);
                break;
            }
        }
        budget.leave();
        return order;
    }

    /// Order by code point; Java's own order puts surrogates before U+E000.
    static int compareTexts(String left, String right) {
        int most = Math.min(left.length(), right.length());
        for (int i = 0; i < most; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean bothPlain = !Character.isSurrogate(a) && !Character.isSurrogate(b);
                return bothPlain || Character.isSurrogate(a) && Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static boolean contains(Object container, Object item, RenderBudget budget) {
        return switch (container) {
            case String text -> {
                if (item instanceof Undefined undefined) {
                    throw undefined.failure();
                }
                if (!(item instanceof String part)) {
                    throw TemplateFailure.type(
                            "'in <string>' requires string as left operand, not " + Values.type(item));
                }
                yield TextSearch.find(text, part, 0, budget) >= 0;
            }
            case Map<?, ?> map -> map.containsKey(Values.key(item));
            default -> items(container, budget).stream().anyMatch(other -> same(other, item, budget));
        };
    }

    /// What a loop over the value meets.
    static Collection<Object> items(Object value, RenderBudget budget) {
        return switch (value) {
            case List<?> list -> charged(list, budget);
            case Tuple tuple -> charged(tuple.items(), budget);
            case Map<?, ?> map -> charged(new ArrayList<>(map.keySet()), budget);
            case String text -> {
                budget.text(4L * text.length());
                yield text.codePoints().mapToObj(point -> (Object) Character.toString(point)).toList();
            }
            case Undefined undefined -> {
                undefined.use();
                yield List.of();
            }
            default -> throw TemplateFailure.type("'%s' object is not iterable".formatted(Values.type(value)));
        };
    }

    @SuppressWarnings("unchecked")
    private static Collection<Object> charged(Collection<?> items, RenderBudget budget) {
        budget.steps(items.size() >> 2);
        return (Collection<Object>) items;
    }

    static boolean integral(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static boolean numeric(Object value) {
        return integral(value) || value instanceof Double;
    }

    static long integer(Object value) {
        return value instanceof Boolean truth ? truth ? 1 : 0 : (Long) value;
    }

    static double real(Object value) {
        return value instanceof Double number ? number : integer(value);
    }

    /// @return the number a parameter was given
    /// @throws TemplateFailure if it is none
    static int whole(Object value, String what) {
        if (!integral(value)) {
            throw TemplateFailure.type("%s must be an integer, not %s".formatted(what, Values.type(value)));
        }
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, integer(value)));
    }
}
