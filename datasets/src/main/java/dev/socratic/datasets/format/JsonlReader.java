package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.CountedLines;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;

/// One JSON object a line. Blank lines are no rows.
final class JsonlReader implements RowReader {
    private final String file;
    private final CountedLines counted;
    private final BoundedLines lines;
    private final Quarantine quarantine;
    private Optional<Row> ahead = Optional.empty();

    JsonlReader(String file, InputStream in, RowLimits limits, Quarantine quarantine) {
        this.file = file;
        this.counted = new CountedLines(in);
        this.lines = new BoundedLines(counted, file, limits.rowBytes());
        this.quarantine = quarantine;
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty()) {
            Optional<BoundedLines.Line> line = line();
            if (line.isEmpty()) {
                Conserved.check(file, "lines", counted.count(), lines.number());
                return false;
            }
            switch (line.get()) {
                case BoundedLines.Line.Bad bad ->
                        quarantine.add(new BadRow(
                        file, bad.number(), bad.expected() + "; got " + bad.got(), bad.start()));
                case BoundedLines.Line.Text text when text.text().isBlank() -> {}
                case BoundedLines.Line.Text text -> parse(text);
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

    private void parse(BoundedLines.Line.Text text) {
        try {
            ahead = Optional.of(new Row(file, text.number(), RowJson.object(text.text())));
        } catch (DataException e) {
            quarantine.add(new BadRow(file, text.number(), e.getMessage(), text.text()));
        }
    }

    private Optional<BoundedLines.Line> line() {
        try {
            return lines.line();
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
