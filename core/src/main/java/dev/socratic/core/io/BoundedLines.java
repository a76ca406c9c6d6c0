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

/// Lines of a stream nobody has checked: UTF-8, ended by `\n` or `\r\n`, none longer than a limit, so that a hostile file cannot fill the memory.
public final class BoundedLines implements Closeable {
    private final InputStream in;
    private final String name;
    private final int limit;
    private final byte[] buffer = new byte[1 << 16];
    private byte[] line = new byte[256];
    private int at;
    private int end;
    private long number;

    /// @param in    is closed with this reader
    /// @param name  what to call it in messages
    /// @param limit longest line, in bytes
    public BoundedLines(InputStream in, String name, int limit) {
        this.in = in;
        this.name = name;
        this.limit = limit;
    }

    /// @return the number of the line last returned, from 1
    public long number() {
        return number;
    }

    /// @return the next line without its end, or empty after the last
    /// @throws DataException if the line is longer than the limit or no UTF-8; reading may go on with the next line
    public Optional<String> next() throws IOException {
        int length = 0;
        boolean any = false;
        boolean tooLong = false;
        while (true) {
            if (at == end) {
                end = in.read(buffer);
                at = 0;
                if (end <= 0) {
                    end = 0;
                    break;
                }
            }
            any = true;
            byte b = buffer[at++];
            if (b == '\n') {
                break;
            }
            if (length == limit) {
                tooLong = true;
            } else {
                if (length == line.length) {
                    line = Arrays.copyOf(line, Math.min(limit, length * 2));
                }
                line[length++] = b;
            }
        }
        if (!any) {
            return Optional.empty();
        }
        number++;
        if (tooLong) {
            throw new DataException(name + ":" + number, "a line of at most " + limit + " bytes", "a longer one", "split or remove it");
        }
        return Optional.of(decode(length > 0 && line[length - 1] == '\r' ? length - 1 : length));
    }

    private String decode(int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new DataException(name + ":" + number, "text in UTF-8", "other bytes", "convert the file to UTF-8", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
