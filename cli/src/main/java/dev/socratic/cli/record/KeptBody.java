package dev.socratic.cli.record;

import dev.socratic.core.secret.Secrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// A body on its way into the record: unpacked, without keys, and no longer than what is kept of one.
final class KeptBody {
    /// The last events of the APIs' streams, whose clients read no further.
    private static final List<String> LAST = List.of("data: [DONE]", "data:[DONE]", "\"type\":\"message_stop\"}",
            "\"type\": \"message_stop\"}");
    private static final int TAIL = 64;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String tail = "";
    private final int most;
    private boolean longer;

    /// @param most bytes that are kept
    KeptBody(int most) {
        this.most = most;
    }

    void add(byte[] part, int count) {
        int room = Math.min(count, most - bytes.size());
        longer |= room < count;
        bytes.write(part, 0, room);
        int from = Math.max(0, count - TAIL);
        String more = new String(part, from, count - from, StandardCharsets.ISO_8859_1);
        tail = more.length() == TAIL ? more : tail.substring(Math.max(0, tail.length() + more.length() - TAIL)) + more;
    }

    /// @return whether what came ends with the last event of a stream
    boolean endsAStream() {
        return LAST.stream().anyMatch(tail.stripTrailing()::endsWith);
    }

    /// @return whether more came than is kept
    boolean longer() {
        return longer;
    }

    /// @param encoding header `Content-Encoding`
    byte[] kept(String encoding, Secrets secrets) {
        return clean(bytes.toByteArray(), encoding, secrets, most);
    }

    /// Bytes are taken for letters of Latin 1, which every byte is one of: whatever the text is written in, it comes
    /// out as it went in, and a key is ASCII.
    static byte[] clean(byte[] body, String encoding, Secrets secrets, int most) {
        byte[] plain = encoding.toLowerCase(Locale.ROOT).contains("gzip") ? unpacked(body, most) : body;
        String text = new String(plain, StandardCharsets.ISO_8859_1);
        String clean = secrets.redact(text);
        return clean.equals(text) ? plain : clean.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What was cut short is unpacked as far as it goes.
    private static byte[] unpacked(byte[] packed, int most) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] part = new byte[1 << 13];
            for (int count; plain.size() < most && (count = in.read(part)) >= 0;) {
                plain.write(part, 0, Math.min(count, most - plain.size()));
            }
        } catch (IOException cut) {
            return plain.size() == 0 ? new byte[0] : plain.toByteArray();
        }
        return Arrays.copyOf(plain.toByteArray(), plain.size());
    }
}
