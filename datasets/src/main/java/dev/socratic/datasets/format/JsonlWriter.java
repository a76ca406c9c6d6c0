package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// One JSON object a line, `\n` after each, compressed where the name ends in `.gz`.
final class JsonlWriter implements RowWriter {
    private final PendingFile pending;
    private final RowJson json = new RowJson(Limits.DEFAULT);
    private final OutputStream out;
    private boolean open = true;

    JsonlWriter(Path file) {
        pending = new PendingFile(file);
        try {
            pending.createFolder();
            out = compressed(file, Files.newOutputStream(pending.path()));
        } catch (IOException e) {
            throw RowFiles.notWritten(file, e);
        }
    }

    /// gzip headers written by the JDK carry no time stamp, so equal rows are equal bytes here too.
    static OutputStream compressed(Path file, OutputStream raw) throws IOException {
        return Format.isCompressed(file) ? new GZIPOutputStream(raw, 1 << 16) : new BufferedOutputStream(raw, 1 << 16);
    }

    @Override
    public void write(ObjectNode row) {
        try {
            out.write(json.line(row).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw RowFiles.notWritten(pending.target(), e);
        }
    }

    @Override
    public void commit() {
        try {
            open = false;
            out.close();
            pending.moveIntoPlace();
        } catch (IOException e) {
            throw RowFiles.notWritten(pending.target(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (open) {
                open = false;
                out.close();
            }
            pending.discard();
        } catch (IOException e) {
            throw RowFiles.notWritten(pending.target(), e);
        }
    }
}
