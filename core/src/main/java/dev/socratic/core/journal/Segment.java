package dev.socratic.core.journal;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// Reads one segment and says how much of it is whole.
///
/// @param file    its file
/// @param number  its number, from 1
/// @param last    whether it is the last one: only there may a record be cut short
/// @param salvage whether a damaged record costs itself alone, instead of the whole journal
record Segment(Path file, int number, boolean last, boolean salvage) {
    private static final int SECTOR = 512;
    private static final int BUFFER = 1 << 17;
    private static final String REMEDY =
            "restore the file from a copy, or move the journal's files away to run the stage from its start";

    /// How far a segment is whole.
    ///
    /// @param end     offset behind the last whole record; 0 if even the segment's header is cut short
    /// @param length  the file's length
    /// @param records how many whole records there are
    /// @param gaps    what is damaged between them, where that is salvaged
    record Extent(long end, long length, long records, List<Gap> gaps) {
        Extent {
            gaps = List.copyOf(gaps);
        }
    }

    /// Damaged bytes between whole records.
    record Gap(Path file, long from, long to) {
        @Override
        public String toString() {
            return "%s at byte %s: %s damaged bytes are left out".formatted(file, from, to - from);
        }
    }

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
                if (torn(0, length,
                        start.length < expected.length
                                && Arrays.equals(start, Arrays.copyOf(expected, start.length)))) {
                    return new Extent(0, length, 0, List.of());
                }
                throw damaged(0, "the header of journal segment " + number, "other bytes");
            }
            return records(in, length, sink);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private Extent records(InputStream from, long length, Sink sink) throws IOException {
        InputStream in = from;
        long at = Frame.SEGMENT_HEADER;
        long records = 0;
        List<Gap> gaps = new ArrayList<>();
        while (at < length) {
            byte[] header = in.readNBytes((int) Math.min(Frame.HEADER, length - at));
            boolean headerWhole = header.length == Frame.HEADER;
            int size = headerWhole ? Frame.length(header) : -1;
            boolean cutShort = !headerWhole || size >= 0 && at + Frame.HEADER + size > length;
            byte[] payload = cutShort || size < 0 ? new byte[0] : in.readNBytes(size);
            if (cutShort || size < 0 || !Frame.intact(header, payload)) {
                OptionalLong next = salvage ? nextWhole(at + 1, length) : OptionalLong.empty();
                if (next.isPresent()) {
                    gaps.add(new Gap(file, at, next.getAsLong()));
                    at = next.getAsLong();
                    in = new ByteArrayInputStream(bytes(at, length));
                    continue;
                }
                if (torn(at, length, cutShort)) {
                    return new Extent(at, length, records, gaps);
                }
                if (salvage) {
                    gaps.add(new Gap(file, at, length));
                    return new Extent(at, length, records, gaps);
                }
                throw damaged(at, "a whole record", cutShort ? "one cut short" : "one whose checksum does not match");
            }
            sink.accept(at, payload);
            at += Frame.HEADER + size;
            records++;
        }
        return new Extent(at, length, records, gaps);
    }

    /// A header has a checksum of its own, so that a place which looks like one by chance is one in four billion, and
    /// its payload must fit too.
    private OptionalLong nextWhole(long from, long length) throws IOException {
        byte[] rest = bytes(from, length);
        for (int at = 0; at + Frame.HEADER <= rest.length; at++) {
            byte[] header = Arrays.copyOfRange(rest, at, at + Frame.HEADER);
            int size = Frame.length(header);
            int end = at + Frame.HEADER + size;
            boolean fits = size >= 0 && end <= rest.length;
            if (fits && Frame.intact(header, Arrays.copyOfRange(rest, at + Frame.HEADER, end))) {
                return OptionalLong.of(from + at);
            }
        }
        return OptionalLong.empty();
    }

    private byte[] bytes(long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return bytes(channel, from, Math.toIntExact(Math.max(0, to - from)));
        }
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
