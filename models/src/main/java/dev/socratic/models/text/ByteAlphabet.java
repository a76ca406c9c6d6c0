package dev.socratic.models.text;

import java.nio.charset.StandardCharsets;

/// The 256 visible characters a byte-level vocabulary writes bytes as, one character a byte.
///
/// Bytes that print (`!`..`~`, `¡`..`¬`, `®`..`ÿ`) stand for themselves; the other 68 are numbered from U+0100 on in
/// the order of their value, so that a blank is `Ġ` (U+0120) and a newline `Ċ` (U+010A). Source: GPT-2, Radford et
/// al. 2019, `bytes_to_unicode`.
final class ByteAlphabet {
    private static final char[] CHARACTERS = characters();

    private ByteAlphabet() {}

    /// @param value a byte, 0..255
    static char of(int value) {
        return CHARACTERS[value];
    }

    /// @return the UTF-8 bytes of the text, each as its character
    static String spell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] spelled = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            spelled[i] = CHARACTERS[bytes[i] & 0xFF];
        }
        return new String(spelled);
    }

    private static char[] characters() {
        char[] table = new char[256];
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean prints =
                    value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
            table[value] = prints ? (char) value : next++;
        }
        return table;
    }
}
