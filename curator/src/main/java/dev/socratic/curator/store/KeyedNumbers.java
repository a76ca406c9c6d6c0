package dev.socratic.curator.store;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;

/// Numbers under keys of 32 bits, written one after the other and read back once, those of one key together. Memory:
/// 64 KB while it is written, 8 bytes a number while it is read.
public final class KeyedNumbers implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer pending = ByteBuffer.allocate(BUFFER);
    private int size;

    /// @param file is written anew, and deleted when it is closed
    public KeyedNumbers(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @param number at least 0
    public void add(int key, int number) {
        try {
            if (!pending.hasRemaining()) {
                flush();
            }
        } catch (IOException e) {
            throw failed(e);
        }
        pending.putLong((long) key << 32 | number);
        size++;
    }

    /// @param bucket is told the numbers of each key that has at least two, ascending, key by key
    public void each(Consumer<int[]> bucket) {
        long[] all = sorted();
        for (int from = 0, to; from < all.length; from = to) {
            to = from + 1;
            while (to < all.length && all[to] >> 32 == all[from] >> 32) {
                to++;
            }
            if (to - from > 1) {
                bucket.accept(Arrays.stream(all, from, to).mapToInt(one -> (int) one).toArray());
            }
        }
    }

    private long[] sorted() {
        long[] all = new long[size];
        try {
            flush();
            ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
            channel.position(0);
            for (int read = 0; read < size; ) {
                bytes.clear().limit((int) Math.min(BUFFER, (long) (size - read) * Long.BYTES));
                while (bytes.hasRemaining()) {
                    channel.read(bytes);
                }
                bytes.flip();
                while (bytes.hasRemaining()) {
                    all[read++] = bytes.getLong();
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
        Arrays.sort(all);
        return all;
    }

    private void flush() throws IOException {
        channel.position(channel.size());
        pending.flip();
        while (pending.hasRemaining()) {
            channel.write(pending);
        }
        pending.clear();
    }

    private RetryLaterException failed(IOException e) {
        return new RetryLaterException(
                file.toString(), "a temporary file that can be written and read", e.toString(),
                "check free space, then run the same command again", e);
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
