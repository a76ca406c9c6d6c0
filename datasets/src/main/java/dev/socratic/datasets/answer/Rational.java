package dev.socratic.datasets.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Optional;

/// A fraction in lowest terms, the denominator positive. Results beyond [Bounds#INTEGER_BITS] are refused.
record Rational(BigInteger over, BigInteger under) implements Comparable<Rational> {
    static final Rational ZERO = of(0);
    static final Rational ONE = of(1);

    Rational {
        if (under.signum() == 0) {
            throw new Refusal("a division by zero");
        }
        BigInteger common = over.gcd(under);
        if (under.signum() < 0) {
            common = common.negate();
        }
        over = Bounds.checked(over.divide(common));
        under = Bounds.checked(under.divide(common));
    }

    static Rational of(long whole) {
        return new Rational(BigInteger.valueOf(whole), BigInteger.ONE);
    }

    static Rational of(BigInteger whole) {
        return new Rational(whole, BigInteger.ONE);
    }

    /// @param digits what `BigDecimal` reads
    static Rational of(String digits) {
        BigDecimal decimal = new BigDecimal(digits);
        if (Math.abs((long) decimal.scale()) > Bounds.DIGITS) {
            throw new Refusal("a number of more than %s digits".formatted(Bounds.DIGITS));
        }
        return decimal.scale() <= 0
                ? of(decimal.toBigIntegerExact())
                : new Rational(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
    }

    Rational plus(Rational other) {
        return new Rational(over.multiply(other.under).add(other.over.multiply(under)), under.multiply(other.under));
    }

    Rational times(Rational other) {
        return new Rational(over.multiply(other.over), under.multiply(other.under));
    }

    Rational negated() {
        return new Rational(over.negate(), under);
    }

    Rational inverse() {
        return new Rational(under, over);
    }

    Rational minus(Rational other) {
        return plus(other.negated());
    }

    /// @return this to a whole power; empty if the power is no integer of a sensible size or the result would be too
    ///         long
    Optional<Rational> power(Rational exponent) {
        if (!exponent.isWhole() || exponent.over.bitLength() > 15) {
            return Optional.empty();
        }
        int n = exponent.over.intValueExact();
        if (n < 0 && over.signum() == 0) {
            throw new Refusal("a division by zero");
        }
        long bits = (long) Math.max(over.bitLength(), under.bitLength()) * Math.abs((long) n);
        if (bits > 2L * Bounds.INTEGER_BITS) {
            return Optional.empty();
        }
        Rational positive = new Rational(over.pow(Math.abs(n)), under.pow(Math.abs(n)));
        return Optional.of(n < 0 ? positive.inverse() : positive);
    }

    /// @return the n-th root, if it is a fraction itself
    Optional<Rational> root(int n) {
        if (over.signum() < 0 && n % 2 == 0) {
            return Optional.empty();
        }
        return wholeRoot(over.abs(), n)
                .flatMap(top -> wholeRoot(under, n)
                        .map(bottom -> new Rational(over.signum() < 0 ? top.negate() : top, bottom)));
    }

    private static Optional<BigInteger> wholeRoot(BigInteger value, int n) {
        BigInteger low = BigInteger.ZERO;
        BigInteger high = BigInteger.ONE.shiftLeft(value.bitLength() / n + 1);
        while (low.compareTo(high) < 0) {
            BigInteger middle = low.add(high).add(BigInteger.ONE).shiftRight(1);
            if (middle.pow(n).compareTo(value) <= 0) {
                low = middle;
            } else {
                high = middle.subtract(BigInteger.ONE);
            }
        }
        return low.pow(n).equals(value) ? Optional.of(low) : Optional.empty();
    }

    boolean isWhole() {
        return under.equals(BigInteger.ONE);
    }

    /// @return whether its decimal expansion ends: the denominator has no prime factors but 2 and 5
    boolean isTerminating() {
        BigInteger rest = under;
        BigInteger five = BigInteger.valueOf(5);
        rest = rest.shiftRight(Math.max(0, rest.getLowestSetBit()));
        while (rest.mod(five).signum() == 0) {
            rest = rest.divide(five);
        }
        return rest.equals(BigInteger.ONE);
    }

    int sign() {
        return over.signum();
    }

    double toDouble() {
        return new BigDecimal(over).divide(new BigDecimal(under), MathContext.DECIMAL64).doubleValue();
    }

    @Override
    public int compareTo(Rational other) {
        return over.multiply(other.under).compareTo(other.over.multiply(under));
    }

    @Override
    public String toString() {
        return isWhole() ? over.toString() : over + "/" + under;
    }
}
