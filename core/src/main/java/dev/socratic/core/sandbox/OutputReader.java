package dev.socratic.core.sandbox;

import dev.socratic.core.sandbox.Execution.Captured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads what a program writes so that it never waits: keeps the beginning, counts the rest.
final class OutputReader {
    private static final int KEPT = 1 << 16;
    private static final long MOST = 16L << 20;
    private static final long PATIENCE_MILLIS = 2_000;

    private final InputStream in;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;
    private long bytes;

    private OutputReader(InputStream in) {
        this.in = in;
        this.thread = Thread.ofPlatform().daemon().name("sandbox-output").unstarted(this::read);
    }

    static OutputReader of(InputStream in) {
        OutputReader reader = new OutputReader(in);
        reader.thread.start();
        return reader;
    }

    private void read() {
        byte[] buffer = new byte[1 << 13];
        try {
            for (int n = in.read(buffer); n >= 0 && !isFull(); n = in.read(buffer)) {
                add(buffer, n);
            }
        } catch (IOException closed) {
            // Killed while it wrote: what was read counts.
            return;
        }
    }

    private synchronized void add(byte[] buffer, int n) {
        kept.write(buffer, 0, Math.min(n, KEPT - kept.size()));
        bytes += n;
    }

    /// @return whether it wrote more than is read
    synchronized boolean isFull() {
        return bytes > MOST;
    }

    /// @return all of it, now that the program has ended; what a process that got away still writes is not waited for
    Captured end() {
        try {
            thread.join(PATIENCE_MILLIS);
            in.close();
        } catch (IOException closed) {
            // There is nothing more to be read, which is all that is wanted.
            return captured();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return captured();
    }

    private synchronized Captured captured() {
        return new Captured(kept.toString(StandardCharsets.UTF_8), bytes);
    }
}
