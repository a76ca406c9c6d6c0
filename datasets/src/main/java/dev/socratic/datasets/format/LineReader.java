package dev.socratic.datasets.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Lines of a byte stream with a bound on their length: a longer line is read past, only its beginning is kept.
///
/// Lines end with `\n` or `\r\n`; a byte order mark before the first is dropped.
final class LineReader implements Closeable {
    /// One line.
    sealed interface Line {
        long number();

        record Text(long number, String text) implements Line {}

        /// @param start the beginning of the line
        record Bad(long number, String reason, String start) implements Line {}
    }

    private final InputStream in;
    private final int maxBytes;
    private final byte[] chunk = new byte[1 << 16];
    private int from;
    private int to;
    private byte[] line = new byte[1 << 12];
    private int length;
    private long number;

    LineReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /// @return the next line, or nothing at the end
    Optional<Line> next() throws IOException {
        length = 0;
        long bytes = 0;
        boolean any = false;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(chunk));
                if (to == 0) {
                    return any ? Optional.of(finish(bytes)) : Optional.empty();
                }
            }
            any = true;
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            keep(end - from);
            bytes += end - from;
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                return Optional.of(finish(bytes));
            }
        }
    }

    private void keep(int count) {
        int room = Math.min(count, maxBytes - length);
        if (room <= 0) {
            return;
        }
        if (length + room > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(maxBytes, Math.max(2L * line.length, length + (long) room)));
        }
        System.arraycopy(chunk, from, line, length, room);
        length += room;
    }

    private Line finish(long bytes) {
        number++;
        if (bytes > maxBytes) {
            return new Line.Bad(number, "a row of at most %s bytes; got %s".formatted(maxBytes, bytes), start());
        }
        int begin = number == 1 && startsWithMark() ? 3 : 0;
        int end = length > begin && line[length - 1] == '\r' ? length - 1 : length;
        try {
            return new Line.Text(number, StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line, begin, end - begin))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Line.Bad(number, "valid UTF-8; got other bytes", start());
        }
    }

    private boolean startsWithMark() {
        return length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private String start() {
        return new String(line, 0, Math.min(length, 4 * BadRow.RAW_LIMIT), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
