package dev.socratic.datasets.format;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands in the cells of one record, as FastCSV reads it. A record that it takes for none, or for more than
/// one, is bad.
final class CsvCells {
    private final CsvReaderBuilder reader;

    /// @param separator between cells
    /// @param limit     longest record, in characters
    CsvCells(char separator, int limit) {
        reader = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .detectBomHeader(false)
                .maxBufferSize(Math.max(1 << 16, limit));
    }

    /// @return the cells; nothing for an empty one without quotes
    /// @throws DataException if it is no record
    List<Optional<String>> of(String record) {
        try {
            return reader.ofSingleCsvRecord(new Cells(), record);
        } catch (CsvParseException | IllegalArgumentException e) {
            throw new DataException("", "one record", FirstLine.of(e), "", e);
        }
    }

    private static final class Cells extends AbstractBaseCsvCallbackHandler<List<Optional<String>>> {
        private final List<Optional<String>> cells = new ArrayList<>();

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            cells.add(length == 0 && !quoted ? Optional.empty() : Optional.of(new String(buffer, offset, length)));
        }

        @Override
        protected void handleEmpty() {
            cells.add(Optional.empty());
        }

        @Override
        protected List<Optional<String>> buildRecord() {
            return List.copyOf(cells);
        }
    }
}
