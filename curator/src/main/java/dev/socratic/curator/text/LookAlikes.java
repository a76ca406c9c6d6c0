package dev.socratic.curator.text;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Map;

/// Cyrillic and Greek letters in the place of Latin ones that look the same (Unicode Technical Standard 39,
/// `confusables.txt`; lower case).
///
/// Only in a text that is mostly Latin, and only in a word that is mixed or wholly made of look-alikes: a Russian word
/// in an English text stays as it is unless every letter of it could be Latin, and a Greek letter alone is a variable.
final class LookAlikes {
    private static final String CYRILLIC = "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkмmтtвbнhгrпnьbѵvӏlүyғfқkңhӀl";
    private static final String GREEK = "αaοoρpνvιiκkτtυuχxεeηnγyσoωwβb";
    private static final Map<Character, Character> LATIN = table(CYRILLIC + GREEK);

    private LookAlikes() {}

    /// @param text in lower case
    static String folded(String text) {
        int latin = 0;
        int alike = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            latin += c >= 'a' && c <= 'z' ? 1 : 0;
            alike += c > 127 && LATIN.containsKey(c) ? 1 : 0;
        }
        if (alike == 0 || latin < alike) {
            return text;
        }
        StringBuilder folded = new StringBuilder(text);
        for (int start = 0; start < text.length(); start++) {
            int end = start;
            while (end < text.length() && Character.isLetter(text.charAt(end))) {
                end++;
            }
            if (end > start && isDisguised(text, start, end)) {
                for (int i = start; i < end; i++) {
                    folded.setCharAt(i, LATIN.getOrDefault(text.charAt(i), text.charAt(i)));
                }
            }
            start = end;
        }
        return folded.toString();
    }

    private static boolean isDisguised(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c > 127 && !LATIN.containsKey(c) && UnicodeScript.of(c) != UnicodeScript.LATIN) {
                return false;
            }
        }
        return end - start > 1 || UnicodeScript.of(text.charAt(start)) == UnicodeScript.CYRILLIC;
    }

    private static Map<Character, Character> table(String pairs) {
        Map<Character, Character> table = new HashMap<>();
        for (int i = 0; i < pairs.length(); i += 2) {
            table.put(pairs.charAt(i), pairs.charAt(i + 1));
        }
        return Map.copyOf(table);
    }
}
