package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The numbers that a text states, in digits or in words of English, each as its exact value: `$1,250.00` is `1250`,
/// `three` is `3`, `1/2` is `1/2`.
///
/// Signs, currencies, percent and units are left out: a hyphen before a number in running text is a mark as often as a
/// sign. `one` is a pronoun as often as a number and is none here.
///
/// @param value      the value, a whole number or a fraction in lowest terms
/// @param concluding whether it stands right behind an equals sign
/// @param start      where it begins in the text, in characters
public record StatedNumbers(String value, boolean concluding, int start) {
    private static final Pattern WORDS = Pattern.compile("\\p{L}+(?:-\\p{L}+)?");
    private static final Pattern NOT_DIGITS = Pattern.compile("[^\\d.,/'eE+-]");
    private static final Pattern EQUALS = Pattern.compile("=[\\s$\\\\\\u20ac\\u00a3*]*$");

    /// @return in the order of the text, those in words behind those in digits
    public static List<StatedNumbers> in(String given) {
        String text = Folding.of(given.substring(0, Math.min(given.length(), Bounds.TEXT))).text();
        List<StatedNumbers> all = new ArrayList<>();
        for (Numbers.Found found : Numbers.in(text, 0, text.length())) {
            String number = text.substring(found.start(), found.end());
            exact(number).ifPresent(value -> all.add(new StatedNumbers(
                    value, EQUALS.matcher(text.substring(0, found.start())).find(), found.start())));
        }
        Matcher words = WORDS.matcher(text);
        while (words.find()) {
            String word = words.group().toLowerCase(Locale.ROOT);
            String digits = word.equals("one") ? word : NumberWords.inDigits(word);
            if (!digits.equals(word) && digits.chars().allMatch(Character::isDigit)) {
                all.add(new StatedNumbers(digits, false, words.start()));
            }
        }
        return all;
    }

    /// @return the value of a number as it is written; empty if it is none that is computed
    public static Optional<String> exact(String number) {
        String digits = NOT_DIGITS.matcher(number.strip()).replaceAll("").replaceFirst("^[-+]+", "")
                .replaceFirst("[.,eE+-]+$", "");
        return digits.isEmpty() ? Optional.empty() : Arithmetic.value(digits);
    }
}
