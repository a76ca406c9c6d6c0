package dev.socratic.curator;

import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import java.util.Optional;

/// A quarantine that remembers the first row that came: what a terminal shows of a thousand complaints.
final class FirstBadRow implements Quarantine {
    private final Quarantine rows;
    private Optional<BadRow> first = Optional.empty();

    FirstBadRow(Quarantine rows) {
        this.rows = rows;
    }

    @Override
    public void add(BadRow row) {
        first = first.or(() -> Optional.of(row));
        rows.add(row);
    }

    @Override
    public long count() {
        return rows.count();
    }

    Optional<BadRow> first() {
        return first;
    }

    @Override
    public void close() {
        rows.close();
    }
}
