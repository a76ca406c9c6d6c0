package dev.socratic.curator.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.lang.Character.UnicodeScript;
import java.util.List;

/// Words of scripts that put no blanks between them and whose words are no single characters: Thai, Lao, Khmer and
/// Burmese, cut by the dictionaries of ICU.
///
/// Chinese and Japanese are not cut by a dictionary but character by character ([Words]), as search engines do whose
/// words are bigrams of characters: a dictionary cuts the neighbours of an edited word otherwise too, so that one edit
/// costs more shingles.
final class Segments {
    private Segments() {}

    static boolean isOf(int c) {
        if (c < 0x0E00) {
            return false;
        }
        return switch (UnicodeScript.of(c)) {
            case THAI, LAO, KHMER, MYANMAR -> Character.isLetter(c) || isMark(c);
            default -> false;
        };
    }

    /// @param run letters and marks of these scripts only
    static void cut(String run, List<String> into) {
        BreakIterator words = BreakIterator.getWordInstance(ULocale.ROOT);
        words.setText(run);
        int start = words.first();
        for (int end = words.next(); end != BreakIterator.DONE; end = words.next()) {
            into.add(run.substring(start, end));
            start = end;
        }
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
