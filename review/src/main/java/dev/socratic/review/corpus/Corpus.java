package dev.socratic.review.corpus;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import dev.socratic.review.decide.Decisions;
import dev.socratic.review.index.RowIndex;
import dev.socratic.review.index.RowSearch;
import dev.socratic.review.rows.FileMark;
import dev.socratic.review.rows.OpenFiles;
import dev.socratic.review.rows.ReviewFiles;
import dev.socratic.review.rows.RowFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What is reviewed, open: its rows are read into the index by one thread, which then waits for more, while others
/// search. One process at a time has a corpus open, for what people decide is written by one.
public final class Corpus implements AutoCloseable {
    private static final int BATCH = 500;
    private static final long WAIT_MILLIS = 400;
    private static final long REFRESH_NANOS = 300_000_000;
    private static final TypeReference<Map<String, List<FileMark>>> MARKS = new TypeReference<>() {};

    private final ReviewFiles files;
    private final FileLocks lock;
    private final OpenFiles open;
    private final RowIndex index;
    private final RowSearch search;
    private final Decisions decisions;
    private final Notices notices;
    private final List<Consumer<Corpus>> watchers = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final Thread reader;
    private volatile boolean closing;
    private volatile boolean reading = true;
    private volatile boolean live;

    private Corpus(ReviewFiles files, FileLocks lock, OpenFiles open, RowIndex index, RowSearch search,
            Decisions decisions, Notices notices) {
        this.files = files;
        this.lock = lock;
        this.open = open;
        this.index = index;
        this.search = search;
        this.decisions = decisions;
        this.notices = notices;
        this.reader = Thread.ofPlatform().daemon().name("rows").unstarted(this::read);
    }

    /// @param given  the folder of a run, or files of rows
    /// @throws dev.socratic.core.error.RetryLaterException if another server has it open
    public static Corpus open(List<Path> given, Clock clock) {
        OpenFiles open = new OpenFiles();
        Notices notices = new Notices(clock);
        ReviewFiles files = ReviewFiles.of(given, open, clock, notices::tell);
        try {
            Files.createDirectories(files.state());
        } catch (IOException e) {
            throw IoProblems.writing(files.state(), e);
        }
        FileLocks lock = FileLocks.take(files.state().resolve(".lock"), files.state());
        try {
            RowIndex index = RowIndex.open(files.state().resolve("index"), notices::tell);
            Decisions decisions = Decisions.open(files.state(), clock, notices::tell);
            RowSearch search = new RowSearch(index, decisions, rows -> NearRows.queries(rows, open));
            Corpus corpus = new Corpus(files, lock, open, index, search, decisions, notices);
            corpus.resume();
            corpus.reader.start();
            return corpus;
        } catch (RuntimeException | Error failed) {
            lock.close();
            open.close();
            throw failed;
        }
    }

    /// Takes over what an earlier process read of files that have not changed since; the rest is read anew.
    private void resume() {
        Map<String, List<FileMark>> marks = index.kept("marks", MARKS).orElse(Map.of());
        for (RowFeed feed : files.feeds()) {
            if (!marks.containsKey(feed.name()) || !feed.resume(marks.get(feed.name()))) {
                index.remove(feed.name());
            }
        }
        index.refresh();
    }

    private void read() {
        try {
            while (!closing) {
                int rows = 0;
                long refreshed = System.nanoTime();
                int batch;
                do {
                    batch = poll();
                    rows += batch;
                    if (batch > 0 && System.nanoTime() - refreshed > REFRESH_NANOS) {
                        refresh();
                        refreshed = System.nanoTime();
                    }
                } while (batch > 0 && !closing);
                live = files.feeds().stream().anyMatch(RowFeed::isLive);
                if (rows > 0) {
                    refresh();
                    commit();
                }
                reading = false;
                first.countDown();
                Thread.sleep(WAIT_MILLIS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failed) {
            notices.tell("reading rows: to go on; got %s; start the command again".formatted(FirstLine.of(failed)));
        } finally {
            first.countDown();
        }
    }

    private void refresh() {
        index.refresh();
        watchers.forEach(watcher -> watcher.accept(this));
    }

    private void commit() {
        Map<String, List<FileMark>> marks = new LinkedHashMap<>();
        files.feeds().forEach(feed -> marks.put(feed.name(), feed.marks()));
        index.commit(Map.of("marks", marks));
    }

    private int poll() {
        int rows = 0;
        boolean curated = files.feeds().getFirst().isThere();
        for (RowFeed feed : files.feeds()) {
            boolean unwanted = feed.name().equals(ReviewFiles.ANSWERS) && curated;
            if (feed.isStale() || unwanted && feed.progress()[0] > 0) {
                notices.tell(unwanted ? "generate/answers.jsonl: shown until it is curated; got curated rows, which "
                        + "are shown instead" : feed.name() + ": the same files; got others; they are read anew");
                index.remove(feed.name());
                feed.restart();
                watchers.forEach(watcher -> watcher.accept(this));
            }
            if (!unwanted) {
                int found = feed.poll(BATCH, index::add);
                reading |= found > 0;
                rows += found;
            }
        }
        return rows;
    }

    /// Waits until all rows that are there are read, or for so long.
    ///
    /// @return whether they are
    public boolean await(long millis) throws InterruptedException {
        return first.await(millis, TimeUnit.MILLISECONDS) && !reading;
    }

    /// @param watcher is called when rows came or went, by the thread that reads
    public void watch(Consumer<Corpus> watcher) {
        watchers.add(watcher);
    }

    public ReviewFiles files() {
        return files;
    }

    public RowSearch rows() {
        return search;
    }

    public Decisions decisions() {
        return decisions;
    }

    public RowIndex index() {
        return index;
    }

    public OpenFiles lines() {
        return open;
    }

    public Notices notices() {
        return notices;
    }

    /// @return whether a stage is writing rows
    public boolean isLive() {
        return live;
    }

    /// @return whether rows that are there are still to be read
    public boolean isReading() {
        return reading;
    }

    /// @return bytes read, and bytes there are
    public long[] progress() {
        long[] all = new long[2];
        files.feeds().forEach(feed -> {
            long[] one = feed.progress();
            all[0] += one[0];
            all[1] += one[1];
        });
        return all;
    }

    @Override
    public void close() {
        closing = true;
        try {
            reader.join(10_000);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        try (lock; open; decisions; index) {
            if (!reader.isAlive()) {
                commit();
            }
        }
    }
}
