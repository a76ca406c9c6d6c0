package dev.socratic.core.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// How a record and a segment's beginning look as bytes.
final class Frame {
    static final int HEADER = 12;
    static final int SEGMENT_HEADER = 16;
    /// Longest payload. A longer one is a mistake of the caller, and a length above this is damage.
    static final int MAX_PAYLOAD = 1 << 28;
    private static final long MAGIC = 0x534F434A524E4C31L; // SOCJRNL1

    private Frame() {}

    /// @return header and payload as they stand in the file
    static byte[] of(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length);
        frame.putInt(payload.length).putInt(crc(payload, 0, payload.length));
        frame.putInt(crc(frame.array(), 0, 8)).put(payload);
        return frame.array();
    }

    static byte[] segmentHeader(int segment) {
        ByteBuffer header = ByteBuffer.allocate(SEGMENT_HEADER).putLong(MAGIC).putInt(segment);
        return header.putInt(crc(header.array(), 0, 12)).array();
    }

    /// @return the payload's length, or -1 if the header's checksum says it is damaged
    static int length(byte[] header) {
        ByteBuffer read = ByteBuffer.wrap(header);
        int length = read.getInt(0);
        return read.getInt(8) == crc(header, 0, 8) && length >= 0 && length <= MAX_PAYLOAD ? length : -1;
    }

    /// @return whether the payload is the one the header speaks of
    static boolean intact(byte[] header, byte[] payload) {
        return ByteBuffer.wrap(header).getInt(4) == crc(payload, 0, payload.length);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
