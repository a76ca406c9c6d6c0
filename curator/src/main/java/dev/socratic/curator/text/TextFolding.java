package dev.socratic.curator.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// A text without what a reader does not see or does not count as a difference, so that a copy in other marks is a
/// copy.
///
/// In this order:
/// - markup ([MarkupStripping]): character references, HTML tags, escapes that were never resolved, bold and italic
///   marks, words broken at the end of a line;
/// - what is invisible (Unicode `Default_Ignorable_Code_Point` and category Cf): soft hyphens, zero width blanks and
///   joiners, byte order marks, marks of direction, variation selectors. They go without leaving a gap, for they stand
///   inside words;
/// - Unicode NFKC (full width, ligatures, styled letters, presentation forms) and lower case;
/// - marks that a writer may leave out: Arabic harakat, Hebrew niqqud, accents that make no letter of their own
///   (stress marks, strike-through), tatweel. Marks that make another letter stay: `é`, and all vowels of Indic and
///   South-East Asian scripts;
/// - letters that are written either way: Arabic alef with hamza or madda, final yeh, Persian kaf and yeh, teh marbuta
///   (the folds of Lucene's `ArabicNormalizer` and `PersianNormalizer`), `ß` as `ss`, final sigma, dotless i;
/// - letters that only look alike ([LookAlikes]).
///
/// A text of plain ASCII without `& < \ *` needs none of it and costs one pass.
final class TextFolding {
    private static final Pattern WRAPPED = Pattern.compile("(?<=\\p{L})-\\r?\\n[ \\t]{0,9}(?=\\p{Ll})");

    private TextFolding() {}

    static String of(String text) {
        boolean ascii = true;
        boolean markup = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            ascii &= c < 128;
            markup |= c == '&' || c == '<' || c == '\\' || c == '*' || c == '\n' && i > 0 && text.charAt(i - 1) == '-';
        }
        if (ascii && !markup) {
            return text.toLowerCase(Locale.ROOT);
        }
        String plain = markup ? WRAPPED.matcher(MarkupStripping.plain(text)).replaceAll("") : text;
        return ascii && isAscii(plain) ? plain.toLowerCase(Locale.ROOT) : letters(plain);
    }

    private static String letters(String text) {
        String seen = Normalizer.normalize(visible(text), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder folded = new StringBuilder(seen.length() + 16);
        for (int i = 0; i < seen.length(); ) {
            int c = seen.codePointAt(i);
            i += Character.charCount(c);
            if (c < 128) {
                folded.append((char) c);
            } else if (i < seen.length() && isSplitAm(c, seen.charAt(i))) {
                folded.append((char) (seen.charAt(i) + 1)); // NFKC takes sara am apart, dictionaries do not
                i++;
            } else if (!isOptional(c)) {
                fold(c, folded);
            }
        }
        return LookAlikes.folded(folded.toString());
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> c < 128 || !isInvisible(c)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static boolean isInvisible(int c) {
        return Character.getType(c) == Character.FORMAT
                || UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }

    /// `U+0E4D U+0E32` for `U+0E33`, and the same in Lao.
    private static boolean isSplitAm(int c, char next) {
        return c == 0x0E4D && next == 0x0E32 || c == 0x0ECD && next == 0x0EB2;
    }

    /// Marks after NFKC that make no letter of their own in the scripts that use them.
    private static boolean isOptional(int c) {
        int type = Character.getType(c);
        if (type != Character.NON_SPACING_MARK && type != Character.ENCLOSING_MARK) {
            return c == 0x0640; // tatweel
        }
        UnicodeScript script = UnicodeScript.of(c);
        return script == UnicodeScript.INHERITED || script == UnicodeScript.ARABIC || script == UnicodeScript.HEBREW
                || script == UnicodeScript.SYRIAC;
    }

    private static void fold(int c, StringBuilder into) {
        switch (c) {
            case 0x0622, 0x0623, 0x0625, 0x0671 -> into.append('\u0627');
            case 0x0649, 0x06CC -> into.append('\u064A');
            case 0x06A9 -> into.append('\u0643');
            case 0x0629 -> into.append('\u0647');
            case 0x00DF -> into.append("ss");
            case 0x0131 -> into.append('i');
            case 0x03C2 -> into.append('\u03C3');
            case 0x2018, 0x2019, 0x02BC, 0x00B4, 0x02BB -> into.append('\'');
            default -> into.appendCodePoint(c);
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
