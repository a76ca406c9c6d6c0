package dev.socratic.trainer.logits;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IOConsumer;
import dev.socratic.core.io.IoProblems;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// `block-00000.bin`: eight letters, length and CRC-32C of the table, the table, the bytes of the samples one behind
/// the other.
public final class BlockFile {
    private static final long MAGIC = 0x534f43524c4f4754L; // SOCRLOGT
    private static final int HEADER_BYTES = 16;

    private BlockFile() {}

    public static Path path(Path folder, int block) {
        return folder.resolve(String.format(Locale.ROOT, "block-%05d.bin", block));
    }

    /// @param payload writes the samples in the order of the table
    public static void write(Path folder, BlockTable table, IOConsumer<OutputStream> payload) {
        byte[] front = table.bytes();
        AtomicFiles.write(path(folder, table.block()), out -> {
            out.write(ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(front.length)
                    .putInt(Checksums.crc(front, 0, front.length)).array());
            out.write(front);
            payload.accept(out);
        });
    }

    /// Reads the table alone, and compares the file's length with what it says.
    ///
    /// @throws DataException if the file is missing, cut short or changed there
    public static BlockTable table(Path folder, int block) {
        Path path = path(folder, block);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            byte[] start = new byte[HEADER_BYTES];
            file.readFully(start);
            ByteBuffer front = ByteBuffer.wrap(start);
            if (front.getLong() != MAGIC) {
                throw damaged(path, "another kind of file");
            }
            int length = front.getInt();
            if (length < 0 || length > file.length() - HEADER_BYTES) {
                throw damaged(path, "a table cut short");
            }
            byte[] bytes = new byte[length];
            file.readFully(bytes);
            if (Checksums.crc(bytes, 0, length) != front.getInt()) {
                throw damaged(path, "a table with another checksum");
            }
            BlockTable table = BlockTable.read(bytes);
            if (file.length() != size(table)) {
                throw damaged(path, "%s bytes of %s".formatted(file.length(), size(table)));
            }
            return table;
        } catch (EOFException e) {
            throw damaged(path, "a file cut short");
        } catch (IOException e) {
            throw IoProblems.reading(path, e);
        }
    }

    /// @return bytes the file must have
    static long size(BlockTable table) {
        return HEADER_BYTES + table.bytes().length + table.entries().stream().mapToLong(BlockTable.Entry::length).sum();
    }

    /// @return the bytes of a sample, whose checksum is right
    /// @throws DataException if it is not
    static byte[] sample(Path folder, BlockTable table, BlockTable.Entry entry) {
        return sample(folder, table.block(),
                size(table) - table.entries().stream().mapToLong(BlockTable.Entry::length).sum(), entry);
    }

    /// @param payload where the samples begin in the file
    static byte[] sample(Path folder, int block, long payload, BlockTable.Entry entry) {
        Path path = path(folder, block);
        byte[] bytes = new byte[entry.length()];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(payload + entry.offset());
            file.readFully(bytes);
        } catch (EOFException e) {
            throw damaged(path, "a file cut short");
        } catch (IOException e) {
            throw IoProblems.reading(path, e);
        }
        if (Checksums.crc(bytes, 0, bytes.length) != entry.crc()) {
            throw damaged(path, "sample '%s' with another checksum".formatted(entry.id()));
        }
        return bytes;
    }

    /// @return whether the block is there and every byte of it is as it was written
    public static boolean isIntact(Path folder, int block) {
        if (!Files.exists(path(folder, block))) {
            return false;
        }
        try {
            BlockTable table = table(folder, block);
            table.entries().forEach(entry -> sample(folder, table, entry));
            return table.block() == block;
        } catch (DataException broken) {
            return false;
        }
    }

    static DataException damaged(Path path, String got) {
        return new DataException(path.toString(), "a block as it was written", got,
                "delete this file and index.bin, and run the same socratic logits command again: it captures this "
                        + "block anew");
    }
}
