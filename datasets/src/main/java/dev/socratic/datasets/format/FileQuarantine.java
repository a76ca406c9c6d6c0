package dev.socratic.datasets.format;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// A quarantine file.
final class FileQuarantine implements Quarantine {
    private final Path file;
    private final RowWriter writer;
    private final Complaints complaints = new Complaints();
    private long count;
    private boolean closed;

    FileQuarantine(Path file) {
        this.file = file;
        writer = RowFiles.writer(file, Format.JSONL);
    }

    @Override
    public void add(BadRow row) {
        writer.write(row.json());
        complaints.bad(row);
        count++;
    }

    @Override
    public void unread(Collection<String> fields) {
        complaints.unread(fields);
    }

    @Override
    public List<String> report() {
        return complaints.lines("; see " + file);
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
