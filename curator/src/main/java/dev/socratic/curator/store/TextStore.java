package dev.socratic.curator.store;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Texts on disk, read back by number: what a step may have to quote, of which little is ever quoted. Memory: 8 bytes a
/// text.
public final class TextStore implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final RandomAccessFile raw;
    private final byte[] tail = new byte[BUFFER];
    private final Longs ends = new Longs();
    private long flushed;
    private int pending;

    /// @param file is written anew; whoever owns its folder deletes it
    public TextStore(Path file) {
        this.file = file;
        try {
            this.raw = new RandomAccessFile(file.toFile(), "rw");
            raw.setLength(0);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @return the number of the text, counted from 0
    public int add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            if (pending + bytes.length > BUFFER) {
                flush();
            }
            if (bytes.length > BUFFER) {
                raw.seek(flushed);
                raw.write(bytes);
                flushed += bytes.length;
            } else {
                System.arraycopy(bytes, 0, tail, pending, bytes.length);
                pending += bytes.length;
            }
        } catch (IOException e) {
            throw failed(e);
        }
        ends.add(flushed + pending);
        return ends.size() - 1;
    }

    public String get(int number) {
        long start = number == 0 ? 0 : ends.get(number - 1);
        byte[] bytes = new byte[Math.toIntExact(ends.get(number) - start)];
        try {
            flush();
            raw.seek(start);
            raw.readFully(bytes);
        } catch (IOException e) {
            throw failed(e);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void flush() throws IOException {
        raw.seek(flushed);
        raw.write(tail, 0, pending);
        flushed += pending;
        pending = 0;
    }

    private RetryLaterException failed(IOException e) {
        return new RetryLaterException(
                file.toString(), "a temporary file that can be written and read", e.toString(),
                "check free space, then run the same command again", e);
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
