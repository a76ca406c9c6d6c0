package dev.socratic.trainer.logits;

import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Hashes;
import dev.socratic.trainer.data.TokenRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A store that is whole, open for reading: any sample, any position, in any order. Threads may share it.
///
/// Opening reads header and index, and of every block the table and the length; the bytes of a sample are compared
/// with their checksum whenever they are read.
public final class LogitStore {
    private final Path folder;
    private final StoreHeader header;
    private final List<BlockTable> tables;
    private final long[] payloads;
    private final Codec codec;
    private final List<Location> locations = new ArrayList<>();
    private final Map<Long, Location> byTokens = new HashMap<>();
    private final Map<String, Location> byId = new HashMap<>();

    private LogitStore(Path folder, StoreHeader header, List<BlockTable> tables) {
        this.folder = folder;
        this.header = header;
        this.tables = List.copyOf(tables);
        this.codec = new Codec(header.capture().encoding(), header.vocab());
        this.payloads = new long[tables.size()];
        for (BlockTable table : tables) {
            if (!BlockFile.table(folder, table.block()).equals(table)) {
                throw BlockFile.damaged(BlockFile.path(folder, table.block()), "a table other than the index has");
            }
            payloads[table.block()] = BlockFile.size(table) - table.entries().stream()
                    .mapToLong(BlockTable.Entry::length)
                    .sum();
            for (BlockTable.Entry entry : table.entries()) {
                Location place = new Location(table.block(), entry);
                locations.add(place);
                byTokens.putIfAbsent(entry.digest(), place); // equal rows have equal distributions
                byId.putIfAbsent(entry.id(), place);
            }
        }
    }

    /// @throws DataException if the folder is no store, not whole, or damaged
    public static LogitStore open(Path folder) {
        return new LogitStore(folder, StoreHeader.read(folder), StoreIndex.read(folder));
    }

    /// @param expected teacher, tokenizer and template of whoever wants to use it
    /// @throws DataException if the folder is no whole store, or one of another teacher, tokenizer or template
    public static LogitStore open(Path folder, Provenance expected) {
        StoreHeader header = StoreHeader.read(folder);
        header.requireSame(folder, expected);
        return new LogitStore(folder, header, StoreIndex.read(folder));
    }

    /// @return the longest row of a store, in tokens
    /// @throws DataException if the folder is no store
    public static int longestRow(Path folder) {
        return StoreHeader.read(folder).capture().longest();
    }

    /// @return a hash that names every byte: of the header and of the index, which has the checksum of each sample
    /// @throws DataException if the folder is no whole store
    public static String hash(Path folder) {
        return Hashes.ofJson(List.of(StoreHeader.hash(folder), StoreIndex.hash(folder)));
    }

    public Path folder() {
        return folder;
    }

    public StoreHeader header() {
        return header;
    }

    List<BlockTable> tables() {
        return tables;
    }

    /// @return how many samples
    public int size() {
        return locations.size();
    }

    /// @return ids in the order of the data; a row without one is `#` and its number
    public List<String> ids() {
        return locations.stream().map(place -> place.entry().id()).toList();
    }

    /// @param number from 0 to [#size]
    public StoredSample sample(int number) {
        return read(locations.get(number));
    }

    /// @param id of a row; where several share it, the first
    public Optional<StoredSample> sample(String id) {
        return Optional.ofNullable(byId.get(id)).map(this::read);
    }

    /// @return the distributions for exactly these tokens and this mask, whatever the row is called
    public Optional<StoredSample> sample(TokenRow row) {
        return Optional.ofNullable(byTokens.get(Checksums.of(row))).map(this::read);
    }

    /// @return whether the store was made from a row with exactly these tokens and this mask
    public boolean contains(TokenRow row) {
        return byTokens.containsKey(Checksums.of(row));
    }

    /// @return the distributions a training needs
    /// @throws DataException if the store was not made from this row
    public StoredSample require(TokenRow row) {
        return sample(row).orElseThrow(() -> new DataException(folder.toString(), "the rows that are trained on",
                "no sample for a row of %s tokens, of which %s are in the loss".formatted(
                        row.ids().length, row.lossTokens()),
                "capture from the same data with the same max_seq, too_long and loss_on as the training"));
    }

    /// Reads every byte.
    ///
    /// @throws DataException at the first sample that is not as it was written
    public void verify() {
        locations.forEach(this::read);
    }

    private StoredSample read(Location place) {
        byte[] bytes = BlockFile.sample(folder, place.block(), payloads[place.block()], place.entry());
        try {
            StoredSample sample = new StoredSample(place.entry(), codec, bytes);
            if (sample.fills(bytes)) {
                return sample;
            }
        } catch (IndexOutOfBoundsException tooShort) {
            throw otherHeader(place.entry().id(), tooShort);
        }
        throw otherHeader(place.entry().id(), null);
    }

    /// The bytes are as they were written, so what says how to read them is not.
    private DataException otherHeader(String id, RuntimeException cause) {
        return new DataException(folder.resolve(StoreHeader.NAME) + ": capture.encoding and vocab",
                "what the blocks were written with", "bytes of sample '%s' that do not fit them".formatted(id),
                        StoreHeader.REMEDY, cause);
    }

    private record Location(int block, BlockTable.Entry entry) {}
}
