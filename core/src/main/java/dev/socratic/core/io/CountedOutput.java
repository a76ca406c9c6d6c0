package dev.socratic.core.io;

import java.io.IOException;
import java.io.OutputStream;

/// Counts the bytes that go through to another stream, which it neither flushes nor closes.
public final class CountedOutput extends OutputStream {
    private final OutputStream out;
    private long count;

    public CountedOutput(OutputStream out) {
        this.out = out;
    }

    /// @return bytes until now
    public long count() {
        return count;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        count += length;
    }
}
