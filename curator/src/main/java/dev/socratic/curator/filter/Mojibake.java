package dev.socratic.curator.filter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Finds text that was UTF-8 and read as Windows-1252 or Latin-1: `It\u00e2\u20ac\u2122s` for `It\u2019s`,
/// `caf\u00c3\u00a9` for `caf\u00e9`.
///
/// Two or more characters beyond ASCII in a row that are, taken as bytes, whole characters of UTF-8: no orthography
/// has such runs, so one is enough. The character U+FFFD, which stands for bytes that were lost, counts too.
final class Mojibake {
    private static final int LONGEST = 40;

    private Mojibake() {}

    /// @param text  the broken characters
    /// @param meant what they were; empty where it is lost
    record Found(String text, String meant) {}

    static Optional<Found> find(String text) {
        for (int start = 0; start < text.length(); start++) {
            if (text.charAt(start) < 128) {
                continue;
            }
            int end = start;
            while (end < text.length() && text.charAt(end) >= 128 && end - start < LONGEST) {
                end++;
            }
            String run = text.substring(start, end);
            if (run.indexOf('\uFFFD') >= 0) {
                return Optional.of(new Found(run, ""));
            }
            Optional<Found> found = decoded(run);
            if (found.isPresent()) {
                return found;
            }
            start = end;
        }
        return Optional.empty();
    }

    /// The beginning of a run may be broken and its end not, so the longest part that decodes counts.
    private static Optional<Found> decoded(String run) {
        for (int from = 0; from < run.length(); from++) {
            for (int to = run.length(); to - from >= 2; to--) {
                String part = run.substring(from, to);
                Optional<String> meant = utf8(part, "windows-1252").or(() -> utf8(part, "ISO-8859-1"));
                if (meant.isPresent()) {
                    return Optional.of(new Found(part, meant.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> utf8(String part, String table) {
        CharsetEncoder encoder = Charset.forName(table).newEncoder();
        if (!encoder.canEncode(part)) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = encoder.encode(CharBuffer.wrap(part));
            String meant = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return meant.codePoints().allMatch(c -> Character.isDefined(c) && c >= 0xA0) ? Optional.of(meant)
                    : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
