package dev.socratic.review.rows;

import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.datasets.format.RowLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// A file of lines that may still grow: read under its temporary name while it is written ([#pending]), under
/// its own when it is whole. Each line is given once; the last only when it has its end, or the file has not changed
/// for two seconds.
final class TailedFile implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Path file;
    private final OpenFiles files;
    private final Clock clock;
    private Optional<Identity> identity = Optional.empty();
    private int number = -1;
    private long offset;
    private long lines;
    private boolean torn;
    private Optional<BoundedLines> reader = Optional.empty();
    private long readerBegin;

    /// What says that a file is the same as before: the same inode, no shorter, its beginning unchanged.
    ///
    /// @param key      of the file system; its path where that has none
    /// @param size     bytes
    /// @param modified milliseconds
    record Identity(String key, long size, long modified) {
        static Optional<Identity> of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return found.isRegularFile() ? Optional.of(new Identity(
                        String.valueOf(found.fileKey() == null ? file : found.fileKey()), found.size(),
                        found.lastModifiedTime().toMillis())) : Optional.empty();
            } catch (IOException gone) {
                return Optional.empty();
            }
        }
    }

    /// A line and where it lies.
    ///
    /// @param number from 1
    record Found(BoundedLines.Line line, long number, LinePlace place) {}

    TailedFile(Path file, OpenFiles files, Clock clock) {
        this.file = file;
        this.files = files;
        this.clock = clock;
    }

    /// @return the name a file has while one of our stages writes it
    static Path pending(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".tmp");
    }

    /// @return where its bytes lie now: under its own name or the temporary one; empty where there is neither
    Optional<Path> place() {
        return OpenFiles.exists(file) ? Optional.of(file)
                : Optional.of(pending(file)).filter(OpenFiles::exists);
    }

    /// @return whether it is being written now
    boolean isPending() {
        return OpenFiles.exists(pending(file));
    }

    Path file() {
        return file;
    }

    /// @return whether what was read of it is no part of it any more: it was written anew, cut, or is gone
    boolean isOther() {
        Optional<Identity> now = place().flatMap(Identity::of);
        if (identity.isEmpty()) {
            return false;
        }
        return now.isEmpty() || !now.get().key().equals(identity.get().key()) || now.get().size() < offset
                || torn && now.get().size() > offset
                || now.get().size() == identity.get().size() && now.get().modified() != identity.get().modified()
                && !isPending() && offset >= now.get().size() && offset > 0;
    }

    /// @return the next line; empty where there is none yet
    Optional<Found> next() {
        try {
            if (reader.isEmpty() && !open()) {
                return Optional.empty();
            }
            BoundedLines lines = reader.orElseThrow();
            Optional<BoundedLines.Line> line = lines.line();
            if (line.isEmpty() || !lines.ended() && !isQuiet()) {
                pause();
                return Optional.empty();
            }
            torn = !lines.ended();
            long begin = readerBegin + lines.begin();
            offset = readerBegin + lines.end();
            this.lines++;
            int end = torn ? 0 : 1;
            return Optional.of(new Found(line.get(), this.lines,
                    new LinePlace(number, begin, (int) Math.min(Integer.MAX_VALUE, offset - begin - end))));
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private boolean isQuiet() {
        return Identity.of(place().orElse(file)).filter(now -> !isPending()
                && clock.millis() - now.modified() > QUIET.toMillis()).isPresent();
    }

    private boolean open() throws IOException {
        Optional<Path> place = place();
        Optional<Identity> now = place.flatMap(Identity::of);
        if (now.isEmpty() || now.get().size() <= offset) {
            identity = now.isPresent() && (identity.isEmpty() || now.get().size() == offset) ? now : identity;
            return false;
        }
        if (number < 0) {
            number = files.add(place.get());
        }
        identity = now;
        FileChannel channel = FileChannel.open(place.get(), StandardOpenOption.READ);
        channel.position(offset);
        readerBegin = offset;
        InputStream in = Channels.newInputStream(channel);
        reader = Optional.of(new BoundedLines(in, file.toString(), RowLimits.DEFAULT.rowBytes()));
        return true;
    }

    /// Closes the reader at a line's beginning; the next line is looked for from there.
    void pause() {
        reader.ifPresent(lines -> {
            try {
                lines.close();
            } catch (IOException e) {
                throw IoProblems.reading(file, e);
            }
        });
        reader = Optional.empty();
    }

    /// Forgets all that was read.
    void restart() {
        pause();
        if (number >= 0) {
            files.remove(number);
        }
        number = -1;
        offset = 0;
        lines = 0;
        torn = false;
        identity = Optional.empty();
    }

    /// @return how far it was read, for the next process
    FileMark mark() {
        return new FileMark(file.toString(), number, offset, lines, identity.map(Identity::key).orElse(""),
                identity.map(Identity::size).orElse(0L), identity.map(Identity::modified).orElse(0L));
    }

    /// Goes on where another process ended.
    ///
    /// @return whether it is the same file, unchanged
    boolean resume(FileMark mark) {
        Optional<Identity> now = place().flatMap(Identity::of);
        if (mark.number() < 0) {
            return now.isEmpty();
        }
        if (now.isEmpty() || !now.get().equals(new Identity(mark.key(), mark.size(), mark.modified()))) {
            return false;
        }
        files.add(mark.number(), place().orElseThrow());
        number = mark.number();
        offset = mark.offset();
        lines = mark.lines();
        identity = now;
        return true;
    }

    /// @return bytes read, and bytes there are
    long[] progress() {
        return new long[] {offset, place().flatMap(Identity::of).map(Identity::size).orElse(0L)};
    }

    @Override
    public void close() {
        pause();
    }
}
