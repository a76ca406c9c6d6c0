package dev.socratic.models.hub;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.hub.Listing.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import okhttp3.Response;

/// One file of one commit, from the hub into the cache.
///
/// Bytes go to an `.incomplete` file that survives whatever happens, so that the next try asks for the rest. The file
/// gets its name when all bytes are there and their checksum is the one the hub's own host named before.
final class Download {
    /// Files that have no size anywhere are small: git's own.
    private static final long LONGEST_WITHOUT_SIZE = 64 << 20;
    private static final int BUFFER = 1 << 16;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final HubClient hub;
    private final CacheFolder cache;
    private final RepoId repo;
    private final String commit;
    private final int attempts;
    private final Consumer<Duration> pause;
    private final Map<Checksum, Object> own = new ConcurrentHashMap<>();

    Download(HubClient hub, CacheFolder cache, RepoId repo, String commit, int attempts, Consumer<Duration> pause) {
        this.hub = hub;
        this.cache = cache;
        this.repo = repo;
        this.commit = commit;
        this.attempts = attempts;
        this.pause = pause;
    }

    /// A request that is tried again.
    interface Try<T> {
        T run() throws IOException;
    }

    /// Tries until it works or nothing new has come for `attempts` tries.
    static <T> T again(HubClient hub, String place, int attempts, Consumer<Duration> pause, LongSupplier progress,
            Try<T> request) {
        Duration wait = FIRST_PAUSE;
        int left = attempts;
        while (true) {
            long before = progress.getAsLong();
            try {
                return request.run();
            } catch (IOException failed) {
                if (IoProblems.isFull(failed)) {
                    throw IoProblems.writing(Path.of(place), failed);
                }
                boolean moved = progress.getAsLong() > before;
                left = moved ? attempts : left - 1;
                if (left == 0) {
                    throw hub.unreachable(place, failed);
                }
                Duration asked = failed instanceof HubClient.Busy busy ? busy.wanted() : Duration.ZERO;
                wait = moved ? FIRST_PAUSE : wait;
                pause.accept(asked.compareTo(wait) > 0
                        ? (asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE)
                        : wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /// @param checksum what names the bytes
    /// @param size     how many, where known
    private record Promise(Checksum checksum, OptionalLong size) {}

    /// @return how many bytes came over the line; 0 if the file was there
    long fetch(RemoteFile file) {
        HttpUrl url = hub.address(repo, commit, file.path());
        if (file.checksum().isPresent() && Files.isRegularFile(cache.blob(file.checksum().get()))) {
            cache.link(commit, file.path(), file.checksum().get());
            return 0;
        }
        Promise promise = again(hub, url.toString(), attempts, pause, () -> 0, () -> promise(url, file));
        long fetched = Files.isRegularFile(cache.blob(promise.checksum())) ? 0 : locked(url, promise);
        cache.link(commit, file.path(), promise.checksum());
        return fetched;
    }

    private Promise promise(HttpUrl url, RemoteFile file) throws IOException {
        try (Response head = hub.head(url, repo)) {
            String etag = head.header("X-Linked-Etag", head.header("ETag", ""));
            Checksum checksum = Checksum.of(etag)
                    .orElseThrow(() ->
                            new DataException(url.toString(), "a checksum as ETag", "none",
                                    "check HF_ENDPOINT: is it a hub?"));
            file.checksum().filter(listed -> listed.large() == checksum.large() && !listed.equals(checksum))
                    .ifPresent(listed -> {
                throw new DataException(url.toString(), listed + ", as the listing says", checksum.toString(),
                        "do not trust this hub");
            });
            String answered = head.header("X-Repo-Commit", commit);
            if (!answered.equals(commit)) {
                throw new DataException(url.toString(), "a file of commit " + commit, "one of another",
                        "run the command again");
            }
            String said = head.header("X-Linked-Size", head.isSuccessful() ? head.header("Content-Length", "") : "");
            OptionalLong size = said.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(said)) : file.size();
            return new Promise(checksum, size);
        }
    }

    private long locked(HttpUrl url, Promise promise) {
        Path lock = cache.lock(promise.checksum());
        try {
            Files.createDirectories(lock.getParent());
            Files.createDirectories(cache.blob(promise.checksum()).getParent());
        } catch (IOException failed) {
            throw IoProblems.writing(lock, failed);
        }
        // the file lock is for other processes
        synchronized (own.computeIfAbsent(promise.checksum(), checksum -> new Object())) {
            if (Files.isRegularFile(cache.blob(promise.checksum()))) {
                return 0;
            }
            try (FileLocks held = FileLocks.take(lock, cache.blob(promise.checksum()))) {
                return fetch(url, promise);
            }
        }
    }

    private long fetch(HttpUrl url, Promise promise) {
        Path part = cache.incomplete(promise.checksum());
        long[] fetched = {0};
        boolean resumed = size(part) > 0;
        while (true) {
            again(hub, url.toString(), attempts, pause, () -> fetched[0], () -> {
                receive(url, promise, part, fetched);
                return true;
            });
            if (promise.checksum().matches(part)) {
                break;
            }
            delete(part);
            if (!resumed) {
                throw new DataException(url.toString(), promise.checksum().toString(), "other bytes",
                        "the server or something on the way changes them; try another HF_ENDPOINT");
            }
            resumed = false; // what was left from before may have been something else: once more from the beginning
        }
        try {
            Files.move(part, cache.blob(promise.checksum()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw IoProblems.writing(part, failed);
        }
        return fetched[0];
    }

    private void receive(HttpUrl url, Promise promise, Path part, long[] fetched) throws IOException {
        long have = size(part);
        if (promise.size().isPresent() && have >= promise.size().getAsLong() && have > 0) {
            if (have == promise.size().getAsLong()) {
                return;
            }
            delete(part);
            have = 0;
        }
        try (Response answer = hub.get(url, have, repo)) {
            if (answer.code() == 416) { // nothing behind what is there, though the size is not known
                return;
            }
            boolean rest = answer.code() == 206 && answer.header("Content-Range", "").startsWith("bytes " + have + "-");
            if (answer.code() == 206 && !rest) {
                throw new DataException(url.toString(), "bytes from %s on".formatted(have),
                        "'%s'".formatted(answer.header("Content-Range", "")), "check HF_ENDPOINT");
            }
            long most = promise.size().orElse(LONGEST_WITHOUT_SIZE);
            long at = rest ? have : 0;
            try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                            rest ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
                    InputStream in = answer.body().byteStream()) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    at += n;
                    if (at > most) {
                        throw tooLong(url, most, part, out);
                    }
                    out.write(buffer, 0, n);
                    fetched[0] += n;
                }
            }
            if (promise.size().isPresent() && at < most) {
                throw new IOException("only %s of %s bytes".formatted(at, most));
            }
        }
    }

    private static DataException tooLong(HttpUrl url, long most, Path part, OutputStream out) throws IOException {
        out.close();
        delete(part);
        return new DataException(url.toString(), "at most %s bytes".formatted(most), "more", "do not trust this hub");
    }

    private static long size(Path part) {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException failed) {
            throw IoProblems.reading(part, failed);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException failed) {
            throw IoProblems.writing(part, failed);
        }
    }
}
