package dev.socratic.datasets.answer;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;

/// A text in one spelling: digits of every script as 0 to 9, full-width signs and punctuation of other scripts as
/// ASCII, typographic spaces, quotes and minus signs as plain ones; invisible characters and pictures are gone. What
/// was written stays what it means.
///
/// @param text the folded text
/// @param at   where each of its characters stood in the text that was given, and behind the last one where that ended
record Folding(String text, int[] at) {
    private static final Map<Integer, String> SIGNS = Map.ofEntries(
            Map.entry(0x2212, "-"), Map.entry(0xFE63, "-"), Map.entry(0x2010, "-"), Map.entry(0x2011, "-"),
            Map.entry(0x2018, "'"), Map.entry(0x2019, "'"), Map.entry(0x02BC, "'"), Map.entry(0x201B, "'"),
            Map.entry(0x201C, "\""), Map.entry(0x201D, "\""), Map.entry(0x201E, "\""), Map.entry(0x00AB, "\""),
                    Map.entry(0x00BB, "\""),
            Map.entry(0x300C, "\""), Map.entry(0x300D, "\""), Map.entry(0x300E, "\""), Map.entry(0x300F, "\""),
            Map.entry(0x3010, "["), Map.entry(0x3011, "]"), Map.entry(0x3014, "["), Map.entry(0x3015, "]"),
            Map.entry(0x3002, ". "), Map.entry(0xFF61, ". "), Map.entry(0x3001, ", "), Map.entry(0xFF64, ", "),
                    Map.entry(0xFF01, "! "),
            Map.entry(0xFF1F, "? "), Map.entry(0xFF1B, "; "), Map.entry(0x0964, ". "), Map.entry(0x06D4, ". "),
                    Map.entry(0x060C, ", "),
            Map.entry(0x061B, "; "), Map.entry(0x061F, "? "), Map.entry(0x066A, "%"), Map.entry(0x066B, "."),
                    Map.entry(0x066C, ","),
            Map.entry(0x0589, ". "), Map.entry(0x104B, ". "), Map.entry(0x17D4, ". "), Map.entry(0x2236, ":"),
                    Map.entry(0x2215, "/"),
            Map.entry(0x22C5, "\u00b7"), Map.entry(0x2217, "*"), Map.entry(0x2103, "\u00b0C"),
            Map.entry(0x2109, "\u00b0F"), Map.entry(0x2A7D, "\u2264"), Map.entry(0x2A7E, "\u2265"),
                    Map.entry(0x2266, "\u2264"),
            Map.entry(0x2267, "\u2265"), Map.entry(0x221B, "\\sqrt[3] "));

    static String text(String given) {
        return isPlain(given) ? given : of(given).text();
    }

    static Folding of(String given) {
        StringBuilder out = new StringBuilder(given.length());
        int[] at = new int[given.length() + 16];
        for (int i = 0; i < given.length(); ) {
            int cp = given.codePointAt(i);
            int next = i + Character.charCount(cp);
            String folded = cp < 0x80 ? given.substring(i, next) : folded(given, i, cp, next, out);
            while (at.length < out.length() + folded.length() + 1) {
                at = Arrays.copyOf(at, at.length + at.length / 2 + folded.length());
            }
            for (int k = 0; k < folded.length(); k++) {
                at[out.length() + k] = i;
            }
            out.append(folded);
            i = next;
        }
        at[out.length()] = given.length();
        return new Folding(out.toString(), at);
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String folded(String given, int from, int cp, int next, StringBuilder before) {
        if (Character.getType(cp) == Character.DECIMAL_DIGIT_NUMBER) {
            return String.valueOf(Character.digit(cp, 10));
        }
        if (cp == 0xFF0C) {
            return isDigit(before, before.length() - 1) && next < given.length()
                    && Character.isDigit(given.codePointAt(next)) ? "," : ", ";
        }
        String sign = SIGNS.get(cp);
        if (sign != null) {
            return sign;
        }
        if (isNarrowSpace(cp)) {
            return groupsThousands(given, next, before) ? "" : " ";
        }
        if (cp >= 0xFF01 && cp <= 0xFF5E) {
            return String.valueOf((char) (cp - 0xFEE0));
        }
        if (cp == 0x3000 || Character.getType(cp) == Character.SPACE_SEPARATOR) {
            return " ";
        }
        if (isInvisible(cp)) {
            return "";
        }
        if (isPicture(cp)) {
            return " ";
        }
        return isStyled(cp) ? Normalizer.normalize(given.substring(from, next), Normalizer.Form.NFKC)
                : given.substring(from, next);
    }

    /// Spaces that do not break a line are how careful writers group thousands: `12 345`.
    private static boolean isNarrowSpace(int cp) {
        return cp == 0xA0 || cp == 0x2007 || cp == 0x2009 || cp == 0x200A || cp == 0x202F;
    }

    private static boolean groupsThousands(String given, int next, StringBuilder before) {
        boolean three = next + 3 <= given.length();
        for (int i = next; three && i < next + 3; i++) {
            three = Character.isDigit(given.charAt(i));
        }
        return three && isDigit(before, before.length() - 1)
                && (next + 3 == given.length() || !Character.isDigit(given.charAt(next + 3)));
    }

    private static boolean isDigit(StringBuilder text, int at) {
        return at >= 0 && Character.isDigit(text.charAt(at));
    }

    private static boolean isInvisible(int cp) {
        return Character.getType(cp) == Character.FORMAT || cp >= 0xFE00 && cp <= 0xFE0F || cp == 0x20E3
                || cp == 0x0640;
    }

    private static boolean isPicture(int cp) {
        return cp >= 0x1F000 && cp <= 0x1FAFF || cp >= 0x2600 && cp <= 0x27BF || cp >= 0x2B00 && cp <= 0x2BFF
                || cp >= 0x231A && cp <= 0x23FF || cp == 0x2022
                || cp >= 0xE0000 && cp <= 0xE007F;
    }

    /// Letters and digits in another dress: mathematical alphabets, circles, Roman numerals, units in one square,
    /// ligatures.
    private static boolean isStyled(int cp) {
        return cp >= 0x1D400 && cp <= 0x1D7FF || cp >= 0x2460 && cp <= 0x24EA || cp >= 0x2160 && cp <= 0x217F
                || cp >= 0x3300 && cp <= 0x33FF
                || cp >= 0x2100 && cp <= 0x214F && Character.isLetter(cp) || cp >= 0xFB00 && cp <= 0xFB06;
    }
}
