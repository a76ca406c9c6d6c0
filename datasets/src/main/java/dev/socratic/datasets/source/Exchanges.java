package dev.socratic.datasets.source;

import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/// Files of training text read whole: each row with everything in it ([Exchange]), in any layout that training reads.
public final class Exchanges {
    private Exchanges() {}

    /// @param source     a file, its layout found out or given, or a mapping of fields
    /// @param quarantine where rows go that are none; it stays open when the stream is closed
    public static RowStream<Exchange> open(ExampleSource.File source, Quarantine quarantine) {
        return open(source, quarantine, (exchange, row) -> exchange);
    }

    /// The same, each value made with the place of its row.
    ///
    /// @param made gives a value, or throws [dev.socratic.core.error.DataException] saying why the row does not fit
    public static <T> RowStream<T> open(
            ExampleSource.File source, Quarantine quarantine, BiFunction<Exchange, Row, T> made) {
        Map<String, FieldPath> paths = Mapping.paths(source.fields());
        return FileRows.open(
                source.path(), source.layout(), !paths.isEmpty(), source.limit(), quarantine,
                (layout, row) -> made.apply(paths.isEmpty() ? of(layout, row) : mapped(paths, row), row));
    }

    /// A row that somebody else reads, as [#open] makes it.
    ///
    /// @param source of the row; its layout is no longer [Layout#AUTO] where no fields are mapped
    /// @throws DataException if the row does not fit
    public static Exchange of(ExampleSource.File source, Row row) {
        Map<String, FieldPath> paths = Mapping.paths(source.fields());
        return paths.isEmpty() ? of(source.layout(), row) : mapped(paths, row);
    }

    /// @param rows the first of a file
    /// @return the source with the layout that [#open] would find out
    public static ExampleSource.File found(ExampleSource.File source, List<Row> rows) {
        if (source.layout() != Layout.AUTO || !source.fields().isEmpty()) {
            return source;
        }
        return rows.stream().flatMap(row -> Layout.detect(row.json()).stream()).findFirst()
                .map(layout -> new ExampleSource.File(source.path(), layout, source.fields(), source.limit()))
                .orElse(source);
    }

    private static Exchange of(Layout layout, Row row) {
        if (layout == Layout.AUTO) {
            throw Layout.unknown(row.json());
        }
        Set<String> used = layout.written() ? Set.of() : read(layout.fields());
        return Exchange.of(row.json(), ExampleLayouts.example(layout, row.json()), used);
    }

    private static Exchange mapped(Map<String, FieldPath> paths, Row row) {
        return Exchange.of(row.json(), ExampleLayouts.mapped(paths, row.json()), read(roots(paths)));
    }

    private static Set<String> roots(Map<String, FieldPath> paths) {
        Set<String> roots = new HashSet<>();
        paths.values().forEach(path -> roots.add(path.root()));
        return roots;
    }

    private static Set<String> read(Set<String> own) {
        Set<String> all = new HashSet<>(RowFields.READ);
        all.addAll(own);
        return all;
    }
}
