package dev.socratic.generator.journal;

import dev.socratic.core.journal.Journal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// The durable list of finished units, in the order they were finished. Safe to call from any thread.
public final class AnswerJournal implements AutoCloseable {
    private static final String NAME = "answers";

    private final Path folder;
    private final Journal journal;

    private AnswerJournal(Path folder, Journal journal) {
        this.folder = folder;
        this.journal = journal;
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

    /// Returns when the unit is on the disk.
    public void append(Answered answered) {
        journal.append(AnswerJson.bytes(answered));
    }

    /// Every unit, oldest first. A key may come twice, where two plans shared the folder; the first counts.
    public void replay(Consumer<Answered> sink) {
        journal.replay(bytes -> sink.accept(AnswerJson.read(bytes, folder.resolve(NAME).toString())));
    }

    @Override
    public void close() {
        journal.close();
    }
}
