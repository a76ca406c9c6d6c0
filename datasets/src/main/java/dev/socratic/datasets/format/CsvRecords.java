package dev.socratic.datasets.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Where each record of a CSV file begins and ends; what stands in it is for [CsvCells].
///
/// A quote opens a quoted cell only where a cell begins; inside it line ends and separators are text and `""` is a
/// quote. A record that is
/// broken (a quoted cell that nothing closes, or with more text behind its closing quote) costs its first line and no
/// more: reading goes on
/// with the next one. Lines end with `\n`, `\r\n` or `\r`. Memory: one record, at most the limit.
final class CsvRecords implements Closeable {
    /// @param line   its first line, from 1
    /// @param lines  how many lines it takes
    /// @param text   without the end of its last line
    /// @param broken why it is none, where it is none
    record Found(long line, long lines, String text, Optional<String> broken) {
        boolean isBlank() {
            return broken.isEmpty() && text.isBlank();
        }
    }

    private enum Place { CELL, PLAIN, QUOTED, QUOTE }

    private final InputStream in;
    private final int limit;
    private char separator;
    private byte[] bytes = new byte[1 << 16];
    private int from;
    private int to;
    private boolean ended;
    private long line = 1;

    /// @param limit longest record, in bytes
    CsvRecords(InputStream in, char separator, int limit) {
        this.in = in;
        this.separator = separator;
        this.limit = limit;
    }

    /// From the next record on.
    void separateBy(char other) {
        separator = other;
    }

    /// @return the bytes that come next, as many as `count` or as there are, which stay to be read
    byte[] ahead(int count) throws IOException {
        while (to - from < count && fill()) {
        }
        return Arrays.copyOfRange(bytes, from, Math.min(to, from + count));
    }

    /// Passes over bytes that [#ahead] gave.
    void skip(int count) {
        from += count;
    }

    /// @return the next record, or nothing at the end
    Optional<Found> next() throws IOException {
        if (from == to && !fill()) {
            return Optional.empty();
        }
        Place place = Place.CELL;
        int length = 0;
        long ends = 0;
        while (true) {
            if (length > limit) {
                return Optional.of(firstLine("a row of at most %s bytes; got a longer one".formatted(limit)));
            }
            if (from + length == to && !fill()) {
                return Optional.of(place == Place.QUOTED ? firstLine("a closing quote; got the end of the file")
                        : found(length, 0, ends + 1));
            }
            byte b = bytes[from + length];
            boolean end = b == '\n' || b == '\r';
            if (end && place != Place.QUOTED) {
                return Optional.of(found(length, endAt(length), ends + 1));
            }
            if (place == Place.QUOTE && b != '"' && b != separator) {
                return Optional.of(firstLine("a separator after a closing quote; got %s".formatted(shown(length))));
            }
            length += end ? endAt(length) : 1;
            ends += end ? 1 : 0;
            place = switch (place) {
                case CELL -> b == '"' ? Place.QUOTED : b == separator ? Place.CELL : Place.PLAIN;
                case PLAIN -> b == separator ? Place.CELL : Place.PLAIN;
                case QUOTED -> b == '"' ? Place.QUOTE : Place.QUOTED;
                case QUOTE -> b == '"' ? Place.QUOTED : Place.CELL;
            };
        }
    }

    /// @return bytes of the line end there: 1 or 2
    private int endAt(int offset) throws IOException {
        boolean two = bytes[from + offset] == '\r'
                && (from + offset + 1 < to || fill())
                && bytes[from + offset + 1] == '\n';
        return two ? 2 : 1;
    }

    private Found found(int length, int end, long lines) {
        long first = line;
        Optional<String> text = text(length);
        from += length + end;
        line += lines;
        return text.map(record -> new Found(first, lines, record, Optional.empty()))
                .orElseGet(() -> new Found(first, lines, "", Optional.of("valid UTF-8; got other bytes")));
    }

    /// The first line alone, read past if it is too long to keep.
    private Found firstLine(String reason) throws IOException {
        int length = 0;
        String start = "";
        boolean kept = true;
        while (from + length < to || fill()) {
            byte b = bytes[from + length];
            if (b == '\n' || b == '\r') {
                int end = endAt(length);
                start = kept ? start(length) : start;
                from += length + end;
                return new Found(line++, 1, start, Optional.of(reason));
            }
            length++;
            if (length > limit) {
                start = kept ? start(length) : start;
                kept = false;
                from += length;
                length = 0;
            }
        }
        start = kept ? start(length) : start;
        from += length;
        return new Found(line++, 1, start, Optional.of(reason));
    }

    private String start(int length) {
        return new String(bytes, from, Math.min(length, 4 * BadRow.RAW_LIMIT), StandardCharsets.UTF_8);
    }

    private String shown(int offset) {
        int end = Math.min(to, from + offset + 4);
        String text = new String(bytes, from + offset, end - from - offset, StandardCharsets.UTF_8);
        return "'" + text.substring(0, text.offsetByCodePoints(0, 1)) + "'";
    }

    private Optional<String> text(int length) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// @return whether there are more bytes now
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int n = in.read(bytes, to, bytes.length - to);
        ended = n < 0;
        to += Math.max(0, n);
        return n > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
