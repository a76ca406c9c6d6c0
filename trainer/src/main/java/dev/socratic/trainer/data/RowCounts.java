package dev.socratic.trainer.data;

import dev.socratic.core.json.Hashes;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Rows of the first epoch and what became of them.
///
/// @param read      rows seen
/// @param truncated rows kept without their end
/// @param dropped   rows left out, by reason
/// @param hash      SHA-256 chained over the windows read: of the hash before and the tokens and masks of the rows
///                  kept, in order; empty before the first window. It names exactly what the student was given.
public record RowCounts(long read, long truncated, SortedMap<String, Long> dropped, String hash) {
    public static final RowCounts EMPTY = new RowCounts(0, 0, new TreeMap<>(), "");

    public RowCounts {
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /// @return rows kept
    public long kept() {
        return read - dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    RowCounts with(RowEncoder.Verdict verdict) {
        SortedMap<String, Long> reasons = new TreeMap<>(dropped);
        long cuts = truncated;
        switch (verdict) {
            case RowEncoder.Verdict.Kept kept -> cuts += kept.truncated() ? 1 : 0;
            case RowEncoder.Verdict.Dropped gone -> reasons.merge(gone.reason(), 1L, Long::sum);
        }
        return new RowCounts(read + 1, cuts, reasons, hash);
    }

    /// The window is complete: its rows go into the hash.
    RowCounts withWindowHash(List<TokenRow> rows) {
        int bytes = rows.stream().flatMap(row -> row.answers().stream()).mapToInt(row -> 4 + 5 * row.ids().length)
                .sum();
        ByteBuffer content = ByteBuffer.allocate(bytes + hash.length());
        hash.chars().forEach(c -> content.put((byte) c));
        for (TokenRow row : rows.stream().flatMap(each -> each.answers().stream()).toList()) {
            content.putInt(row.ids().length);
            for (int i = 0; i < row.ids().length; i++) {
                content.putInt(row.ids()[i]).put((byte) (row.lossMask()[i] ? 1 : 0));
            }
        }
        return new RowCounts(read, truncated, dropped, Hashes.sha256(content.array()));
    }
}
