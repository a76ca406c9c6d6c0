package dev.socratic.curator.repair;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// An encoding of one byte a character, taken backwards: which byte a wrongly decoded character was. Bytes that a table
/// does not define are the C1 controls of their number, as browsers have it.
final class SingleByteTable {
    private final String name;
    private final Map<Character, Integer> bytes = new HashMap<>();

    SingleByteTable(String name) {
        this.name = name;
        Charset charset = Charset.forName(name);
        for (int b = 0x80; b <= 0xFF; b++) {
            char decoded = new String(new byte[] {(byte) b}, charset).charAt(0);
            bytes.put(decoded == '\uFFFD' ? (char) b : decoded, b);
        }
        for (int b = 0x80; b <= 0x9F; b++) {
            bytes.putIfAbsent((char) b, b); // Latin-1 and Windows-1252 are mixed in the wild
        }
    }

    String name() {
        return name;
    }

    /// A character of UTF-8 whose bytes are written as characters of the table.
    ///
    /// @param from where it begins
    /// @param to   where it ends, exclusive
    /// @param meant the code point
    record Sequence(int from, int to, int meant) {}

    /// @return the character that begins there; none where the characters are no well-formed UTF-8 of two bytes or more
    Optional<Sequence> at(String text, int from) {
        int lead = octet(text, from);
        int length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3
                : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
        if (length == 0 || from + length > text.length()) {
            return Optional.empty();
        }
        int meant = lead & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++) {
            int next = octet(text, from + i);
            if (next < 0x80 || next > 0xBF) {
                return Optional.empty();
            }
            meant = meant << 6 | next & 0x3F;
        }
        boolean overlong = length == 3 && meant < 0x800 || length == 4 && meant < 0x10000;
        boolean surrogate = meant >= 0xD800 && meant <= 0xDFFF;
        return overlong || surrogate || meant > 0x10FFFF ? Optional.empty()
                : Optional.of(new Sequence(from, from + length, meant));
    }

    private int octet(String text, int at) {
        return bytes.getOrDefault(text.charAt(at), -1);
    }
}
