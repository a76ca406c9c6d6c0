package dev.socratic.trainer.logits;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `index.bin`: eight letters, the number of blocks, the table of each with its length before it, and a CRC-32C of
/// all that. Written last.
public final class StoreIndex {
    private static final long MAGIC = 0x534f43524c494458L; // SOCRLIDX
    private static final String NAME = "index.bin";

    private StoreIndex() {}

    public static void write(Path folder, List<BlockTable> tables) {
        List<byte[]> parts = tables.stream().map(BlockTable::bytes).toList();
        ByteBuffer bytes = ByteBuffer.allocate(16 + parts.stream().mapToInt(part -> 4 + part.length).sum());
        bytes.putLong(MAGIC).putInt(parts.size());
        parts.forEach(part -> bytes.putInt(part.length).put(part));
        bytes.putInt(Checksums.crc(bytes.array(), 0, bytes.position()));
        AtomicFiles.write(folder.resolve(NAME), bytes.array());
    }

    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    static String hash(Path folder) {
        return Hashes.ofFile(existing(folder));
    }

    private static Path existing(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            throw new DataException(folder.toString(), "a store that is whole", "one without " + NAME,
                    "run the same socratic logits command again: it goes on where it stopped");
        }
        return file;
    }

    static List<BlockTable> read(Path folder) {
        Path file = existing(folder);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            int end = bytes.limit() - 4;
            if (end < 12 || bytes.getLong() != MAGIC || Checksums.crc(bytes.array(), 0, end) != bytes.getInt(end)) {
                throw damaged(file);
            }
            List<BlockTable> tables = new ArrayList<>();
            for (int n = bytes.getInt(); n > 0; n--) {
                byte[] part = new byte[bytes.getInt()];
                bytes.get(part);
                tables.add(BlockTable.read(part));
            }
            return tables;
        } catch (BufferUnderflowException e) {
            throw damaged(file);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private static DataException damaged(Path file) {
        return new DataException(file.toString(), "an index as it was written", "another checksum",
                "delete this file and run the same socratic logits command again: it is made from the blocks, no "
                        + "teacher is asked");
    }
}
