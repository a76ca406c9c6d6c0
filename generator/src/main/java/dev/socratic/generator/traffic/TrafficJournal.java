package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.journal.Journal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Calls as they happen, appended and never changed. A call is on record before it is passed on and again when it is
/// over. Killing this process loses nothing that was appended, a power cut at most the last milliseconds: a thread of
/// its own flushes as fast as the disk goes, so no client waits for it. Safe to call from any thread.
public final class TrafficJournal implements AutoCloseable {
    static final String NAME = "traffic";
    /// A record is shorter than 2^28 bytes, head and body.
    public static final int MOST_BODY = 200 << 20;

    private final Journal journal;
    private final Semaphore unflushed = new Semaphore(0);
    private final Thread flusher;

    private TrafficJournal(Journal journal) {
        this.journal = journal;
        this.flusher = Thread.ofPlatform().daemon().name("traffic-flush").start(this::flush);
    }

    /// @param folder is created if it is not there
    /// @throws dev.socratic.core.error.RetryLaterException if another process records into it, or the disk fails
    public static TrafficJournal open(Path folder) {
        return new TrafficJournal(Journal.salvage(folder, NAME));
    }

    /// @return what to tell: a record that a kill cut short, records that the disk has damaged
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        journal.tornTail().map(Object::toString).ifPresent(notes::add);
        journal.damage().forEach(gap -> notes.add(gap + "; the calls in them are lost"));
        return notes;
    }

    /// @param path below the version: `/chat/completions`
    /// @param body without keys
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is full
    public void asked(String id, Instant at, String path, Map<String, String> metadata, byte[] body) {
        append(new TrafficRecord.Asked(id, at, path, metadata, body));
    }

    /// @param status  of the endpoint; 0 where it gave none
    /// @param why     in a few words, where it is not whole; without keys
    /// @param firstMs to the first byte of the answer; -1 where none came
    /// @param bytes   that were passed on
    /// @param body    without keys
    public void answered(String id, int status, CallEnd end, String why, long firstMs, long ms, long bytes,
            Map<String, String> headers, byte[] body) {
        append(new TrafficRecord.Answered(id, status, end, why, firstMs, ms, bytes, headers, body));
    }

    /// @param id   of the call, or the one the endpoint gave its answer
    public void rated(String id, Instant at, JsonNode said) {
        append(new TrafficRecord.Rated(id, at, said));
    }

    private void append(TrafficRecord record) {
        journal.appendLater(record.encoded());
        unflushed.release();
    }

    private void flush() {
        try {
            while (true) {
                unflushed.acquire();
                unflushed.drainPermits();
                journal.sync();
            }
        } catch (InterruptedException end) {
            // closed
        } catch (RuntimeException broken) {
            // the journal remembers it, and tells whoever appends next
        }
    }

    @Override
    public void close() {
        flusher.interrupt();
        journal.close();
    }
}
