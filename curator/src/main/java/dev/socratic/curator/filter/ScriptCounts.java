package dev.socratic.curator.filter;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// How many letters of which script a text has.
final class ScriptCounts {
    private ScriptCounts() {}

    static Map<UnicodeScript, Integer> of(String text) {
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

    static int share(Map<UnicodeScript, Integer> counts, Set<UnicodeScript> wanted) {
        return wanted.stream().mapToInt(script -> counts.getOrDefault(script, 0)).sum();
    }
}
