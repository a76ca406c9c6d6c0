package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import java.util.List;
import java.util.Optional;

/// Whether a final answer says the same as the gold one, with the reason.
///
/// Numbers are compared as exact fractions, whatever their spelling: thousands separators, currencies, percent,
/// fractions, mixed numbers, scientific notation, LaTeX. A unit may be left out on one side. Lists and sets are
/// compared without order, tuples, intervals and matrices with it, equations up to a factor, inequalities also as
/// intervals, formulas by their values ([Formulas]). What cannot be read is refused, unless both sides are the same
/// text.
///
/// Safe for any number of threads; work is bounded ([Bounds]), nothing is evaluated while it is read.
///
/// Left aside, so refused or compared as written: complex numbers beyond formulas in the letter i, powers of matrices,
/// conversion of units and of bases, sets given by a condition, names of variables that differ (`f(x)` against `f(y)`).
///
/// @param decimals how many digits after the point a rounded number must have to stand for one no decimal number is
///                 (1/3, a root)
public record Equivalence(int decimals) {
    /// Six digits, as graders of competition problems use.
    public static final Equivalence STANDARD = new Equivalence(6);

    /// @param equal whether both say the same
    /// @param why   one line: how it was decided, or what could not be read
    public record Verdict(boolean equal, String why) {}

    public Equivalence {
        if (decimals < 1 || decimals > 12) {
            throw new IllegalArgumentException("decimals: from 1 to 12; got %s; 6 is the default".formatted(decimals));
        }
    }

    /// @param gold   the gold final answer, nothing around it
    /// @param answer the answer to judge, nothing around it ([AnswerExtractor] takes it out of a text)
    public Verdict judge(String gold, String answer) {
        if (gold.length() > Bounds.ANSWER || answer.length() > Bounds.ANSWER) {
            return new Verdict(false,
                    "cannot be judged: an answer of more than %s characters".formatted(Bounds.ANSWER));
        }
        String a = Latex.clean(gold);
        String b = Latex.clean(answer);
        if (a.isEmpty() || b.isEmpty()) {
            return new Verdict(false, (a.isEmpty() ? "gold" : "answer") + " is empty");
        }
        if (a.equals(b) || plain(a).equals(plain(b))) {
            return new Verdict(true, "the same text");
        }
        Optional<MathTerm> goldTerm = Optional.empty();
        try {
            MathTerm read = Parser.parse(a);
            goldTerm = Optional.of(read);
            return verdict(read, Parser.parse(b), a, b);
        } catch (Refusal e) {
            return new Verdict(
                    false, (goldTerm.isEmpty() ? "gold cannot be read: " : "answer cannot be read or judged: ")
                            + e.getMessage());
        }
    }

    private Verdict verdict(MathTerm gold, MathTerm answer, String goldText, String answerText) {
        if (new Comparison(new Formulas(decimals)).same(gold, answer)) {
            return new Verdict(true, "the same value: " + shown(goldText));
        }
        if (isNumber(gold) || isNumber(answer)) {
            List<MathTerm> golds = readings(gold, goldText);
            List<MathTerm> answers = readings(answer, answerText);
            for (MathTerm g : golds) {
                for (MathTerm h : answers) {
                    if (isNumber(g) && isNumber(h) && new Comparison(new Formulas(decimals)).same(g, h)) {
                        return new Verdict(true, "the same value, written as elsewhere: " + shown(goldText));
                    }
                }
            }
        }
        return new Verdict(false, "another value: %s, not %s".formatted(shown(answerText), shown(goldText)));
    }

    private static boolean isNumber(MathTerm term) {
        return switch (term) {
            case Num number -> true;
            case Quantity(MathTerm value, String unit) -> isNumber(value);
            case Product(List<MathTerm> of) -> of.stream().allMatch(factor -> isNumber(factor)
                    || factor instanceof Power(Num base, Num exponent)); // 0,125 is 1/8
            case MathTerm other -> false;
        };
    }

    private static List<MathTerm> readings(MathTerm term, String text) {
        return isNumber(term) ? List.of(term) : RegionalNumbers.readings(text).stream().map(Parser::parse).toList();
    }

    private static String plain(String text) {
        // A blank between two words or numbers means something; any other does not.
        return text.replaceAll("\\s+", " ").replaceAll("(?<!\\w) | (?!\\w)", "");
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
