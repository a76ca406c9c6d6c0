package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the tokens of a vocabulary are in bytes of the text, as the decoder of a `tokenizer.json` joins them: the
/// characters of a byte-level alphabet, or text with `▁` for a blank and `<0xE2>` for a byte.
///
/// @param spelling      how tokens are spelled
/// @param stripsBlank whether a blank at the very beginning of a text is left out when it is put together
record TokenBytes(Spelling spelling, boolean stripsBlank) {
    private static final Map<Character, Integer> BYTES = bytes();
    private static final char BLANK = '\u2581';

    enum Spelling {
        BYTE_LEVEL, MARKED_BLANKS, OTHER
    }

    static TokenBytes of(JsonNode file) {
        String decoder = file.path("decoder").toString();
        if (decoder.contains("\"ByteLevel\"")) {
            return new TokenBytes(Spelling.BYTE_LEVEL, false);
        }
        boolean marked = decoder.contains("\"Metaspace\"") || decoder.contains(String.valueOf(BLANK));
        boolean strips = decoder.contains("\"Metaspace\"") || decoder.contains("\"Strip\"");
        return new TokenBytes(marked ? Spelling.MARKED_BLANKS : Spelling.OTHER, marked && strips);
    }

    /// @param token as spelled in the file
    /// @return what it adds to a text that has begun; empty where one token does not say it alone
    Optional<byte[]> of(String token) {
        return switch (spelling) {
            case BYTE_LEVEL -> byteLevel(token);
            case MARKED_BLANKS -> Optional.of(token.matches("<0x[0-9A-F]{2}>")
                    ? new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)}
                    : token.replace(BLANK, ' ').getBytes(StandardCharsets.UTF_8));
            case OTHER -> Optional.empty();
        };
    }

    private static Optional<byte[]> byteLevel(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
        for (char one : token.toCharArray()) {
            Integer value = BYTES.get(one);
            if (value == null) { // a map's word for "not there"
                return Optional.empty();
            }
            bytes.write(value);
        }
        return Optional.of(bytes.toByteArray());
    }

    private static Map<Character, Integer> bytes() {
        Map<Character, Integer> bytes = new HashMap<>();
        for (int value = 0; value < 256; value++) {
            bytes.put(ByteAlphabet.of(value), value);
        }
        return Map.copyOf(bytes);
    }
}
