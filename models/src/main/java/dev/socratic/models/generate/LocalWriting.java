package dev.socratic.models.generate;

import dev.socratic.models.network.Attention;
import dev.socratic.models.network.Decoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Answers of local weights that come and go, rows of one [Batch].
final class LocalWriting implements Writing {
    /// Tokens drawn between two looks at who joins and who has gone.
    private static final int CHUNK = 16;
    /// Whoever watches an answer being written waits for fewer tokens at a time.
    private static final int WATCHED_CHUNK = 2;
    /// Prompt tokens read together at most, padding included: while prompts are read, no answer grows.
    private static final int MOST_TOKENS = 1 << 13;

    private final Batch batch;
    private final ReentrantLock turn;
    private final BiFunction<PromptReader.Tokens, Watcher, Answer> begin;
    private final Consumer<Answer> end;
    private final ToLongFunction<Answer> cost;
    private final long room;
    private final Deque<Answer> waiting = new ArrayDeque<>();

    /// @param turn held while the model computes
    /// @param room bytes that the cache may take
    /// @param end  tells whoever waits
    LocalWriting(Decoder decoder, long[] ends, ReentrantLock turn, long room,
            BiFunction<PromptReader.Tokens, Watcher, Answer> begin, Consumer<Answer> end) {
        Attention attention = decoder.config().attention();
        long each = 2L * Float.BYTES * decoder.config().layers() * attention.kvHeads() * attention.dim();
        this.batch = new Batch(decoder, ends);
        this.turn = turn;
        this.room = room;
        this.begin = begin;
        this.end = end;
        this.cost = answer -> each * (answer.prompt().length + answer.most());
    }

    @Override
    public void join(LiveModel.Ready prompt, Watcher watcher) {
        waiting.add(begin.apply((PromptReader.Tokens) prompt, watcher));
    }

    @Override
    public void advance() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            waiting.removeIf(Answer::abandoned);
            batch.rows().forEach(Answer::abandoned);
            List<Answer> joining = joining();
            if (!joining.isEmpty()) {
                batch.join(joining);
            }
            List<Answer> open = batch.rows().stream().filter(row -> !row.finished()).toList();
            batch.advance(open.stream().anyMatch(row -> row.watcher().watches()) ? WATCHED_CHUNK : CHUNK);
            open.stream().filter(Answer::finished).forEach(end);
            if (batch.open() == 0) {
                batch.close();
            }
        } finally {
            turn.unlock();
        }
    }

    /// Whoever came first, as long as prompts are not too many to be read at once and the cache is not too large. All
    /// rows of it are as long as the longest.
    private List<Answer> joining() {
        List<Answer> open = new ArrayList<>(batch.rows().stream().filter(row -> !row.finished()).toList());
        List<Answer> joining = new ArrayList<>();
        int longest = 0;
        while (!waiting.isEmpty()) {
            Answer next = waiting.peek();
            longest = Math.max(longest, next.prompt().length);
            open.add(next);
            long each = open.stream().mapToLong(cost).max().orElseThrow();
            if (open.size() > 1 && each * open.size() > room || !joining.isEmpty()
                    && longest * (joining.size() + 1) > MOST_TOKENS) {
                return joining;
            }
            joining.add(waiting.remove());
        }
        return joining;
    }

    @Override
    public int open() {
        return batch.open() + waiting.size();
    }

    @Override
    public void close() {
        waiting.clear();
        batch.close();
    }
}
