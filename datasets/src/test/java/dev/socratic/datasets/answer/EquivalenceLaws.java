package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Laws over drawn answers: one value in two spellings and within anything that holds values is equal, either way
/// round; with one digit, the sign or the unit changed it is not. No false accept.
class EquivalenceLaws {
    private static final int DRAWS = 1_500;
    private static final int[] TERMINATING = {2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 100, 125};
    private static final List<String> HOLDERS = List.of(
            "%s", "$%s$", "\\boxed{%s}", "x = %s", "(%s, 7)", "\\{%s, 100007\\}", "[%s, 100007)", "(-100007, %s]",
            "\\begin{pmatrix} %s & 7 \\\\ 1 & 2 \\end{pmatrix}", "%s, 100007", "y = %s \\cdot x", "x > %s",
            "\\text{area} = %s");

    @Test
    void oneValueInTwoSpellingsIsEqualEitherWayRound() {
        SplittableRandom random = new SplittableRandom(1);
        List<String> otherwise = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            long under = TERMINATING[random.nextInt(TERMINATING.length)];
            long over = 1 + random.nextInt(9_999);
            boolean negative = random.nextBoolean();
            String holder = HOLDERS.get(random.nextInt(HOLDERS.size()));
            String one = holder.formatted(spelling(over, under, negative, random));
            String other = holder.formatted(spelling(over, under, negative, random));
            if (!equal(one, other) || !equal(other, one) || !equal(one, one)) {
                otherwise.add(one + " | " + other);
            }
        }
        assertEquals(List.of(), otherwise);
    }

    @Test
    void oneDigitOrTheSignChangedIsNeverAccepted() {
        SplittableRandom random = new SplittableRandom(2);
        List<String> otherwise = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            long under = TERMINATING[random.nextInt(TERMINATING.length)];
            long over = 1 + random.nextInt(9_999);
            boolean negative = random.nextBoolean();
            boolean sign = random.nextInt(4) == 0;
            String holder = HOLDERS.get(random.nextInt(HOLDERS.size()));
            String one = holder.formatted(spelling(over, under, negative, random));
            String other = holder.formatted(spelling(sign ? over : changed(over, random), under, sign != negative,
                    random));
            if (equal(one, other) || equal(other, one)) {
                otherwise.add(one + " | " + other);
            }
        }
        assertEquals(List.of(), otherwise);
    }

    @Test
    void anotherUnitIsNeverAcceptedAndTheSameOneIs() {
        List<List<String>> units = List.of(
                List.of("cm", "\\text{ cm}", "centimeters"), List.of("m", "metres"), List.of("kg", "kilograms"),
                List.of("hours", "h"), List.of("minutes", "min"), List.of("dollars"), List.of("apples", "apple"));
        SplittableRandom random = new SplittableRandom(3);
        List<String> otherwise = new ArrayList<>();
        for (int i = 0; i < DRAWS / 3; i++) {
            int first = random.nextInt(units.size());
            int second = random.nextInt(units.size());
            String value = String.valueOf(2 + random.nextInt(999));
            String one = value + " " + units.get(first).get(random.nextInt(units.get(first).size()));
            String other = value + " " + units.get(second).get(random.nextInt(units.get(second).size()));
            if (equal(one, other) != (first == second) || equal(other, one) != (first == second)) {
                otherwise.add(one + " | " + other);
            }
        }
        assertEquals(List.of(), otherwise);
    }

    /// One digit replaced by another; of a number of one digit never by 0, so that it is not gone.
    private static long changed(long value, SplittableRandom random) {
        char[] digits = String.valueOf(value).toCharArray();
        int at = random.nextInt(digits.length);
        char before = digits[at];
        while (digits[at] == before || digits[0] == '0') {
            digits[at] = (char) ('0' + random.nextInt(10));
        }
        return Long.parseLong(new String(digits));
    }

    private static String spelling(long over, long under, boolean negative, SplittableRandom random) {
        String size = switch (random.nextInt(5)) {
            case 0 -> "\\frac{%s}{%s}".formatted(over, under);
            case 1 -> "\\dfrac{%s}{%s}".formatted(3 * over, 3 * under);
            case 2 -> over > under && over % under > 0
                    ? "%s\\frac{%s}{%s}".formatted(over / under, over % under, under) : over + "/" + under;
            default -> String.format(Locale.ROOT, "%.6f", over / (double) under).replaceAll("0+$", "")
                    .replaceAll("\\.$", "");
        };
        return negative ? "-" + size : size;
    }

    private static boolean equal(String gold, String answer) {
        return Equivalence.STANDARD.judge(gold, answer).equal();
    }
}
