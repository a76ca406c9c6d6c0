package dev.socratic.trainer.logits;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The size of a store.
///
/// @param samples        rows
/// @param positions      distributions
/// @param blocks         files
/// @param bytes          of the distributions with their masks
/// @param tableBytes     of tables, which are there twice: in the blocks and in the index
/// @param bytesAPosition `bytes / positions`
public record StoreFacts(long samples, long positions, int blocks, long bytes, long tableBytes,
        @JsonProperty("bytes_a_position") double bytesAPosition) {
    public static StoreFacts of(LogitStore store) {
        long positions = 0;
        long bytes = 0;
        long tables = 0;
        for (BlockTable table : store.tables()) {
            positions += table.entries().stream().mapToLong(BlockTable.Entry::positions).sum();
            bytes += table.entries().stream().mapToLong(BlockTable.Entry::length).sum();
            tables += table.bytes().length;
        }
        return new StoreFacts(store.size(), positions, store.tables().size(), bytes, tables,
                positions == 0 ? 0 : (double) bytes / positions);
    }
}
