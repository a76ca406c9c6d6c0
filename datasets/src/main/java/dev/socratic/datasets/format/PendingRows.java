package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;

/// Rows into a [PendingFile]; what differs between formats is the [Sink].
final class PendingRows implements RowWriter {
    /// Turns rows into the bytes of one format.
    interface Sink {
        void write(ObjectNode row) throws IOException;

        /// Writes what has to stand at the end and closes the temporary file.
        void finish() throws IOException;

        /// Closes the temporary file in whatever state it is.
        default void abandon() throws IOException {
            finish();
        }
    }

    private final PendingFile pending;
    private final Sink sink;
    private boolean open = true;

    PendingRows(PendingFile pending, Sink sink) {
        this.pending = pending;
        this.sink = sink;
    }

    @Override
    public void write(ObjectNode row) {
        try {
            sink.write(row);
        } catch (IOException e) {
            throw IoProblems.writing(pending.target(), e);
        }
    }

    @Override
    public void commit() {
        try {
            open = false;
            sink.finish();
            pending.moveIntoPlace();
        } catch (IOException e) {
            throw IoProblems.writing(pending.target(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (open) {
                open = false;
                sink.abandon();
            }
            pending.discard();
        } catch (IOException e) {
            throw IoProblems.writing(pending.target(), e);
        }
    }
}
