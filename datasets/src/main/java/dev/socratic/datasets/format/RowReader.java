package dev.socratic.datasets.format;

import java.io.Closeable;
import java.util.Iterator;

/// Rows of a file, one after the other; bad rows go to the quarantine it was opened with. Used by one thread.
public interface RowReader extends Iterator<Row>, Closeable {

    /// @return the next good row
    /// @throws java.util.NoSuchElementException if there is none
    /// @throws dev.socratic.core.error.DataException if the file as a whole cannot be read on
    @Override
    Row next();

    @Override
    void close();
}
