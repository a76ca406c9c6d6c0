package dev.socratic.datasets.format;

import java.nio.file.Path;

/// A quarantine file.
final class FileQuarantine implements Quarantine {
    private final RowWriter writer;
    private long count;
    private boolean closed;

    FileQuarantine(Path file) {
        writer = RowFiles.writer(file, Format.JSONL);
    }

    @Override
    public void add(BadRow row) {
        writer.write(row.json());
        count++;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writer.commit();
            writer.close();
        }
    }
}
