package dev.socratic.core.io;

import dev.socratic.core.error.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Lines of a stream nobody has checked: UTF-8, none longer than a limit, so that a hostile file cannot fill the
/// memory.
///
/// A line ends with `\n`, `\r\n` or `\r`; the last may lack its end. A byte order mark before the first is dropped.
public final class BoundedLines implements Closeable {
    /// How much of a bad line is kept, in bytes.
    private static final int START = 8_000;

    /// One line.
    public sealed interface Line {
        /// @return from 1
        long number();

        record Text(long number, String text) implements Line {}

        /// A line that is too long, of which the rest is read past, or no UTF-8.
        ///
        /// @param expected what it should be
        /// @param got      what it is
        /// @param start    its beginning
        record Bad(long number, String expected, String got, String remedy, String start) implements Line {}
    }

    private final InputStream in;
    private final String name;
    private final int limit;
    private final byte[] chunk = new byte[1 << 16];
    private byte[] line = new byte[1 << 12];
    private int from;
    private int to;
    private int length;
    private long number;
    private long read;
    private long begin;
    private boolean ended;

    /// @param in    is closed with this reader
    /// @param name  what to call it in messages
    /// @param limit longest line, in bytes
    public BoundedLines(InputStream in, String name, int limit) {
        this.in = in;
        this.name = name;
        this.limit = limit;
    }

    /// @return the number of the line last returned, from 1; 0 before the first
    public long number() {
        return number;
    }

    /// @return where the line last returned begins, in bytes from where this reader began
    public long begin() {
        return begin;
    }

    /// @return where the next line begins
    public long end() {
        return read - (to - from);
    }

    /// @return whether the line last returned had its end: one without may still be written
    public boolean ended() {
        return ended;
    }

    /// @return the next line without its end, or empty after the last
    /// @throws DataException if the line is longer than the limit or no UTF-8; reading may go on with the next line
    public Optional<String> next() throws IOException {
        return line().map(line -> switch (line) {
            case Line.Text text -> text.text();
            case Line.Bad bad -> throw new DataException(name + ":" + number, bad.expected(), bad.got(), bad.remedy());
        });
    }

    /// @return the next line without its end, good or bad, or empty after the last
    public Optional<Line> line() throws IOException {
        if (!more()) {
            return Optional.empty();
        }
        length = 0;
        long bytes = 0;
        begin = end();
        ended = false;
        while (more()) {
            int end = from;
            while (end < to && chunk[end] != '\n' && chunk[end] != '\r') {
                end++;
            }
            keep(end - from);
            bytes += end - from;
            from = end;
            if (end < to) {
                ended = true;
                pastTheEnd();
                break;
            }
        }
        number++;
        return Optional.of(finished(bytes));
    }

    private boolean more() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(chunk));
            read += to;
        }
        return from < to;
    }

    private void pastTheEnd() throws IOException {
        boolean carriage = chunk[from++] == '\r';
        if (carriage && more() && chunk[from] == '\n') {
            from++;
        }
    }

    private void keep(int count) {
        int room = Math.min(count, limit - length);
        if (room <= 0) {
            return;
        }
        if (length + room > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(limit, Math.max(2L * line.length, length + (long) room)));
        }
        System.arraycopy(chunk, from, line, length, room);
        length += room;
    }

    private Line finished(long bytes) {
        if (bytes > limit) {
            return new Line.Bad(
                    number, "a line of at most %s bytes".formatted(limit), String.valueOf(bytes), "split or remove it",
                    start());
        }
        int begin = number == 1 && startsWithMark() ? 3 : 0;
        try {
            return new Line.Text(number, StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(line, begin, length - begin)).toString());
        } catch (CharacterCodingException e) {
            return new Line.Bad(number, "text in UTF-8", "other bytes", "convert the file to UTF-8", start());
        }
    }

    private boolean startsWithMark() {
        return length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private String start() {
        return new String(line, 0, Math.min(length, START), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
