package dev.socratic.curator.text;

import java.util.ArrayList;
import java.util.List;

/// A text as a list of words, the one normalisation that everything in this module compares by.
///
/// The text is folded first ([TextFolding]: markup, invisible characters, optional marks, case); then a word is
/// - a run of letters, marks and digits; an apostrophe between two letters is dropped (`Betty's` is `bettys`),
/// - a number: digits with an optional decimal part; commas between groups of three digits are dropped (`1,000` is
///   `1000`), and English number words are digits too ([EnglishNumbers]: `twenty-three` is `23`),
/// - a word of a script without blanks that a dictionary finds ([Segments]: Thai, Lao, Khmer, Burmese),
/// - one ideograph, kana or Hangul syllable,
/// - one mathematical sign (`+ = < > * / ^ %` and Unicode category Sm), so that `24 + 16` and `24 * 16` differ; `-`
///   only after a number and before another or a parenthesis, otherwise it is a hyphen or a dash.
///
/// Every other character separates words and is dropped. A digit ends a run of letters and the other way round (`20m`
/// is `20`, `m`), so that numbers are always words of their own.
public final class Words {
    private Words() {}

    /// @return the words in order; empty for a text without any
    public static List<String> of(String text) {
        String plain = TextFolding.of(text);
        List<String> words = new ArrayList<>(plain.length() / 5 + 1);
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < plain.length()) {
            int c = plain.codePointAt(at);
            int width = Character.charCount(c);
            if (isDigit(c)) {
                flush(word, words);
                at = number(plain, at, words);
            } else if (isIdeograph(c)) {
                flush(word, words);
                words.add(Character.toString(c));
                at += width;
            } else if (Segments.isOf(c)) {
                flush(word, words);
                int end = at;
                while (end < plain.length() && Segments.isOf(plain.charAt(end))) {
                    end++;
                }
                Segments.cut(plain.substring(at, end), words);
                at = end;
            } else if (isLetter(c)) {
                word.appendCodePoint(c);
                at += width;
            } else if (isApostrophe(c) && !word.isEmpty() && at + width < plain.length()
                    && isLetter(plain.codePointAt(at + width))) {
                at += width;
            } else {
                flush(word, words);
                if (isSign(c) || c == '-' && isMinus(plain, at, words)) {
                    words.add(Character.toString(c));
                }
                at += width;
            }
        }
        flush(word, words);
        return EnglishNumbers.asDigits(words);
    }

    /// @return whether a word of [#of] is a number
    public static boolean isNumber(String word) {
        return isDigit(word.codePointAt(0));
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static int number(String text, int from, List<String> words) {
        StringBuilder digits = new StringBuilder();
        int at = from;
        boolean fraction = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isDigit(c)) {
                digits.append((char) ('0' + Character.digit(c, 10)));
            } else if (c == '.' && !fraction && digitAt(text, at + 1)) {
                fraction = true;
                digits.append('.');
            } else if (!(c == ',' && !fraction && digits.length() > 0 && groupOfThree(text, at + 1))) {
                break;
            }
            at++;
        }
        if (at == from) { // a digit outside the basic plane: kept as it is
            int c = text.codePointAt(from);
            digits.append(Character.digit(c, 10));
            at = from + Character.charCount(c);
        }
        words.add(digits.toString());
        return at;
    }

    private static boolean groupOfThree(String text, int at) {
        return digitAt(text, at) && digitAt(text, at + 1) && digitAt(text, at + 2) && !digitAt(text, at + 3);
    }

    private static boolean digitAt(String text, int at) {
        return at < text.length() && isDigit(text.charAt(at));
    }

    private static boolean isMinus(String text, int at, List<String> words) {
        if (words.isEmpty() || !isNumber(words.getLast())) {
            return false;
        }
        int next = at + 1;
        while (next < text.length() && text.charAt(next) == ' ') {
            next++;
        }
        return digitAt(text, next) || next < text.length() && text.charAt(next) == '(';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9' || c > 127 && Character.isDigit(c);
    }

    private static boolean isLetter(int c) {
        if (c < 128) {
            return c >= 'a' && c <= 'z';
        }
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER, Character.OTHER_LETTER, Character.MODIFIER_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.UPPERCASE_LETTER, Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isIdeograph(int c) {
        if (c < 0x1100) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL -> Character.isLetter(c);
            default -> false;
        };
    }

    private static boolean isApostrophe(int c) {
        return c == '\'';
    }

    private static boolean isSign(int c) {
        return c == '*' || c == '/' || c == '^' || c == '%' || Character.getType(c) == Character.MATH_SYMBOL;
    }
}
