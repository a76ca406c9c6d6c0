package dev.socratic.datasets.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Rows that can be walked through once and must be closed.
public interface RowStream<T> extends Iterable<T>, AutoCloseable {

    /// @return always the same iterator: the rows can be walked through once
    @Override
    Iterator<T> iterator();

    @Override
    void close();

    /// @return all rows that are left, for sources known to be small
    default List<T> toList() {
        List<T> all = new ArrayList<>();
        forEach(all::add);
        return all;
    }

    /// What gives one row after the other; the shape most sources have inside.
    interface Pull<T> {
        /// @return the next row, or nothing at the end and ever after
        Optional<T> next();
    }

    static <T> RowStream<T> of(Pull<T> pull, Runnable close) {
        Iterator<T> rows = new Iterator<>() {
            private Optional<T> ahead = Optional.empty();

            @Override
            public boolean hasNext() {
                if (ahead.isEmpty()) {
                    ahead = pull.next();
                }
                return ahead.isPresent();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no more rows");
                }
                T row = ahead.orElseThrow();
                ahead = Optional.empty();
                return row;
            }
        };
        return new RowStream<>() {
            @Override
            public Iterator<T> iterator() {
                return rows;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
