package dev.socratic.trainer.logits;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a block holds: its samples, and why other rows are not among them.
///
/// @param block   number, from 0
/// @param entries in the order of the data
/// @param dropped rows without a sample, by reason
public record BlockTable(int block, List<Entry> entries, SortedMap<String, Integer> dropped) {
    public BlockTable {
        entries = List.copyOf(entries);
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /// @param id        the row's own id, or `#` and its number
    /// @param row       its number in the data, from 0
    /// @param digest    of its tokens and mask
    /// @param tokens    how many it has
    /// @param positions how many are stored
    /// @param offset    of its bytes, from the first byte behind the table
    /// @param length    in bytes
    /// @param crc       CRC-32C of them
    public record Entry(String id, long row, long digest, int tokens, int positions, long offset, int length,
            int crc) {}

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(block);
            out.writeInt(entries.size());
            for (Entry entry : entries) {
                out.writeUTF(entry.id);
                out.writeLong(entry.row);
                out.writeLong(entry.digest);
                out.writeInt(entry.tokens);
                out.writeInt(entry.positions);
                out.writeLong(entry.offset);
                out.writeInt(entry.length);
                out.writeInt(entry.crc);
            }
            out.writeInt(dropped.size());
            for (var reason : dropped.entrySet()) {
                out.writeUTF(reason.getKey());
                out.writeInt(reason.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /// @param bytes whose checksum was right
    static BlockTable read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int block = in.readInt();
            List<Entry> entries = new ArrayList<>();
            for (int n = in.readInt(); n > 0; n--) {
                entries.add(
                        new Entry(in.readUTF(), in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readLong(),
                                in.readInt(), in.readInt()));
            }
            SortedMap<String, Integer> dropped = new TreeMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                dropped.put(in.readUTF(), in.readInt());
            }
            return new BlockTable(block, entries, dropped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
