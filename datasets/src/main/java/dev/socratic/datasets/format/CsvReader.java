package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.CountedLines;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Comma-separated values as RFC 4180 describes them, with a header. Every value is text: `007` stays `007`. An empty
/// cell is no field, a
/// quoted empty cell (`""`) is the empty string. Blank lines are no records.
///
/// [CsvRecords] finds the records, so that a broken one costs itself alone and a quote that is never closed does not
/// fill the memory;
/// [CsvCells] reads them. Every line of the file is in a record, bad or good, or blank: [CountedLines] counts them on
/// the way.
final class CsvReader implements RowReader {
    private final String file;
    private final CountedLines counted;
    private final CsvRecords records;
    private final CsvCells cells;
    private final Quarantine quarantine;
    private final List<String> header;
    private long lines;
    private Optional<Row> ahead = Optional.empty();

    /// @param separator what the file's name says; another one is taken where only that makes columns of the header
    /// @throws DataException if there is no header
    CsvReader(String file, InputStream in, char separator, RowLimits limits, Quarantine quarantine) {
        this.file = file;
        this.counted = new CountedLines(in);
        this.records = new CsvRecords(counted, separator, limits.rowBytes());
        this.quarantine = quarantine;
        try {
            CsvSeparator.skipMark(records, file);
            char found = CsvSeparator.of(records, separator);
            records.separateBy(found);
            this.cells = new CsvCells(found, limits.rowBytes());
        } catch (IOException e) {
            throw IoProblems.reading(Path.of(file), e);
        }
        this.header = CsvHeader.names(cells.of(first()));
    }

    private String first() {
        Optional<CsvRecords.Found> record = record();
        while (record.isPresent() && (record.get().isBlank() || CsvSeparator.says(record.get().text()).isPresent())) {
            record = record();
        }
        CsvRecords.Found found = record.orElseThrow(() -> new DataException(
                file + ":1", "a header line with the names of the columns", "none", "add one"));
        found.broken().ifPresent(reason -> {
            throw new DataException(file + ":" + found.line(), reason, "", "mend the header line");
        });
        return found.text();
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty()) {
            Optional<CsvRecords.Found> record = record();
            if (record.isEmpty()) {
                Conserved.check(file, "lines", counted.count(), lines);
                return false;
            }
            if (!record.get().isBlank()) {
                read(record.get());
            }
        }
        return true;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows in " + file);
        }
        Row row = ahead.orElseThrow();
        ahead = Optional.empty();
        return row;
    }

    private void read(CsvRecords.Found record) {
        try {
            record.broken().ifPresent(reason -> {
                throw new DataException("", reason, "", "");
            });
            ahead = Optional.of(new Row(file, record.line(), object(record.text())));
        } catch (DataException e) {
            quarantine.add(new BadRow(file, record.line(), e.getMessage(), record.text()));
        }
    }

    private ObjectNode object(String record) {
        List<Optional<String>> values = cells.of(record);
        if (values.size() != header.size()) {
            throw new DataException("", "%s cells, as the header has".formatted(header.size()),
                    String.valueOf(values.size()), "");
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < values.size(); i++) {
            String name = header.get(i);
            values.get(i).ifPresent(cell -> object.put(name, cell));
        }
        return object;
    }

    private Optional<CsvRecords.Found> record() {
        try {
            Optional<CsvRecords.Found> record = records.next();
            record.ifPresent(found -> lines += found.lines());
            return record;
        } catch (IOException e) {
            throw IoProblems.reading(Path.of(file), e);
        }
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw IoProblems.reading(Path.of(file), e);
        }
    }
}
