package dev.socratic.core.ask;

import dev.socratic.core.ask.AskRecord.Answers;
import dev.socratic.core.ask.AskRecord.Back;
import dev.socratic.core.ask.AskRecord.Booking;
import dev.socratic.core.ask.AskRecord.Out;
import dev.socratic.core.journal.Journal;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Everything that was ever asked in one run folder: final outcomes by the content of their requests, and the account
/// of what every attempt took, by stage. It lies beside the stages' folders, and nothing moves it aside: no change of
/// a config makes an answer or a dollar of it untrue.
///
/// Texts stay on the disk; in memory is where each lies. A thread of its own flushes as fast as the disk goes, so who
/// appends does not wait for it: a place on the wire would stand empty that long. Killing this process loses nothing
/// that was appended, a power cut at most the last milliseconds. Safe to call from any thread.
public final class AskStore implements AutoCloseable {
    private static final String NAME = "asked";

    private final Path folder;
    private final Journal journal;
    private final Semaphore unflushed = new Semaphore(0);
    private final Thread flusher;

    private final KeyIndex places = new KeyIndex();
    private final Map<String, Usage> spent = new HashMap<>();
    private long attempts;
    private final AtomicReference<Read> lastRead = new AtomicReference<>(new Read(-1, List.of()));

    /// A record that was read, with the place it was read from: requests that were answered together are looked up
    /// one after another.
    private record Read(long place, List<GenerationOutcome> outcomes) {}

    private AskStore(Path folder, Journal journal) {
        this.folder = folder;
        this.journal = journal;
        Map<Long, Booking> out = new HashMap<>();
        journal.replayPlaced((place, bytes) -> {
            switch (AskRecord.read(bytes, label())) {
                case Answers answers -> index(place, answers);
                case Out o -> {
                    out.put(o.number(), o.worst());
                    attempts = Math.max(attempts, o.number());
                }
                case Back b -> Optional.ofNullable(out.remove(b.number()))
                        .ifPresent(o -> book(new Booking(o.stage(), b.took())));
            }
        });
        out.values().forEach(this::book);
        this.flusher = Thread.ofPlatform().daemon().name("asked-flush").start(this::flush);
    }

    /// @param folder is created if it is not there
    /// @throws dev.socratic.core.error.DataException       if a record is of another version
    /// @throws dev.socratic.core.error.RetryLaterException if another process has it open, or the disk fails
    public static AskStore open(Path folder) {
        Journal journal = Journal.salvage(folder, NAME);
        try {
            return new AskStore(folder, journal);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /// @return what to tell: a record that a kill cut short, records that the disk has damaged
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        journal.tornTail().map(Object::toString).ifPresent(notes::add);
        journal.damage().forEach(gap -> notes.add(
                gap + "; the answers in them are asked again, and what they took is in no account any more"));
        return notes;
    }

    /// @return everything ever booked for the stages with these names
    public synchronized Usage spent(Predicate<String> stages) {
        return spent.entrySet().stream()
                .filter(entry -> stages.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Usage.NONE, Usage::plus);
    }

    /// @return everything ever booked, by stage
    public synchronized Map<String, Usage> spent() {
        return Map.copyOf(spent);
    }

    synchronized boolean has(String key) {
        return places.get(key) != KeyIndex.NONE;
    }

    /// @param id what the outcome is called in this plan
    Optional<GenerationOutcome> find(String key, String id) {
        long place;
        synchronized (this) {
            place = places.get(key);
        }
        if (place == KeyIndex.NONE) {
            return Optional.empty();
        }
        Read read = lastRead.get();
        if (read.place() != place) {
            read = new Read(place, ((Answers) AskRecord.read(journal.read(place), label())).outcomes());
            lastRead.set(read);
        }
        return read.outcomes().stream()
                .filter(outcome -> outcome.requestId().equals(key))
                .findFirst()
                .map(outcome -> called(outcome, id));
    }

    /// Keeps final outcomes; returns when killing this process loses them no more.
    ///
    /// @param keys    of the requests
    /// @param booking what they took, where no meter was told of attempts
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is full, or a flush before has failed
    void keep(List<String> keys, List<GenerationOutcome> outcomes, Optional<Booking> booking) {
        List<GenerationOutcome> named = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            named.add(called(outcomes.get(i), keys.get(i)));
        }
        Answers answers = new Answers(named, booking);
        index(append(answers), answers);
    }

    /// Books the worst case of an attempt that is about to leave.
    ///
    /// @return its number, for [#back]
    long out(String stage, Usage worst) {
        long number;
        synchronized (this) {
            number = ++attempts;
        }
        append(new Out(number, new Booking(stage, worst)));
        return number;
    }

    /// Books what the attempt took in the end.
    void back(long number, String stage, Usage took) {
        append(new Back(number, took));
        book(new Booking(stage, took));
    }

    /// Returns when everything appended before is on the disk.
    ///
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is failing
    void sync() {
        journal.sync();
    }

    private long append(AskRecord record) {
        long place = journal.appendLater(record.bytes());
        unflushed.release();
        return place;
    }

    private synchronized void index(long place, Answers answers) {
        answers.outcomes().forEach(outcome -> places.putIfAbsent(outcome.requestId(), place));
        answers.booking().ifPresent(this::book);
    }

    private synchronized void book(Booking booking) {
        spent.merge(booking.stage(), booking.usage(), Usage::plus);
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

    private static GenerationOutcome called(GenerationOutcome outcome, String id) {
        return switch (outcome) {
            case Completion c -> new Completion(id, c.text(), c.reasoning(), c.finish(), c.usage());
            case Failure f -> new Failure(id, f.problem(), f.temporary());
        };
    }

    private String label() {
        return folder.resolve(NAME).toString();
    }

    @Override
    public void close() {
        flusher.interrupt();
        journal.close();
    }
}
