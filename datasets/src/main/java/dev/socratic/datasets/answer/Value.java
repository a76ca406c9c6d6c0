package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Sum;
import dev.socratic.datasets.answer.MathTerm.Sym;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The value of a term at one point: an exact fraction as long as only rational operations happen, a double from then
/// on.
///
/// @param exact  the value as a fraction, if it is known to be one
/// @param number the value; NaN where the term is not defined over the reals
record Value(Optional<Rational> exact, double number) {
    static Value of(Rational value) {
        return new Value(Optional.of(value), value.toDouble());
    }

    static Value of(double value) {
        return new Value(Optional.empty(), value);
    }

    /// Counts evaluation steps, so that no comparison takes longer than [Bounds#STEPS] of them.
    static final class Steps {
        private int left = Bounds.STEPS;

        void one() {
            if (--left < 0) {
                throw new Refusal("more than %s evaluation steps".formatted(Bounds.STEPS));
            }
        }
    }

    /// @param point values of the variables
    /// @throws Refusal if the term is no formula (words, lists, units) or a number grows beyond the bounds
    static Value at(MathTerm term, Map<String, Rational> point, Steps steps) {
        steps.one();
        return switch (term) {
            case Num num -> of(num.value());
            case Sym sym -> symbol(sym.name(), point);
            case Sum sum -> sum.terms().stream().map(t -> at(t, point, steps)).reduce(of(Rational.ZERO), Value::plus);
            case Product product -> product.factors().stream().map(t -> at(t, point, steps))
                    .reduce(of(Rational.ONE), Value::times);
            case Power power -> at(power.base(), point, steps).power(at(power.exponent(), point, steps));
            case Call call -> call(call, point, steps);
            case Quantity quantity when quantity.unit().equals("%") -> at(quantity.value(), point, steps)
                    .times(of(Rational.of("0.01")));
            case Quantity quantity when quantity.unit().equals("\u00b0") ->
                    throw new Refusal("degrees inside a formula");
            case MathTerm other -> throw new Refusal("no formula: " + other.getClass().getSimpleName());
        };
    }

    private static Value symbol(String name, Map<String, Rational> point) {
        if (point.containsKey(name)) {
            return of(point.get(name));
        }
        return switch (name) {
            case "pi" -> of(Math.PI);
            case "e" -> of(Math.E);
            case String other -> throw new Refusal("the symbol " + other);
        };
    }

    private Value plus(Value other) {
        return exact.isPresent() && other.exact.isPresent()
                ? of(exact.get().plus(other.exact.get()))
                : of(number + other.number);
    }

    private Value times(Value other) {
        return exact.isPresent() && other.exact.isPresent()
                ? of(exact.get().times(other.exact.get()))
                : of(number * other.number);
    }

    private Value power(Value exponent) {
        if (exact.isPresent() && exponent.exact.isPresent()) {
            Rational n = exponent.exact.get();
            Optional<Rational> result = n.isWhole() || n.under().bitLength() > 6
                    ? exact.get().power(n)
                    : exact.get().root(n.under().intValueExact()).flatMap(root -> root.power(Rational.of(n.over())));
            if (result.isPresent()) {
                return of(result.get());
            }
            if (!n.isWhole() && exact.get().sign() < 0 && n.under().testBit(0) && n.under().bitLength() <= 6) {
                // The real root of a negative number, as of \\sqrt[3]{-8}.
                double size = Math.pow(-number, n.toDouble());
                return of(n.over().testBit(0) ? -size : size);
            }
            if (n.isWhole()) {
                throw new Refusal("a power beyond %s bits".formatted(Bounds.INTEGER_BITS));
            }
        }
        return of(Math.pow(number, exponent.number));
    }

    /// A sum or product over whole numbers, both ends included.
    private static Value series(Call call, Map<String, Rational> point, Steps steps) {
        boolean sum = call.function().equals("sum");
        String variable = ((Sym) call.arguments().getFirst()).name();
        int from = whole(at(call.arguments().get(1), point, steps));
        int to = whole(at(call.arguments().get(2), point, steps));
        if (to - (long) from >= Bounds.SERIES) {
            throw new Refusal("a sum of more than %s terms".formatted(Bounds.SERIES));
        }
        Value total = of(sum ? Rational.ZERO : Rational.ONE);
        Map<String, Rational> inner = new TreeMap<>(point);
        for (int k = from; k <= to; k++) {
            inner.put(variable, Rational.of(k));
            Value term = at(call.arguments().get(3), inner, steps);
            total = sum ? total.plus(term) : total.times(term);
        }
        return total;
    }

    private static int whole(Value value) {
        return value.exact().filter(v -> v.isWhole() && v.over().bitLength() < 31).map(v -> v.over().intValueExact())
                .orElseThrow(() -> new Refusal("a sum whose ends are not known whole numbers"));
    }

    private static Value call(Call call, Map<String, Rational> point, Steps steps) {
        if (call.isSeries()) {
            return series(call, point, steps);
        }
        Value x = at(call.arguments().getFirst(), point, steps);
        return switch (call.function()) {
            case "sqrt" -> x.power(of(Rational.of("0.5")));
            case "root" -> x.root(at(call.arguments().get(1), point, steps));
            case "abs" -> x.exact().isPresent() && x.exact().get().sign() < 0 ? of(x.exact().get().negated())
                    : x.exact().isPresent() ? x : of(Math.abs(x.number()));
            case "factorial" -> of(Rational.of(factorial(small(x, Bounds.FACTORIAL))));
            case "binomial" -> of(binomial(small(x, Bounds.FACTORIAL),
                    small(at(call.arguments().get(1), point, steps), Bounds.FACTORIAL)));
            case "sin" -> of(Math.sin(x.number()));
            case "cos" -> of(Math.cos(x.number()));
            case "tan" -> of(Math.tan(x.number()));
            case "cot" -> of(1 / Math.tan(x.number()));
            case "sec" -> of(1 / Math.cos(x.number()));
            case "csc" -> of(1 / Math.sin(x.number()));
            case "arcsin" -> of(Math.asin(x.number()));
            case "arccos" -> of(Math.acos(x.number()));
            case "arctan" -> of(Math.atan(x.number()));
            case "ln" -> of(Math.log(x.number()));
            case "log" -> of(Math.log10(x.number()));
            case String other -> throw new Refusal("the function " + other);
        };
    }

    private Value root(Value degree) {
        if (degree.number() != 0 && degree.exact().map(d -> !d.isWhole()).orElse(true)) {
            return of(Math.pow(number, 1 / degree.number()));
        }
        Rational n = degree.exact().filter(d -> d.isWhole() && d.sign() > 0)
                .orElseThrow(() -> new Refusal("such a root"));
        // The real root of a negative number, which Math.pow does not give.
        boolean odd = n.over().testBit(0);
        Value size = odd && number < 0 ? times(of(Rational.of(-1))) : this;
        Value root = size.power(of(n.inverse()));
        return odd && number < 0 ? root.times(of(Rational.of(-1))) : root;
    }

    private static int small(Value value, int most) {
        return value.exact()
                .filter(v -> v.isWhole() && v.sign() >= 0 && v.over().bitLength() < 31 && v.over()
                        .intValueExact() <= most)
                .map(v -> v.over().intValueExact())
                .orElseThrow(() -> new Refusal("a factorial of anything but a whole number up to %s".formatted(most)));
    }

    private static BigInteger factorial(int n) {
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return product;
    }

    private static Rational binomial(int n, int k) {
        return k > n ? Rational.ZERO : new Rational(factorial(n), factorial(k).multiply(factorial(n - k)));
    }
}
