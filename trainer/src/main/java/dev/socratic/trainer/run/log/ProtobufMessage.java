package dev.socratic.trainer.run.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// A Protocol Buffers message, written field by field. Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5
/// four bytes.
final class ProtobufMessage {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtobufMessage real(int field, double value) {
        tag(field, 1);
        return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    }

    ProtobufMessage small(int field, float value) {
        tag(field, 5);
        return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    ProtobufMessage number(int field, long value) {
        tag(field, 0);
        varint(value);
        return this;
    }

    ProtobufMessage text(int field, String value) {
        return block(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufMessage message(int field, ProtobufMessage value) {
        return block(field, value.bytes());
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /// TFRecord's mask: the CRC turned right by 15 bits, plus a constant, so that a CRC of data holding CRCs stays
    /// strong.
    static int maskedCrc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    private ProtobufMessage block(int field, byte[] value) {
        tag(field, 2);
        varint(value.length);
        return raw(value);
    }

    private void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private ProtobufMessage raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }
}
