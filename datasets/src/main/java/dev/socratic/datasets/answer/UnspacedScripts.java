package dev.socratic.datasets.answer;

import java.util.Set;

/// Scripts in which words touch each other and the numbers between them: "共42个", "42です", "42개".
final class UnspacedScripts {
    /// For the inside of a character class.
    static final String TOUCHING =
            "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}";

    private static final Set<Character.UnicodeScript> SET = Set.of(
            Character.UnicodeScript.HAN, Character.UnicodeScript.HIRAGANA, Character.UnicodeScript.KATAKANA,
                    Character.UnicodeScript.HANGUL,
            Character.UnicodeScript.THAI, Character.UnicodeScript.LAO, Character.UnicodeScript.KHMER,
                    Character.UnicodeScript.MYANMAR);

    private UnspacedScripts() {}

    static boolean touches(int codePoint) {
        return codePoint > 0xE00 && SET.contains(Character.UnicodeScript.of(codePoint));
    }

    static boolean touches(String text) {
        return text.codePoints().anyMatch(UnspacedScripts::touches);
    }
}
