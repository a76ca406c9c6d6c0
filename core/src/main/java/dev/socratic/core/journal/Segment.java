package dev.socratic.core.journal;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/// Reads one segment and says how much of it is whole.
///
/// @param file   its file
/// @param number its number, from 1
/// @param last   whether it is the last one: only there may a record be cut short
record Segment(Path file, int number, boolean last) {
    private static final int SECTOR = 512;
    private static final int BUFFER = 1 << 17;
    private static final String REMEDY =
            "restore the file from a copy, or move the journal's files away to run the stage from its start";

    /// How far a segment is whole.
    ///
    /// @param end     offset behind the last whole record; 0 if even the segment's header is cut short
    /// @param length  the file's length
    /// @param records how many whole records there are
    record Extent(long end, long length, long records) {}

    /// Where whole records go.
    @FunctionalInterface
    interface Sink {
        /// @param at offset of the record's header
        void accept(long at, byte[] payload);
    }

    static String fileName(String name, int number) {
        return String.format(Locale.ROOT, "%s-%06d.journal", name, number);
    }

    /// @param at offset of a record's header, as [#scan] gave it
    /// @throws DataException if the record is damaged
    byte[] read(long at) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] header = bytes(channel, at, Frame.HEADER);
            int size = Frame.length(header);
            byte[] payload = size < 0 ? new byte[0] : bytes(channel, at + Frame.HEADER, size);
            if (size < 0 || !Frame.intact(header, payload)) {
                throw damaged(at, "a whole record", "one whose checksum does not match");
            }
            return payload;
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private static byte[] bytes(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("ends before byte " + (at + length));
            }
        }
        return bytes.array();
    }

    /// @param upTo  offset to stop at
    /// @param sink  gets each payload in turn
    /// @throws DataException if a record is damaged, or cut short where nothing was being written any more
    Extent scan(long upTo, Sink sink) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            long length = Math.min(upTo, Files.size(file));
            byte[] start = in.readNBytes((int) Math.min(Frame.SEGMENT_HEADER, length));
            byte[] expected = Frame.segmentHeader(number);
            if (!Arrays.equals(start, expected)) {
                if (torn(0, length, start.length < expected.length && Arrays.equals(start, Arrays.copyOf(expected, start.length)))) {
                    return new Extent(0, length, 0);
                }
                throw damaged(0, "the header of journal segment " + number, "other bytes");
            }
            return records(in, length, sink);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private Extent records(InputStream in, long length, Sink sink) throws IOException {
        long at = Frame.SEGMENT_HEADER;
        long records = 0;
        while (at < length) {
            byte[] header = in.readNBytes((int) Math.min(Frame.HEADER, length - at));
            boolean headerWhole = header.length == Frame.HEADER;
            int size = headerWhole ? Frame.length(header) : -1;
            boolean cutShort = !headerWhole || size >= 0 && at + Frame.HEADER + size > length;
            byte[] payload = cutShort || size < 0 ? new byte[0] : in.readNBytes(size);
            if (cutShort || size < 0 || !Frame.intact(header, payload)) {
                if (torn(at, length, cutShort)) {
                    return new Extent(at, length, records);
                }
                throw damaged(at, "a whole record", cutShort ? "one cut short" : "one whose checksum does not match");
            }
            sink.accept(at, payload);
            at += Frame.HEADER + size;
            records++;
        }
        return new Extent(at, length, records);
    }

    /// Whether what begins at `from` was never written to its end: cut short by a kill, or, after a power cut,
    /// sectors to the end of the file that the disk never got and reads as zeros.
    private boolean torn(long from, long length, boolean cutShort) throws IOException {
        return last && (cutShort || zerosFrom(from, length));
    }

    private boolean zerosFrom(long from, long length) throws IOException {
        long sector = from % SECTOR == 0 ? from : (from / SECTOR + 1) * SECTOR;
        long zeros = length;
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "r")) {
            byte[] block = new byte[SECTOR];
            for (long at = (length - 1) / SECTOR * SECTOR; at >= sector; at -= SECTOR) {
                raw.seek(at);
                int n = (int) Math.min(SECTOR, length - at);
                raw.readFully(block, 0, n);
                if (!Arrays.equals(block, 0, n, new byte[n], 0, n)) {
                    break;
                }
                zeros = at;
            }
        }
        return zeros < length;
    }

    private DataException damaged(long at, String expected, String got) {
        return new DataException(file + " at byte " + at, expected, got, REMEDY);
    }
}
