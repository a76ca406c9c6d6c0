package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;

/// Writes rows to a file that appears under its name only when all of it is there.
///
/// Order of use: `write` as often as wanted, `commit` once, `close` always. Closing without `commit` leaves no file
/// behind and what stood there before as it was. Used by one thread.
public interface RowWriter extends Closeable {

    /// @throws dev.socratic.core.error.RetryLaterException if it cannot be written (disk full, no permission)
    void write(ObjectNode row);

    /// Makes the file durable and puts it in its place.
    void commit();

    @Override
    void close();
}
