package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Comma-separated values as RFC 4180 describes them, with a header line. Every value is text: `007` stays `007`. An empty cell is no
/// field, a quoted empty cell (`""`) is the empty string.
///
/// Read by hand and not by a library, because a broken record must cost that record alone and a quote that is never closed must not fill the
/// memory.
final class CsvReader implements RowReader {
    private final String file;
    private final LineReader lines;
    private final char separator;
    private final int limit;
    private final Quarantine quarantine;
    private final List<String> header;
    private Optional<Row> ahead = Optional.empty();

    /// @throws DataException if there is no header line, or a name in it is empty or stands twice
    CsvReader(String file, InputStream in, char separator, Limits limits, Quarantine quarantine) {
        this.file = file;
        this.lines = new LineReader(in, limits.rowBytes());
        this.separator = separator;
        this.limit = limits.rowBytes();
        this.quarantine = quarantine;
        this.header = header();
    }

    private List<String> header() {
        Optional<LineReader.Line> first = line();
        if (first.isEmpty() || !(first.get() instanceof LineReader.Line.Text text)) {
            throw new DataException(file + ":1", "a header line with the names of the columns", "none", "add one");
        }
        List<String> names = cells(text.text()).stream().map(cell -> cell.orElse("")).toList();
        if (names.contains("") || new HashSet<>(names).size() < names.size()) {
            throw new DataException(file + ":1", "a name for each column, none of them twice", String.join(", ", names), "mend the header line");
        }
        return names;
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty()) {
            Optional<LineReader.Line> line = line();
            if (line.isEmpty()) {
                return false;
            }
            switch (line.get()) {
                case LineReader.Line.Bad bad -> quarantine.add(new BadRow(file, bad.number(), bad.reason(), bad.start()));
                case LineReader.Line.Text text when text.text().isBlank() -> {}
                case LineReader.Line.Text text -> record(text);
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

    /// A record goes on over the end of a line as long as a quote is open.
    private void record(LineReader.Line.Text first) {
        StringBuilder record = new StringBuilder(first.text());
        long quotes = quotes(first.text());
        boolean tooLong = false;
        while (quotes % 2 == 1) {
            Optional<LineReader.Line> more = line();
            if (more.isEmpty() || more.get() instanceof LineReader.Line.Bad) {
                String reason = more.isEmpty() ? "a closing quote; got the end of the file" : ((LineReader.Line.Bad) more.get()).reason();
                quarantine.add(new BadRow(file, first.number(), reason, record.toString()));
                return;
            }
            String next = ((LineReader.Line.Text) more.get()).text();
            quotes += quotes(next);
            tooLong |= record.length() + (long) next.length() > limit;
            if (!tooLong) {
                record.append('\n').append(next);
            }
        }
        if (tooLong) {
            quarantine.add(new BadRow(file, first.number(),
                    "a row of at most %s bytes; got a longer one".formatted(limit), record.toString()));
            return;
        }
        try {
            ahead = Optional.of(new Row(file, first.number(), object(record.toString())));
        } catch (DataException e) {
            quarantine.add(new BadRow(file, first.number(), e.getMessage(), record.toString()));
        }
    }

    private ObjectNode object(String record) {
        List<Optional<String>> cells = cells(record);
        if (cells.size() != header.size()) {
            throw new DataException("", "%s cells, as the header has".formatted(header.size()),
                    String.valueOf(cells.size()), "");
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            String name = header.get(i);
            cells.get(i).ifPresent(cell -> object.put(name, cell));
        }
        return object;
    }

    /// @return the cells; nothing for an empty one without quotes
    private List<Optional<String>> cells(String record) {
        List<Optional<String>> cells = new ArrayList<>();
        int at = 0;
        while (at <= record.length()) {
            boolean quoted = at < record.length() && record.charAt(at) == '"';
            StringBuilder cell = new StringBuilder();
            if (quoted) {
                at = quotedCell(record, at + 1, cell);
            } else {
                int end = record.indexOf(separator, at);
                cell.append(record, at, end < 0 ? record.length() : end);
                at = end < 0 ? record.length() : end;
                if (cell.indexOf("\"") >= 0) {
                    throw new DataException("", "quotes around a cell with a quote in it", cell.toString(), "");
                }
            }
            cells.add(!quoted && cell.isEmpty() ? Optional.empty() : Optional.of(cell.toString()));
            at++;
        }
        return cells;
    }

    /// @return where the cell ends: at a separator or the end of the record
    private int quotedCell(String record, int start, StringBuilder cell) {
        int at = start;
        while (at < record.length()) {
            char c = record.charAt(at);
            if (c != '"') {
                cell.append(c);
                at++;
            } else if (at + 1 < record.length() && record.charAt(at + 1) == '"') {
                cell.append('"');
                at += 2;
            } else if (at + 1 == record.length() || record.charAt(at + 1) == separator) {
                return at + 1;
            } else {
                throw new DataException("", "a separator after a closing quote", "'%s'".formatted(record.charAt(at + 1)), "");
            }
        }
        throw new DataException("", "a closing quote", "the end of the row", "");
    }

    private static long quotes(String text) {
        return text.chars().filter(c -> c == '"').count();
    }

    private Optional<LineReader.Line> line() {
        try {
            return lines.next();
        } catch (IOException e) {
            throw IoProblems.reading(Path.of(file), e);
        }
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw IoProblems.reading(Path.of(file), e);
        }
    }
}
