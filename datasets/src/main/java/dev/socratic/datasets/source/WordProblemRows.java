package dev.socratic.datasets.source;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/// Word problems as a [RowStream].
final class WordProblemRows {
    private WordProblemRows() {}

    /// Checked here too, so that a config is refused when it is read and not when it is opened.
    static void check(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count: at least 1; got %s".formatted(count));
        }
    }

    static <T> RowStream<T> stream(Stream<T> stream) {
        Iterator<T> rows = stream.iterator();
        return RowStream.of(() -> rows.hasNext() ? Optional.of(rows.next()) : Optional.empty(), stream::close);
    }
}
