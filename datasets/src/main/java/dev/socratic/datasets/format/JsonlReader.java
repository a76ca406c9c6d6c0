package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;

/// One JSON object a line. Blank lines are no rows.
final class JsonlReader implements RowReader {
    private final String file;
    private final LineReader lines;
    private final Quarantine quarantine;
    private Optional<Row> ahead = Optional.empty();

    JsonlReader(String file, InputStream in, Limits limits, Quarantine quarantine) {
        this.file = file;
        this.lines = new LineReader(in, limits.rowBytes());
        this.quarantine = quarantine;
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
                case LineReader.Line.Text text -> parse(text);
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

    private void parse(LineReader.Line.Text text) {
        try {
            ahead = Optional.of(new Row(file, text.number(), RowJson.object(text.text())));
        } catch (DataException e) {
            quarantine.add(new BadRow(file, text.number(), e.getMessage(), text.text()));
        }
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
