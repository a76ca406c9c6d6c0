package dev.socratic.curator.store;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Arrays of longs on disk, read back by number: the shingles of texts that later texts are compared with. Memory: 8
/// bytes an array.
public final class LongsStore implements AutoCloseable {
    private static final int BUFFER = 1 << 17;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer pending = ByteBuffer.allocate(BUFFER);
    private final Longs ends = new Longs(); // in longs
    private long flushed; // in bytes

    /// @param file is written anew; whoever owns its folder deletes it
    public LongsStore(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @return the number of the array, counted from 0
    public int add(long[] values) {
        try {
            for (long value : values) {
                if (pending.remaining() < Long.BYTES) {
                    flush();
                }
                pending.putLong(value);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        ends.add(start(ends.size()) + values.length);
        return ends.size() - 1;
    }

    public long[] get(int number) {
        long[] values = new long[length(number)];
        long from = start(number) * Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
        try {
            while (bytes.hasRemaining() && from + bytes.position() < flushed) {
                bytes.limit((int) Math.min(bytes.capacity(), flushed - from));
                channel.read(bytes, from + bytes.position());
            }
        } catch (IOException e) {
            throw failed(e);
        }
        bytes.limit(bytes.capacity());
        int inMemory = (int) (from + bytes.position() - flushed);
        while (bytes.hasRemaining()) {
            bytes.putLong(pending.getLong(inMemory));
            inMemory += Long.BYTES;
        }
        bytes.flip().asLongBuffer().get(values);
        return values;
    }

    /// @return how many values the array has
    public int length(int number) {
        return Math.toIntExact(ends.get(number) - start(number));
    }

    private long start(int number) {
        return number == 0 ? 0 : ends.get(number - 1);
    }

    public int size() {
        return ends.size();
    }

    public long memoryBytes() {
        return ends.memoryBytes();
    }

    private void flush() throws IOException {
        pending.flip();
        while (pending.hasRemaining()) {
            flushed += channel.write(pending, flushed);
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
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
