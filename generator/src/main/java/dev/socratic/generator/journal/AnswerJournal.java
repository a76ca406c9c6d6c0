package dev.socratic.generator.journal;

import dev.socratic.core.journal.Journal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// The durable list of finished units, in the order they were finished. Safe to call from any thread.
///
/// A thread of its own flushes to the disk as fast as the disk goes, each time everything that was written meanwhile. So who appends does not wait
/// for the disk: a place on the wire would stand empty that long.
public final class AnswerJournal implements AutoCloseable {
    private static final String NAME = "answers";

    private final Path folder;
    private final Journal journal;
    private final Semaphore unflushed = new Semaphore(0);
    private final Thread flusher;

    private AnswerJournal(Path folder, Journal journal) {
        this.folder = folder;
        this.journal = journal;
        this.flusher = Thread.ofPlatform().daemon().name("answers-flush").start(this::flush);
    }

    /// @throws dev.socratic.core.error.DataException       if it is damaged elsewhere than at its end
    /// @throws dev.socratic.core.error.RetryLaterException if another process has it open
    public static AnswerJournal open(Path folder) {
        return new AnswerJournal(folder, Journal.open(folder, NAME));
    }

    /// @return what to tell about a record that a kill cut short
    public Optional<String> note() {
        return journal.tornTail().map(Object::toString);
    }

    /// Returns when the operating system has the unit: killing this process loses it no more. It is on the disk after the flush that comes next;
    /// until then, milliseconds later, only a power cut could take it.
    ///
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is full, or a flush before has failed
    public void append(Answered answered) {
        journal.appendLater(AnswerJson.bytes(answered));
        unflushed.release();
    }

    /// Returns when every unit appended before is on the disk.
    ///
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is failing
    public void sync() {
        journal.sync();
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
            // the journal remembers it, and tells whoever appends or syncs next
        }
    }

    /// Every unit, oldest first. A key may come twice, where two plans shared the folder; the first counts.
    public void replay(Consumer<Answered> sink) {
        journal.replay(bytes -> sink.accept(AnswerJson.read(bytes, folder.resolve(NAME).toString())));
    }

    @Override
    public void close() {
        flusher.interrupt();
        journal.close();
    }
}
