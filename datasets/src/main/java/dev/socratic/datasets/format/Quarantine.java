package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Where rows go that cannot be read. Used by one thread.
public interface Quarantine extends AutoCloseable {

    void add(BadRow row);

    /// @return how many rows came here
    long count();

    /// A row that was read but for some of its fields.
    ///
    /// @param fields what was not read of it, at least one name
    default void unread(Collection<String> fields) {}

    /// @return what to tell of all this: a few lines, reasons with how many rows they cost, the first of them by its
    ///     place
    default List<String> report() {
        return List.of();
    }

    /// Makes what came here durable. Rows added later are an error.
    @Override
    void close();

    /// Keeps the rows in a JSONL file `{file, line, reason, raw}`. The file appears under its name when the
    /// quarantine is closed, also when no row came, so that a run that was repeated cleanly leaves no old complaints
    /// behind.
    static Quarantine file(Path file) {
        return new FileQuarantine(file);
    }

    /// Keeps the rows in a list, for tests and for files known to be small.
    static Listed list() {
        return new Listed();
    }

    /// For files that this project wrote itself: a bad row there means damage, so the first one ends the reading.
    ///
    /// @return a quarantine whose `add` throws [DataException]
    static Quarantine refuse() {
        return new Quarantine() {
            @Override
            public void add(BadRow row) {
                throw new DataException(row.file() + ":" + row.line(), row.reason(), "", "mend or delete this row");
            }

            @Override
            public long count() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    /// See [Quarantine#list].
    final class Listed implements Quarantine {
        private final List<BadRow> rows = new ArrayList<>();
        private final Complaints complaints = new Complaints();

        private Listed() {}

        @Override
        public void add(BadRow row) {
            rows.add(row);
            complaints.bad(row);
        }

        @Override
        public void unread(Collection<String> fields) {
            complaints.unread(fields);
        }

        @Override
        public List<String> report() {
            return complaints.lines("");
        }

        @Override
        public long count() {
            return rows.size();
        }

        public List<BadRow> rows() {
            return List.copyOf(rows);
        }

        @Override
        public void close() {}
    }
}
