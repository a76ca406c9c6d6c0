package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/// One row and where it stood.
///
/// @param file name of the file, as a message shows it
/// @param line line in a text file, counted from 1; number of the row in a Parquet file or a JSON array, counted from 1
/// @param json the row
public record Row(String file, long line, ObjectNode json) {
    public Row {
        Objects.requireNonNull(file);
        Objects.requireNonNull(json);
    }
}
