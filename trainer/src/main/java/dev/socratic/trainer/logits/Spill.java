package dev.socratic.trainer.logits;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RandomAccessOutput;
import dev.socratic.trainer.data.TokenRow;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// The samples of a block while they come, in the order the teacher reads them, in a temporary file beside the block:
/// a block of dense distributions may be larger than memory. What a killed run leaves of it, the next one overwrites
/// or removes.
public final class Spill implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final RandomAccessFile file;
    private final OutputStream out;
    private final List<TokenRow> rows;
    private final long[] starts;
    private final int[] lengths;
    private final CRC32C[] crcs;
    private long written;
    private int current = -1;

    /// @param block file of the block
    /// @param rows  of the block
    public Spill(Path block, List<TokenRow> rows) {
        this.path = path(block);
        this.rows = rows;
        this.starts = new long[rows.size()];
        this.lengths = new int[rows.size()];
        this.crcs = new CRC32C[rows.size()];
        Arrays.setAll(crcs, i -> new CRC32C());
        try {
            this.file = new RandomAccessFile(path.toFile(), "rw");
            file.setLength(0);
            this.out = new BufferedOutputStream(new RandomAccessOutput(file), BUFFER);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    /// Removes what a run that was killed after it had written the block left behind.
    public static void discard(Path block) {
        try {
            Files.deleteIfExists(path(block));
        } catch (IOException e) {
            throw IoProblems.writing(path(block), e);
        }
    }

    private static Path path(Path block) {
        return block.resolveSibling("." + block.getFileName() + ".samples.tmp");
    }

    /// @param row      number in the block; a row's positions come one after the other, its mask is written before them
    /// @param position its bytes
    public void add(int row, byte[] position) {
        if (row != current) {
            if (lengths[row] > 0) {
                throw new IllegalStateException("the positions of row %s do not come together".formatted(row));
            }
            current = row;
            starts[row] = written;
            put(row, StoredSample.mask(rows.get(row)));
        }
        put(row, position);
    }

    private void put(int row, byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
        crcs[row].update(bytes);
        lengths[row] = Math.addExact(lengths[row], bytes.length);
        written += bytes.length;
    }

    /// @return bytes of a row
    public int length(int row) {
        return lengths[row];
    }

    /// @return their CRC-32C
    public int crc(int row) {
        return (int) crcs[row].getValue();
    }

    /// Writes all samples in the order of the rows.
    public void copy(OutputStream to) throws IOException {
        out.flush();
        byte[] buffer = new byte[BUFFER];
        for (int row = 0; row < lengths.length; row++) {
            file.seek(starts[row]);
            for (int left = lengths[row]; left > 0; ) {
                int part = Math.min(left, BUFFER);
                file.readFully(buffer, 0, part);
                to.write(buffer, 0, part);
                left -= part;
            }
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }
}
