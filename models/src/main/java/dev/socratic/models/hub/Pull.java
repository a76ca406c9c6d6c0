package dev.socratic.models.hub;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.hub.Listing.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Fetches a model, or finds it in the cache.
public final class Pull {
    private final HubOptions options;
    private final Consumer<Duration> pause;
    private final Consumer<String> talk;

    /// @param pause waits between tries
    /// @param talk  is told of each file, from several threads
    public Pull(HubOptions options, Consumer<Duration> pause, Consumer<String> talk) {
        this.options = options;
        this.pause = pause;
        this.talk = talk;
    }

    /// A model in the cache.
    ///
    /// @param folder  what every command takes as MODEL
    /// @param commit  what the revision meant
    /// @param files   how many files were asked for; all are there
    /// @param fetched bytes that came over the line this time
    /// @param leftOut files of the model that were not asked for
    public record Pulled(Path folder, String commit, int files, long fetched, List<String> leftOut) {
        public Pulled {
            leftOut = List.copyOf(leftOut);
        }
    }

    /// @param include patterns of file names; none takes what loads here: safetensors, configs, tokenizer, templates,
    ///                texts
    /// @throws DataException       if there is no such model, or what comes is not what was promised
    /// @throws RetryLaterException if the hub stays out of reach; the same call goes on where this one stopped
    public Pulled run(RepoId repo, List<String> include) throws InterruptedException {
        CacheFolder cache = CacheFolder.of(options.cache(), repo);
        Globs globs = include.isEmpty() ? Globs.USEFUL : new Globs(include);
        if (options.offline()) {
            return cached(repo, cache, globs);
        }
        try (HubClient hub = new HubClient(options)) {
            Listing listing = Download.again(hub, options.endpoint().toString(), options.attempts(), pause, () -> 0,
                    () -> hub.listing(repo));
            List<RemoteFile> wanted = listing.files().stream().filter(file -> globs.take(file.path())).toList();
            List<String> leftOut = listing.files().stream().map(RemoteFile::path).filter(path -> !globs.take(path))
                    .toList();
            if (wanted.isEmpty()) {
                throw new DataException(repo.toString(), "a file that --include takes",
                        "none of %s".formatted(listing.files().size()), "look at the files on the model's page");
            }
            room(cache, wanted);
            long fetched = fetch(new Download(hub, cache, repo, listing.commit(), options.attempts(), pause), wanted);
            cache.remember(repo, listing.commit());
            return new Pulled(cache.snapshot(listing.commit()), listing.commit(), wanted.size(), fetched, leftOut);
        }
    }

    private Pulled cached(RepoId repo, CacheFolder cache, Globs globs) {
        String commit = cache.commit(repo).filter(known -> Files.isDirectory(cache.snapshot(known)))
                .orElseThrow(() -> new DataException(
                cache.root()
                        .toString(), "%s in the cache, for HF_HUB_OFFLINE is set".formatted(repo), "nothing",
                                "unset it and pull once"));
        Path snapshot = cache.snapshot(commit);
        try (Stream<Path> files = Files.walk(snapshot)) {
            List<Path> there = files.filter(file -> !Files.isDirectory(file))
                    .filter(file -> globs.take(name(snapshot, file))).toList();
            List<Path> broken = there.stream().filter(file -> !Files.exists(file)).toList();
            if (there.isEmpty() || !broken.isEmpty()) {
                throw new DataException((broken.isEmpty() ? snapshot : broken.getFirst()).toString(),
                        "files of the model", "none", "unset HF_HUB_OFFLINE and pull again");
            }
            return new Pulled(snapshot, commit, there.size(), 0, List.of());
        } catch (IOException failed) {
            throw IoProblems.reading(snapshot, failed);
        }
    }

    private static String name(Path snapshot, Path file) {
        return snapshot.relativize(file).toString().replace('\\', '/');
    }

    /// Better to say so now than after an hour.
    private void room(CacheFolder cache, List<RemoteFile> wanted) {
        long needed = wanted.stream()
                .filter(file -> file.checksum().filter(known -> Files.exists(cache.blob(known))).isEmpty())
                .mapToLong(file -> file.size().orElse(0)).sum();
        try {
            Files.createDirectories(options.cache());
            long free = Files.getFileStore(options.cache()).getUsableSpace();
            if (needed > free) {
                throw new RetryLaterException(options.cache().toString(), String.format(Locale.ROOT,
                        "room for %,d bytes", needed), String.format(Locale.ROOT, "%,d", free),
                        "free some space, or choose another folder with HF_HUB_CACHE");
            }
        } catch (IOException failed) {
            throw IoProblems.writing(options.cache(), failed);
        }
    }

    /// Files with the same bytes come once; the largest begin first, so that none is left alone at the end.
    private long fetch(Download download, List<RemoteFile> wanted) throws InterruptedException {
        Map<Object, List<RemoteFile>> byBytes = new LinkedHashMap<>();
        wanted.stream().sorted((a, b) -> Long.compare(b.size().orElse(0), a.size().orElse(0)))
                .forEach(file ->
                        byBytes.computeIfAbsent(file.checksum().<Object>map(c -> c).orElse(file.path()),
                                key -> new ArrayList<>()).add(file));
        List<Problem> wrong = new ArrayList<>();
        List<Problem> later = new ArrayList<>();
        long fetched = 0;
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(options.parallel(), byBytes.size()));
        try {
            List<Future<Long>> results = byBytes.values().stream().map(files -> threads.submit(() -> {
                long sum = 0;
                for (RemoteFile file : files) {
                    long bytes = download.fetch(file);
                    talk.accept(bytes > 0 ? String.format(Locale.ROOT, "%s: %,d bytes", file.path(), bytes)
                            : "%s: there".formatted(file.path()));
                    sum += bytes;
                }
                return sum;
            })).toList();
            for (Future<Long> result : results) {
                try {
                    fetched += result.get();
                } catch (ExecutionException failed) {
                    switch (failed.getCause()) {
                        case RetryLaterException temporary -> later.addAll(temporary.problems());
                        case SocraticException broken -> wrong.addAll(broken.problems());
                        default -> throw new IllegalStateException(failed.getCause());
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        if (!wrong.isEmpty()) {
            wrong.addAll(later);
            throw new DataException(wrong);
        }
        if (!later.isEmpty()) {
            throw new RetryLaterException(later);
        }
        return fetched;
    }
}
