package dev.socratic.curator.store;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Vectors of one width on disk, written and read by number. Memory: none that grows.
public final class FloatsStore implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer bytes;
    private final int width;

    /// @param file  is written anew; whoever owns its folder deletes it
    /// @param width numbers of a vector
    public FloatsStore(Path file, int width) {
        this.file = file;
        this.width = width;
        this.bytes = ByteBuffer.allocate(width * Float.BYTES);
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    public int width() {
        return width;
    }

    public void put(int number, float[] vector) {
        bytes.clear();
        bytes.asFloatBuffer().put(vector);
        try {
            long at = (long) number * bytes.capacity();
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position());
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @param number of a vector that was put
    public float[] get(int number) {
        bytes.clear();
        try {
            long at = (long) number * bytes.capacity();
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, at + bytes.position()) < 0) {
                    throw new IllegalArgumentException("vector %s was never put".formatted(number));
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
        float[] vector = new float[width];
        bytes.flip().asFloatBuffer().get(vector);
        return vector;
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
