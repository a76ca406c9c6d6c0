package dev.socratic.trainer.logits;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.trainer.data.TokenRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// Numbers that say whether bytes and rows are the ones they were.
public final class Checksums {
    private Checksums() {}

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// @return CRC-32C of a whole file
    public static long ofFile(Path file) {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
            }
            return crc.getValue();
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// @return the first 64 bits of SHA-256 over tokens and mask: what a distribution was asked for, so what it may
    ///         be used for
    public static long of(TokenRow row) {
        ByteBuffer content = ByteBuffer.allocate(5 * row.ids().length);
        for (int i = 0; i < row.ids().length; i++) {
            content.putInt(row.ids()[i]).put((byte) (row.lossMask()[i] ? 1 : 0));
        }
        return Long.parseUnsignedLong(Hashes.sha256(content.array()).substring(0, 16), 16);
    }
}
