package dev.socratic.cli.serve;

import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.models.generate.Watcher;
import dev.socratic.models.network.Draws;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// Where the model's thread leaves the answers of one request and the client's thread takes them, each at its own pace.
/// Text that was not taken yet is one piece, so a slow reader gets fewer and longer ones, and nothing is held but the
/// answer itself.
final class Mailbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Slot> slots;
    private final long end;
    private final Duration most;
    private Optional<ApiFailure> failure = Optional.empty();
    private volatile boolean wanted = true;
    private volatile long first;
    /// Answers that are being written; the [Batcher]'s own.
    int open;

    /// @param choices how many answers there are
    /// @param watches whether the client reads along
    /// @param likely  how many likely tokens it wants beside each token; empty if no log probabilities at all
    /// @param most    how long it waits for all of them
    Mailbox(int choices, boolean watches, OptionalInt likely, Duration most) {
        this.slots = IntStream.range(0, choices).mapToObj(choice -> new Slot(choice, watches, likely)).toList();
        this.most = most;
        this.end = System.nanoTime() + most.toNanos();
    }

    /// What there is to tell a client.
    sealed interface News {
        int choice();

        /// The text went on.
        ///
        /// @param drawn what is known of tokens, where that is wanted; those of the text, or a few more or fewer
        record Piece(int choice, String text, List<Drawn> drawn) implements News {}

        /// @param tokens that were written, without an end token
        /// @param drawn  of those that no piece told of
        record Finished(int choice, Completion completion, long[] tokens, List<Drawn> drawn) implements News {}
    }

    /// A token of an answer, with its log probability.
    record Drawn(long token, Draws.Noted noted) {}

    /// One answer, as the model sees who waits for it.
    private final class Slot implements Watcher {
        private final int choice;
        private final boolean watches;
        private final OptionalInt likely;
        private final StringBuilder text = new StringBuilder();
        private final Deque<Drawn> drawn = new ArrayDeque<>();
        private int told;
        private Optional<News.Finished> finished = Optional.empty();

        Slot(int choice, boolean watches, OptionalInt likely) {
            this.choice = choice;
            this.watches = watches;
            this.likely = likely;
        }

        @Override
        public OptionalInt likeliest() {
            return likely;
        }

        @Override
        public void drew(long token, Draws.Noted noted) {
            tell(() -> drawn.add(new Drawn(token, noted)));
        }

        @Override
        public boolean wanted() {
            return wanted;
        }

        @Override
        public boolean watches() {
            return watches;
        }

        @Override
        public void wrote(String piece) {
            begun();
            if (watches) {
                tell(() -> text.append(piece));
            }
        }

        @Override
        public void done(Completion completion, long[] tokens) {
            begun();
            tell(() -> finished = Optional.of(new News.Finished(choice, completion, tokens,
                    drawn(tokens.length - told))));
        }

        /// @return the next of what nobody was told of yet
        private List<Drawn> drawn(int most) {
            List<Drawn> next = new ArrayList<>();
            while (next.size() < most && !drawn.isEmpty()) {
                next.add(drawn.remove());
            }
            told += next.size();
            return next;
        }

        private Optional<News> take() {
            if (!text.isEmpty()) {
                // the newest token may be an end token, which is no part of the answer: whether it is, is known later
                int ready = finished.isPresent() ? 0 : drawn.size() - 1;
                News.Piece piece = new News.Piece(choice, text.toString(), drawn(ready));
                text.setLength(0);
                return Optional.of(piece);
            }
            Optional<News> last = finished.map(whole -> whole);
            finished = Optional.empty();
            return last;
        }
    }

    private void begun() {
        if (first == 0) {
            first = System.nanoTime();
        }
    }

    /// @return when the first text of any answer was there, of `System.nanoTime`; empty before
    OptionalLong first() {
        return first == 0 ? OptionalLong.empty() : OptionalLong.of(first);
    }

    List<Watcher> watchers() {
        return new ArrayList<>(slots);
    }

    boolean wanted() {
        return wanted;
    }

    /// There will be no answer, or no more of it.
    void fail(ApiFailure reason) {
        wanted = false;
        tell(() -> failure = failure.or(() -> Optional.of(reason)));
    }

    /// Nobody waits any more: what was not begun is not begun, and what is being written is left.
    void leave() {
        fail(ApiFailure.unavailable("the client has gone"));
    }

    private void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for news, of any answer. After as many [News.Finished] as there are answers there are none.
    ///
    /// @throws ApiFailure if there will be none, or it took too long
    News take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                for (Slot slot : slots) {
                    Optional<News> found = slot.take();
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
                if (failure.isPresent()) {
                    throw failure.get();
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw ApiFailure.late(("the answer took more than %s seconds; ask for fewer tokens, or start "
                            + "the server with a longer --timeout")
                            .formatted(most.toSeconds()));
                }
                boolean unused = news.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
