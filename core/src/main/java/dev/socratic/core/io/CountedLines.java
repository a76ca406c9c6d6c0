package dev.socratic.core.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Counts the lines of whatever passes, for who reads them otherwise and must not lose one. Lines end as in
/// [BoundedLines].
public final class CountedLines extends FilterInputStream {
    private long ends;
    private int last = '\n';

    public CountedLines(InputStream in) {
        super(in);
    }

    /// @return lines so far, the one under way included
    public long count() {
        return ends + (last == '\n' || last == '\r' ? 0 : 1);
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
        if (one == '\r' || one == '\n' && last != '\r') {
            ends++;
        }
        last = one;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
