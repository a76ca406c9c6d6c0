package dev.socratic.datasets.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends with an exception when one row takes more bytes than allowed. Bytes a parser reads ahead count for the row it
/// reads ahead of, so the bound is sharp to the size of the parser's buffer.
final class BoundedInput extends FilterInputStream {
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int limit) {
            super("a row of at most %s bytes; got a longer one".formatted(limit));
        }
    }

    private final int limit;
    private long used;

    BoundedInput(InputStream in, int limit) {
        super(in);
        this.limit = limit;
    }

    void startRow() {
        used = 0;
    }

    @Override
    public int read() throws IOException {
        return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        return counted(n, n);
    }

    private int counted(int result, int bytes) throws IOException {
        used += Math.max(0, bytes);
        if (used > limit + 8_192L) {
            throw new TooLong(limit);
        }
        return result;
    }
}
