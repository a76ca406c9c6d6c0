package dev.socratic.datasets.answer;

import java.math.BigInteger;

/// How much work one answer may cause. Beyond any of these it is refused, so that no text from outside can hold a
/// thread or fill the memory.
final class Bounds {
    /// Longest model text that is searched for an answer, in characters; of a longer one the end is.
    static final int TEXT = 1_000_000;
    /// Longest answer that is read, in characters.
    static final int ANSWER = 4_096;
    /// Tokens of one answer.
    static final int TOKENS = 1_024;
    /// Levels of brackets, signs and exponents within each other; a pair of brackets counts for two.
    static final int DEPTH = 128;
    /// Digits of one number.
    static final int DIGITS = 256;
    /// Elements of one list, set or matrix.
    static final int ELEMENTS = 256;
    /// Bits of any numerator or denominator.
    static final int INTEGER_BITS = 4_096;
    /// Largest argument of a factorial; 500! has 3,768 bits.
    static final int FACTORIAL = 500;
    /// Terms of a sum or product written with its sign.
    static final int SERIES = 1_000;
    /// Evaluation steps of one comparison.
    static final int STEPS = 200_000;
    /// Signs that stand for plus and minus at once.
    static final int BOTH_SIGNS = 4;

    private Bounds() {}

    static BigInteger checked(BigInteger value) {
        if (value.bitLength() > INTEGER_BITS) {
            throw new Refusal("a number of more than %s bits".formatted(INTEGER_BITS));
        }
        return value;
    }

    static void checkElements(int count) {
        if (count > ELEMENTS) {
            throw new Refusal("more than %s elements".formatted(ELEMENTS));
        }
    }
}
