package dev.socratic.curator.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// How many letters of which script a text has.
public final class ScriptCounts {
    private static final Set<UnicodeScript> EASTERN = Set.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA, UnicodeScript.BOPOMOFO, UnicodeScript.HANGUL);

    private ScriptCounts() {}

    public static Map<UnicodeScript, Integer> of(String text) {
        Map<UnicodeScript, Integer> counts = new EnumMap<>(UnicodeScript.class);
        int latin = 0;
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePointAt(i);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                latin++;
            } else if (c > 127 && Character.isLetter(c)) {
                counts.merge(UnicodeScript.of(c), 1, Integer::sum);
            }
            i += Character.charCount(c) - 1;
        }
        if (latin > 0) {
            counts.merge(UnicodeScript.LATIN, latin, Integer::sum);
        }
        return counts;
    }

    public static int share(Map<UnicodeScript, Integer> counts, Set<UnicodeScript> wanted) {
        return wanted.stream().mapToInt(script -> counts.getOrDefault(script, 0)).sum();
    }

    /// Latin letters count nowhere, for texts of every language name variables, units and products with them.
    ///
    /// @return letters that are neither Latin or Greek nor of the most frequent group, over all letters
    public static double foreignShare(String text) {
        Map<UnicodeScript, Integer> counts = of(text);
        counts.remove(UnicodeScript.GREEK);
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        int latin = counts.getOrDefault(UnicodeScript.LATIN, 0);
        int eastern = share(counts, EASTERN);
        int most = Math.max(eastern, counts.entrySet().stream().filter(entry -> !EASTERN.contains(entry.getKey()))
                .mapToInt(Map.Entry::getValue).max().orElse(0));
        return all == 0 ? 0 : (double) (all - most - (most == latin ? 0 : latin)) / all;
    }

    /// Han, kana, bopomofo and Hangul are one group, for texts of East Asia mix them; Greek letters count nowhere,
    /// for every formula has them.
    ///
    /// @return letters outside of the most frequent group, over all letters; 0 for a text without any
    public static double mixedShare(String text) {
        Map<UnicodeScript, Integer> counts = of(text);
        counts.remove(UnicodeScript.GREEK);
        int eastern = share(counts, EASTERN);
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        int most = Math.max(eastern, counts.entrySet().stream().filter(entry -> !EASTERN.contains(entry.getKey()))
                .mapToInt(Map.Entry::getValue).max().orElse(0));
        return all == 0 ? 0 : (double) (all - most) / all;
    }
}
