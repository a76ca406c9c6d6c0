package dev.socratic.review.rows;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.datasets.format.RowLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// Files whose lines are read again by their place. A file stays open: renamed or removed, it can still be read.
/// For use by several threads.
public final class OpenFiles implements AutoCloseable {
    private final Map<Integer, FileChannel> open = new HashMap<>();
    private int next;

    /// @return its number
    synchronized int add(Path file) {
        try {
            open.put(next, FileChannel.open(file, StandardOpenOption.READ));
            return next++;
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// Gives back a number from before this process began.
    synchronized void add(int number, Path file) {
        try {
            open.put(number, FileChannel.open(file, StandardOpenOption.READ));
            next = Math.max(next, number + 1);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    synchronized void remove(int number) {
        try (FileChannel channel = open.remove(number)) {
            assert channel == null || channel.isOpen();
        } catch (IOException e) {
            throw IoProblems.reading(Path.of("a file that is gone"), e);
        }
    }

    private synchronized FileChannel channel(int number) {
        FileChannel channel = open.get(number);
        if (channel == null) {
            throw new DataException("the row", "the file it was read from", "another one by now", "look at it again");
        }
        return channel;
    }

    /// @return the line's bytes as text
    /// @throws DataException if the file was read anew since
    public String text(LinePlace place) {
        if (isTooLong(place)) {
            throw new DataException("the row", "a line of at most %s bytes".formatted(RowLimits.DEFAULT.rowBytes()),
                    String.valueOf(place.length()), "split or remove it");
        }
        FileChannel channel = channel(place.file());
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
                    throw new DataException("the row", "the line it was read from", "a file that was cut since",
                            "look at it again");
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(Path.of("the row's file"), e);
        }
        String text = new String(bytes.array(), StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// @return whether a line is more than a row may be: it is shown by its beginning alone
    public static boolean isTooLong(LinePlace place) {
        return place.length() > RowLimits.DEFAULT.rowBytes();
    }

    @Override
    public synchronized void close() {
        for (int number : open.keySet().toArray(Integer[]::new)) {
            remove(number);
        }
    }

    /// @return whether there is such a file to read
    static boolean exists(Path file) {
        return Files.isRegularFile(file);
    }
}
