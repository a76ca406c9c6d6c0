package dev.socratic.datasets.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Counts the JSON values of whatever passes, by brackets, quotes and commas alone: those of the one array, or those
/// that stand one behind the
/// other. A parser that reads the same bytes must find as many.
final class CountedValues extends FilterInputStream {
    private final int level;
    private int depth;
    private boolean text;
    private boolean escaped;
    private boolean inside;
    private long count;

    /// @param array whether the values are those of an array
    CountedValues(InputStream in, boolean array) {
        super(in);
        level = array ? 1 : 0;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        if (one >= 0) {
            see(one);
        }
        return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        for (int i = offset; i < offset + n; i++) {
            see(buffer[i]);
        }
        return n;
    }

    private void see(int one) {
        if (text) {
            text = escaped || one != '"';
            escaped = !escaped && one == '\\';
            return;
        }
        switch (one) {
            case ' ', '\t', '\n', '\r', ',', ':' -> inside &= depth != level;
            case '}', ']' -> {
                depth--;
                inside &= depth != level;
            }
            default -> {
                begin();
                depth += one == '{' || one == '[' ? 1 : 0;
                text = one == '"';
            }
        }
    }

    private void begin() {
        if (depth == level && !inside) {
            inside = true;
            count++;
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
