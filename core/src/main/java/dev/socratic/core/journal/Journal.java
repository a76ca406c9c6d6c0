package dev.socratic.core.journal;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// An append-only list of byte strings on disk. Safe to use from many threads; an interrupt does not hurt it.
///
/// When [#append] returns, the record is on the disk. Threads that append at the same time share one flush (group
/// commit), so many appends a second are possible as long as many threads append. One thread with many records uses
/// [#appendLater] and one [#sync].
public final class Journal implements AutoCloseable {
    private static final long SEGMENT_BYTES = 64L << 20;

    private final Path folder;
    private final String name;
    private final long segmentBytes;
    private final FileLocks fileLock;
    private final boolean salvage;
    private final List<String> damage = new ArrayList<>();
    private final Optional<TornTail> tornTail;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flushed = lock.newCondition();
    private final List<Segment> segments = new ArrayList<>();
    private RandomAccessFile file;
    private long end;
    private long written;
    private long durable;
    private boolean flushing;
    private boolean closed;
    private Optional<RetryLaterException> broken = Optional.empty();

    private Journal(Path folder, String name, long segmentBytes, boolean salvage,
            FileLocks fileLock) throws IOException {
        this.folder = folder;
        this.name = name;
        this.segmentBytes = segmentBytes;
        this.salvage = salvage;
        this.fileLock = fileLock;
        for (int number = 1; Files.exists(path(number)); number++) {
            segments.add(new Segment(path(number), number, !Files.exists(path(number + 1)), salvage));
        }
        refuseGaps();
        Segment.Extent extent = new Segment.Extent(0, 0, 0, List.of());
        for (Segment segment : segments) {
            extent = segment.scan(Long.MAX_VALUE, (at, payload) -> {});
            written += extent.records();
            extent.gaps().forEach(gap -> damage.add(gap.toString()));
        }
        durable = written;
        if (segments.isEmpty()) {
            tornTail = Optional.empty();
            startSegment(1);
            return;
        }
        Segment last = segments.getLast();
        tornTail = extent.end() < extent.length()
                ? Optional.of(new TornTail(last.file(), extent.end(), extent.length() - extent.end()))
                : Optional.empty();
        continueSegment(last, extent.end());
    }

    /// Opens a journal, or begins one. A last record that a kill cut short is cut off; [#tornTail] tells.
    ///
    /// @param folder is created if it is not there
    /// @param name   what its files are called
    /// @throws DataException       if a record is damaged: names file and offset
    /// @throws RetryLaterException if another process has it open, or the disk fails
    public static Journal open(Path folder, String name) {
        return open(folder, name, SEGMENT_BYTES);
    }

    /// The same, but a damaged record costs itself alone: [#damage] tells. For records that can be made again.
    public static Journal salvage(Path folder, String name) {
        return open(folder, name, SEGMENT_BYTES, true);
    }

    /// @param segmentBytes a segment that has grown to this is closed and the next begun
    static Journal open(Path folder, String name, long segmentBytes) {
        return open(folder, name, segmentBytes, false);
    }

    private static Journal open(Path folder, String name, long segmentBytes, boolean salvage) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
        FileLocks fileLock = FileLocks.take(folder.resolve(name + ".lock"), folder);
        try {
            return new Journal(folder, name, segmentBytes, salvage, fileLock);
        } catch (IOException e) {
            fileLock.close();
            throw IoProblems.writing(folder, e);
        } catch (RuntimeException e) {
            fileLock.close();
            throw e;
        }
    }

    /// @return what was cut off when the journal was opened: work that was under way when a process was killed, never
    ///         anything [#append] had returned for
    public Optional<TornTail> tornTail() {
        return tornTail;
    }

    /// @return what is damaged and left out, one line each; empty for a journal that is whole
    public List<String> damage() {
        return List.copyOf(damage);
    }

    /// @return how many records there are
    public long size() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }

    /// Gives every record to `sink`, oldest first: those that were there when the call began.
    public void replay(Consumer<byte[]> sink) {
        replayPlaced((place, payload) -> sink.accept(payload));
    }

    /// A record and where it stands.
    @FunctionalInterface
    public interface Sink {
        /// @param place what [#read] takes
        void accept(long place, byte[] payload);
    }

    /// The same, each with its place.
    public void replayPlaced(Sink sink) {
        List<Segment> all;
        long upTo;
        lock.lock();
        try {
            all = List.copyOf(segments);
            upTo = end;
        } finally {
            lock.unlock();
        }
        for (Segment segment : all) {
            long from = place(segment.number(), 0);
            boolean last = segment.equals(all.getLast());
            segment.scan(last ? upTo : Long.MAX_VALUE, (at, payload) -> sink.accept(from + at, payload));
        }
    }

    /// @param place of a record, as [#replayPlaced] or [#appendLater] gave it
    /// @throws DataException if the record has been damaged since
    public byte[] read(long place) {
        Segment segment;
        lock.lock();
        try {
            segment = segments.get((int) (place >>> Integer.SIZE) - 1);
        } finally {
            lock.unlock();
        }
        return segment.read(place & 0xFFFF_FFFFL);
    }

    /// A segment is closed once it has grown to [#SEGMENT_BYTES], and a record is shorter than 2^28 bytes: 32 bits
    /// hold every offset.
    private static long place(int segment, long offset) {
        return ((long) segment << Integer.SIZE) + offset;
    }

    /// Gives every whole record to `sink`, oldest first. Takes no lock and changes nothing, so it may be called while
    /// another process appends; what is being written at the end then is not seen.
    ///
    /// @return what is damaged and left out, one line each
    /// @throws DataException if there is no such journal
    public static List<String> look(Path folder, String name, Consumer<byte[]> sink) {
        List<Path> files = new ArrayList<>();
        for (Path file = segment(folder, name, 1); Files.exists(file);
                file = segment(folder, name, files.size() + 1)) {
            files.add(file);
        }
        if (files.isEmpty()) {
            throw new DataException(folder.toString(), "a folder with " + segment(folder, name, 1).getFileName(),
                    Files.isDirectory(folder) ? "one without" : "no such folder", "check the path");
        }
        List<String> damage = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            boolean last = i == files.size() - 1;
            new Segment(files.get(i), i + 1, last, true).scan(Long.MAX_VALUE, (at, payload) -> sink.accept(payload))
                    .gaps().forEach(gap -> damage.add(gap.toString()));
        }
        return damage;
    }

    private static Path segment(Path folder, String name, int number) {
        return folder.resolve(Segment.fileName(name, number));
    }

    /// Appends a record and returns when it is on the disk.
    ///
    /// @throws RetryLaterException if the disk is full (the journal stays whole and can go on once there is room) or
    ///         failing
    public void append(byte[] payload) {
        lock.lock();
        try {
            write(payload);
            flushUpTo(written);
        } finally {
            lock.unlock();
        }
    }

    /// Appends a record that is on the disk only after the next [#sync] (or a later [#append]).
    ///
    /// @return its place, for [#read]
    public long appendLater(byte[] payload) {
        lock.lock();
        try {
            return write(payload);
        } finally {
            lock.unlock();
        }
    }

    /// Returns when every record appended before is on the disk.
    public void sync() {
        lock.lock();
        try {
            flushUpTo(written);
        } finally {
            lock.unlock();
        }
    }

    /// Flushes and closes. Closing twice does nothing.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            try {
                if (broken.isEmpty()) {
                    flushUpTo(written);
                }
            } finally {
                closed = true;
                closeFile();
                fileLock.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private long write(byte[] payload) {
        if (payload.length > Frame.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a journal record has at most %s bytes; got %s".formatted(Frame.MAX_PAYLOAD, payload.length));
        }
        refuseBroken();
        rollOver();
        byte[] frame = Frame.of(payload);
        try {
            file.write(frame);
            end += frame.length;
            written++;
            return place(segments.size(), end - frame.length);
        } catch (IOException e) {
            throw takenBack(e);
        }
    }

    /// Begins the next segment when this one is full. Only the last segment may hold anything that is not on the
    /// disk, and while the flush lets go of the lock another thread may have begun it already, so all is looked at
    /// again.
    private void rollOver() {
        while (end >= segmentBytes) {
            if (durable < written) {
                flushUpTo(written);
                continue;
            }
            closeFile();
            try {
                startSegment(segments.size() + 1);
            } catch (IOException e) {
                RetryLaterException problem = broken("written", e);
                broken = Optional.of(problem); // the next opening repairs what was begun
                throw problem;
            }
        }
    }

    /// Half a frame may have been written: the file must end on a whole one before anything can follow.
    private RetryLaterException takenBack(IOException cause) {
        RetryLaterException problem = broken("written", cause);
        try {
            file.setLength(end);
            file.seek(end);
        } catch (IOException e) {
            problem.addSuppressed(e);
            broken = Optional.of(problem);
        }
        return problem;
    }

    /// Called with the lock held; lets go of it while the disk works, so that others can write what the next flush
    /// takes along.
    private void flushUpTo(long target) {
        while (durable < target) {
            refuseBroken();
            if (flushing) {
                flushed.awaitUninterruptibly();
                continue;
            }
            flushing = true;
            long taken = written;
            RandomAccessFile flushedFile = file;
            lock.unlock();
            Optional<IOException> failure = flush(flushedFile);
            lock.lock();
            flushing = false;
            // What a failed flush leaves on the disk is unknown, and a second one may falsely succeed: nothing more
            // is taken.
            failure.ifPresentOrElse(e -> broken = Optional.of(broken("flushed to the disk", e)), () -> durable = taken);
            flushed.signalAll();
        }
    }

    private static Optional<IOException> flush(RandomAccessFile file) {
        try {
            file.getFD().sync();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private RetryLaterException broken(String what, IOException e) {
        Path path = segments.getLast().file();
        return IoProblems.writing(path, e) instanceof RetryLaterException later
                ? later
                : new RetryLaterException(path.toString(), "a journal that can be " + what,
                        String.valueOf(e.getMessage()), "check the disk and run the same command again", e);
    }

    private void refuseBroken() {
        if (closed) {
            throw new IllegalStateException("the journal " + folder.resolve(name) + " is closed");
        }
        broken.ifPresent(e -> {
            throw e;
        });
    }

    private void startSegment(int number) throws IOException {
        Path path = path(number);
        file = new RandomAccessFile(path.toFile(), "rw");
        if (segments.size() < number) {
            segments.add(new Segment(path, number, true, salvage));
            if (number > 1) {
                Segment before = segments.get(number - 2);
                segments.set(number - 2, new Segment(before.file(), before.number(), false, salvage));
            }
        }
        end = 0;
        file.setLength(0);
        file.write(Frame.segmentHeader(number));
        file.getFD().sync();
        AtomicFiles.syncFolder(folder);
        end = Frame.SEGMENT_HEADER;
    }

    private void continueSegment(Segment last, long whole) throws IOException {
        if (whole == 0) {
            startSegment(last.number());
            return;
        }
        file = new RandomAccessFile(last.file().toFile(), "rw");
        file.setLength(whole);
        file.seek(whole);
        if (tornTail.isPresent()) {
            file.getFD().sync();
        }
        end = whole;
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            // Everything that matters has been flushed before.
        }
    }

    private void refuseGaps() throws IOException {
        try (var listing = Files.list(folder)) {
            String own = "\\Q" + name + "\\E-\\d{6}\\.journal";
            long there = listing.filter(path -> path.getFileName().toString().matches(own)).count();
            if (there != segments.size()) {
                throw new DataException(path(segments.size() + 1).toString(), "this segment of the journal",
                        "later ones without it",
                        "restore the file from a copy, or move the journal's files away to run the stage from its "
                                + "start");
            }
        }
    }

    private Path path(int number) {
        return folder.resolve(Segment.fileName(name, number));
    }
}
