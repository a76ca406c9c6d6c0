package dev.socratic.models.generate;

import dev.socratic.models.network.CacheRoom;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Answers that are written together and come and go: *continuous batching* (Yu et al. 2022, Orca). For one thread.
///
/// An answer waits until the cache has room for its prompt; its prompt is read, in chunks between the steps of the
/// others if somebody watches those; then it is a row of the running [Batch] until it is finished. What a prompt
/// shares with one that was read before is copied, not read. Where rows outgrow the room, kept prefixes are given up,
/// the longest unused first, and then rows, the last that came first: they wait again, and what they have written is
/// read again as if it were a prompt.
final class Scheduler implements AutoCloseable {
    /// Tokens drawn between two looks at who joins and who has gone.
    private static final int CHUNK = 16;
    /// Whoever watches an answer being written waits for fewer tokens at a time.
    private static final int WATCHED_CHUNK = 2;
    /// Prompt tokens read together at most; and where others are watched meanwhile.
    private static final int MOST_READ = 2048;
    private static final int WATCHED_READ = 128;

    private final Decoder decoder;
    private final Limits limits;
    private final Consumer<Answer> end;
    private final CacheRoom sizes;
    private final Batch batch;
    private final Deque<Answer> waiting = new ArrayDeque<>();
    private final List<Reading> reading = new ArrayList<>();
    private final KeptPrefixes kept = new KeptPrefixes();
    private SchedulerCounts counts = SchedulerCounts.NONE;

    /// @param bytes that the cache may take, kept prefixes included
    /// @param rows  answers under way at once
    /// @param keeps whether what finished answers have read is kept for later ones
    record Limits(long bytes, int rows, boolean keeps) {
        static final Limits NONE = new Limits(Long.MAX_VALUE, Integer.MAX_VALUE, false);
    }

    /// A prompt that is being read.
    private record Reading(Answer answer, Decoding decoding) {}

    /// @param ends ids that end an answer
    /// @param drafter who drafts what the decoder checks, where anybody does
    /// @param end  is told of each answer that is finished
    Scheduler(Decoder decoder, long[] ends, Limits limits, Optional<Drafter> drafter, Consumer<Answer> end) {
        this.decoder = decoder;
        this.limits = limits;
        this.end = end;
        this.sizes = new CacheRoom(decoder);
        this.batch = new Batch(decoder, ends, drafter);
    }

    /// Takes an answer in, which is begun with one of the next [#advance()]s.
    ///
    /// @param answer one that fits the cache: see [#most]
    void submit(Answer answer) {
        waiting.add(answer);
    }

    /// @return bytes that an answer takes once it is as long as it may become
    static long most(Decoder decoder, int tokens) {
        return new CacheRoom(decoder).bytes(tokens);
    }

    /// Writes answers to their ends.
    ///
    /// @throws InterruptedException if the thread was interrupted between two steps
    void finish() throws InterruptedException {
        while (open() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException("generation");
            }
            advance();
        }
    }

    /// Reads prompts and writes a few more tokens of every answer.
    void advance() {
        leave();
        admit();
        read();
        // Whoever waited for a prompt that has been read now, before that may be gone.
        admit();
        List<Answer> open = batch.rows().stream().filter(row -> !row.finished()).toList();
        if (!open.isEmpty() && (reading.isEmpty() || watched(open))) {
            int chunk = Math.min(watched(open) ? WATCHED_CHUNK : CHUNK,
                    open.stream().mapToInt(Answer::remaining).max().orElseThrow());
            makeRoom(chunk);
            batch.advance(chunk);
            open.stream().filter(Answer::finished).forEach(this::finished);
            batch.dropFinished();
        }
        counts = counts.held(bytes());
    }

    private static boolean watched(List<Answer> open) {
        return open.stream().anyMatch(row -> row.watcher().watches());
    }

    /// Answers that nobody wants any more go, wherever they are.
    private void leave() {
        waiting.removeIf(Answer::abandoned);
        reading.removeIf(prompt -> {
            boolean gone = prompt.answer.abandoned();
            if (gone) {
                prompt.decoding.close();
            }
            return gone;
        });
        batch.rows().forEach(Answer::abandoned);
        batch.dropFinished();
    }

    /// Whoever came first, while there is room. A prompt that begins like one that is being read waits for that.
    private void admit() {
        while (!waiting.isEmpty() && reading.size() + batch.open() < limits.rows) {
            Answer next = waiting.peek();
            long[] text = next.ids();
            if (beingRead(text)) {
                return;
            }
            // the room of the step behind the prompt, too, so that nothing is read only to be given up
            long need = sizes.bytes(text.length + Math.min(next.remaining(), CHUNK));
            dropUntilFits(need);
            if (bytes() + need > limits.bytes && reading.size() + batch.open() > 0) {
                return;
            }
            Optional<Decoding.Shared> shared = longest(text);
            reading.add(new Reading(waiting.remove(),
                    Decoding.begin(decoder, text, next.prompt().length, shared, alike(shared, text))));
            counts = counts.joined(text.length, shared.map(Decoding.Shared::tokens).orElse(0));
        }
    }

    /// @return rows that begin as a text does with what it shares: it, who lends it, and who waits, as far as one looks
    private int alike(Optional<Decoding.Shared> shared, long[] text) {
        return shared.map(with -> 2 + (int) waiting.stream().limit(limits.rows)
                .filter(other -> KeptPrefixes.shared(text, other.prompt()) >= with.tokens()).count()).orElse(1);
    }

    private void dropUntilFits(long need) {
        boolean dropped = true;
        while (dropped && bytes() + need > limits.bytes) {
            dropped = kept.drop();
        }
    }

    private boolean beingRead(long[] text) {
        int there = longest(text).map(Decoding.Shared::tokens).orElse(0);
        return reading.stream().anyMatch(prompt -> {
            int tokens = KeptPrefixes.shared(text, prompt.answer.ids());
            return tokens >= there + KeptPrefixes.LEAST && prompt.decoding.length(0) < tokens;
        });
    }

    /// What shares most with a text, of all that is read.
    private Optional<Decoding.Shared> longest(long[] text) {
        Stream<Decoding.Shared> now = reading.stream()
                .flatMap(prompt -> shared(text, prompt.answer, prompt.decoding, 0));
        return Stream.of(kept.longest(text).stream(), now, batch.lenders(text)).flatMap(all -> all)
                .max(Comparator.comparingInt(Decoding.Shared::tokens));
    }

    /// @param row of the decoding, which holds what the answer has so far
    static Stream<Decoding.Shared> shared(long[] text, Answer answer, Decoding decoding, int row) {
        int tokens = Math.min(decoding.length(row), KeptPrefixes.shared(text, answer.ids()));
        return tokens >= KeptPrefixes.LEAST && decoding.lends(row, tokens, text.length)
                ? Stream.of(new Decoding.Shared(decoding, row, tokens)) : Stream.empty();
    }

    private void read() {
        if (reading.isEmpty()) {
            return;
        }
        List<Decoding> all = reading.stream().map(Reading::decoding).toList();
        int before = all.stream().mapToInt(Decoding::unread).sum();
        Decoding.read(all, watched(batch.rows()) ? WATCHED_READ : MOST_READ);
        counts = counts.read(before - all.stream().mapToInt(Decoding::unread).sum());
        List<Reading> ready = reading.stream().filter(prompt -> prompt.decoding.unread() == 0).toList();
        batch.join(ready.stream().map(Reading::answer).toList(), ready.stream().map(Reading::decoding).toList());
        reading.removeAll(ready);
    }

    private void makeRoom(int steps) {
        while (bytes() + batch.needed(steps) > limits.bytes) {
            if (kept.drop()) {
                continue;
            }
            Optional<Answer> last = batch.open() > 1 ? batch.giveUp() : Optional.empty();
            if (last.isEmpty()) {
                return;
            }
            waiting.addFirst(last.get());
            counts = counts.withGivenUp();
        }
    }

    private void finished(Answer answer) {
        long[] text = answer.ids();
        if (limits.keeps && text.length >= KeptPrefixes.LEAST && !kept.holds(text)) {
            dropUntilFits(sizes.bytes(text.length));
            if (bytes() + sizes.bytes(text.length) <= limits.bytes) {
                batch.copy(answer).ifPresent(copy -> kept.keep(text, copy));
            }
        }
        end.accept(answer);
    }

    /// @return bytes that the cache takes now
    long bytes() {
        return batch.bytes() + kept.bytes() + reading.stream().mapToLong(prompt -> prompt.decoding.bytes()).sum();
    }

    /// @return answers that are not finished
    int open() {
        return batch.open() + reading.size() + waiting.size();
    }

    SchedulerCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        waiting.clear();
        reading.forEach(prompt -> prompt.decoding.close());
        reading.clear();
        batch.close();
        kept.close();
    }
}
