package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/// Opens files of rows for reading and writing.
///
/// ```java
/// try (RowReader rows = RowFiles.read(file, quarantine)) {
///     rows.forEachRemaining(row -> use(row.json()));
/// }
/// RowFiles.write(file, out -> traces.forEach(trace -> out.write(Rows.json(trace))));
/// ```
public final class RowFiles {
    private static final int BUFFER = 1 << 16;

    private RowFiles() {}

    /// @param file format by its name ([Format#of])
    public static RowReader read(Path file, Quarantine quarantine) {
        return read(file, Format.of(file), RowLimits.DEFAULT, quarantine);
    }

    /// @throws DataException if the file is missing or unreadable
    public static RowReader read(Path file, Format format, RowLimits limits, Quarantine quarantine) {
        return switch (format) {
            case JSONL, JSON -> switch (JsonShape.of(file, format, limits)) {
                case LINES -> new JsonlReader(file.toString(), stream(file), limits, quarantine);
                case ARRAY -> new JsonReader(file.toString(), stream(file), true, limits, quarantine);
                case OBJECTS -> new JsonReader(file.toString(), stream(file), false, limits, quarantine);
            };
            case CSV -> new CsvReader(file.toString(), stream(file), separator(file), limits, quarantine);
            case PARQUET -> new ParquetRows(file, quarantine);
        };
    }

    /// @return whether each line of the file is a row, as text: then a row can be read again by its place alone
    public static boolean isLines(Path file) {
        Format format = Format.of(file);
        return !Format.isCompressed(file) && (format == Format.JSONL || format == Format.JSON)
                && JsonShape.of(file, format, RowLimits.DEFAULT) == JsonShape.LINES;
    }

    /// @param line a line of a file of rows
    /// @throws DataException saying what is wrong with the row
    public static ObjectNode row(String line) {
        return RowJson.object(line);
    }

    /// A line of a file that somebody else cuts into lines, read as [#read] reads it.
    ///
    /// @param file       name of the file, for messages
    /// @param number     of the line, from 1
    /// @param bytes      without the line feed
    /// @param quarantine where it goes if it is no row
    /// @return nothing for a blank line and for one that is no row
    public static Optional<Row> row(String file, long number, byte[] bytes, Quarantine quarantine) {
        Quarantine.Listed bad = Quarantine.list();
        try (JsonlReader reader = new JsonlReader(file, new ByteArrayInputStream(bytes), RowLimits.DEFAULT, bad)) {
            Optional<Row> row = reader.hasNext()
                    ? Optional.of(new Row(file, number, reader.next().json())) : Optional.empty();
            bad.rows().forEach(one -> quarantine.add(new BadRow(file, number, one.reason(), one.raw())));
            return row;
        }
    }

    /// Writes a whole file: it appears under its name when `body` has returned, and not at all when it throws.
    ///
    /// @param file format by its name ([Format#of])
    public static void write(Path file, Consumer<RowWriter> body) {
        try (RowWriter writer = writer(file, Format.of(file))) {
            body.accept(writer);
            writer.commit();
        }
    }

    /// @see RowWriter for the order of use
    public static RowWriter writer(Path file, Format format) {
        PendingFile pending = new PendingFile(file);
        PendingRows.Sink sink = switch (format) {
            case JSONL -> new JsonlSink(pending.stream());
            case JSON -> new JsonSink(pending.stream());
            case CSV -> new FirstRows(first -> CsvSink.open(file.toString(), pending.stream(), separator(file), first));
            case PARQUET -> {
                pending.createFolder();
                yield new FirstRows(first -> new ParquetSink(pending.path(), first));
            }
        };
        return new PendingRows(pending, sink);
    }

    private static char separator(Path file) {
        return Format.isTabbed(file) ? '\t' : ',';
    }

    static InputStream stream(Path file) {
        try {
            InputStream raw = RegularFiles.open(file);
            return Format.isCompressed(file) ? new GZIPInputStream(raw, BUFFER) : new BufferedInputStream(raw, BUFFER);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }
}
