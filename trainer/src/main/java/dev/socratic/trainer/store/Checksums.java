package dev.socratic.trainer.store;

import dev.socratic.core.json.Hashes;
import dev.socratic.trainer.batch.TokenRow;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Numbers that say whether bytes and rows are the ones they were.
final class Checksums {
    private Checksums() {}

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// @return the first 64 bits of SHA-256 over tokens and mask: what a distribution was asked for, so what it may be used for
    static long of(TokenRow row) {
        ByteBuffer content = ByteBuffer.allocate(5 * row.ids().length);
        for (int i = 0; i < row.ids().length; i++) {
            content.putInt(row.ids()[i]).put((byte) (row.counts()[i] ? 1 : 0));
        }
        return Long.parseUnsignedLong(Hashes.sha256(content.array()).substring(0, 16), 16);
    }
}
