package dev.socratic.core.io;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;

/// A random access file as a stream; closing the stream leaves the file open, so that it can still be flushed to the
/// disk. It does not go through the file's channel, which an interrupt closes half-way.
public final class RandomAccessOutput extends OutputStream {
    private final RandomAccessFile file;

    /// @param file that stays whoever opened it's to close
    public RandomAccessOutput(RandomAccessFile file) {
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        file.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        file.write(bytes, from, length);
    }
}
