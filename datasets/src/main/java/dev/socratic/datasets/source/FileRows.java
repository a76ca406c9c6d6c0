package dev.socratic.datasets.source;

import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowLimits;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a file row by row into values of a layout; a row that does not fit goes to the quarantine.
final class FileRows<T> implements RowStream.Pull<T> {
    /// Makes a value of a row, or throws [DataException] saying why it does not fit.
    interface Reader<T> {
        T read(Layout layout, Row row);
    }

    private final RowReader rows;
    private final Quarantine quarantine;
    private final Reader<T> reader;
    private final boolean mapped;
    private Layout layout;
    private long left;

    private FileRows(RowReader rows, Layout layout, boolean mapped, long limit, Quarantine quarantine,
            Reader<T> reader) {
        this.rows = rows;
        this.layout = layout;
        this.mapped = mapped;
        this.left = limit;
        this.quarantine = quarantine;
        this.reader = reader;
    }

    /// @param mapped whether `reader` goes by a mapping of fields, so that no layout is looked for
    static <T> RowStream<T> open(
            Path path, Layout layout, boolean mapped, Optional<Long> limit, Quarantine quarantine, Reader<T> reader) {
        RowReader rows = RowFiles.read(path, Format.of(path), RowLimits.DEFAULT, quarantine);
        return RowStream.of(
                new FileRows<>(rows, layout, mapped, limit.orElse(Long.MAX_VALUE), quarantine, reader), rows::close);
    }

    @Override
    public Optional<T> next() {
        while (left > 0 && rows.hasNext()) {
            Row row = rows.next();
            try {
                T value = reader.read(layoutOf(row), row);
                left--;
                return Optional.of(value);
            } catch (DataException e) {
                quarantine.add(new BadRow(row.file(), row.line(), e.getMessage(), row.json().toString()));
            }
        }
        return Optional.empty();
    }

    private Layout layoutOf(Row row) {
        if (layout == Layout.AUTO && !mapped) {
            layout = Layout.detect(row.json()).orElseThrow(() -> Layout.unknown(row.json()));
        }
        return layout;
    }
}
