package dev.socratic.trainer.data.align;

import dev.socratic.models.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the entries of a vocabulary stand for, spelled alike whatever the tokenizer: one `char` a byte of UTF-8.
///
/// Byte-level vocabularies (`Ġthe`) write a byte as a printable letter, SentencePiece's (`▁the`, `<0x0A>`) a space as
/// `▁` and odd bytes by number. Which one it is, is told by which of the two marks of a space is in more entries.
public final class TokenBytes {
    private static final String BYTE = "<0x[0-9A-F]{2}>";

    private TokenBytes() {}

    /// @return for each id what it stands for; the empty text for an id without an entry
    public static List<String> of(Tokenizer tokenizer) {
        List<String> entries = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            entries.add(tokenizer.token(id));
        }
        return decoded(entries);
    }

    static List<String> decoded(List<String> entries) {
        boolean bytes = entries.stream().filter(entry -> entry.indexOf('Ġ') >= 0).count() >= entries.stream()
                .filter(entry -> entry.indexOf('▁') >= 0).count();
        return entries.stream().map(entry -> bytes ? ofBytes(entry) : ofPieces(entry)).toList();
    }

    private static String ofPieces(String entry) {
        return entry.matches(BYTE)
                ? String.valueOf((char) Integer.parseInt(entry.substring(3, 5), 16))
                : utf8(entry.replace('▁', ' '));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// GPT-2's letters: printable bytes stand for themselves, the other 68 in order for the letters from U+0100.
    private static String ofBytes(String entry) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < entry.length(); i++) {
            char letter = entry.charAt(i);
            int value = letter < 256 && printable(letter) ? letter : odd(letter);
            if (value < 0) {
                return utf8(entry); // an added token that is no byte-level text
            }
            text.append((char) value);
        }
        return text.toString();
    }

    private static boolean printable(int value) {
        return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
    }

    private static int odd(char letter) {
        int place = letter - 256;
        for (int value = 0; value < 256 && place >= 0; value++) {
            if (!printable(value) && place-- == 0) {
                return value;
            }
        }
        return -1;
    }
}
