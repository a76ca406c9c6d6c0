package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Gguf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// GGUFs as model folders that are made once, so that a GGUF can be given wherever a folder is taken.
///
/// A folder is kept by the content of its file, and by the converter's version; that a file is the one it was is
/// told by its size and time. Layout: `gguf/<hash>/<name>/` with the model, `gguf/<hash>/used` whose time is the last
/// use, `gguf/files/<hash of the path>.json` what a file's content was. Beyond the bound the folders that were not
/// used for longest go. An import is made under another name and renamed when it is whole: whoever was killed begins
/// anew.
public final class GgufCache {
    /// Counted up when the same file makes another folder.
    private static final int VERSION = 1;
    private static final long DEFAULT_BOUND = 100L << 30;
    private static final String BOUND = "SOCRATIC_CACHE_GIB";

    private final Path root;
    private final long bound;
    private final Consumer<String> tell;

    /// @param environment `SOCRATIC_CACHE` says where folders are kept, else `XDG_CACHE_HOME/socratic`, else
    ///                    `~/.cache/socratic`; `SOCRATIC_CACHE_GIB` how many GiB (100)
    /// @param tell        gets a line when one is made, or goes
    public GgufCache(Map<String, String> environment, Consumer<String> tell) {
        Path home = value(environment, "SOCRATIC_CACHE").map(Path::of).orElseGet(() ->
                value(environment, "XDG_CACHE_HOME").map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("socratic"));
        this.root = home.resolve("gguf");
        this.bound = value(environment, BOUND).map(GgufCache::bound).orElse(DEFAULT_BOUND);
        this.tell = tell;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static long bound(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new DataException("environment variable " + BOUND, "a whole number of GiB", "'%s'".formatted(text),
                    "unset it for 100");
        }
        return Long.parseLong(text) << 30;
    }

    /// @return whether a path is a file that is a GGUF, or is called one
    public static boolean is(Path path) {
        return Files.isRegularFile(path) && String.valueOf(path.getFileName()).endsWith(".gguf");
    }

    /// @param file a GGUF, or any part of a split one
    /// @return its folder, made now if it was not there
    public Path folder(Path file) {
        List<Path> parts;
        long bytes;
        try (Gguf gguf = Gguf.open(file)) {
            parts = gguf.files();
            bytes = gguf.tensors().values().stream().mapToLong(tensor ->
                    tensor.rows() * tensor.width() * WeightType.LOSSLESS.of(tensor.type()).bytes()).sum();
        }
        Path entry = root.resolve(content(parts).substring(0, 32));
        Path folder = entry.resolve(name(parts.getFirst()));
        create(entry.getParent());
        try (FileLocks ignored = waited(entry.resolveSibling("." + entry.getFileName() + ".lock"))) {
            if (!Files.isDirectory(folder)) {
                make(parts.getFirst(), bytes, entry, folder);
            }
            AtomicFiles.write(entry.resolve("used"), "");
        }
        return folder;
    }

    private void make(Path file, long bytes, Path entry, Path folder) {
        tell.accept("%s is imported into %s, once (%s)".formatted(file, folder, GgufImport.size(bytes)));
        Path half = entry.resolve(".half");
        CacheRoom.remove(half);
        new CacheRoom(root, bound, tell).free(entry, bytes);
        GgufImport.run(file, half, WeightType.LOSSLESS);
        try {
            Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw IoProblems.writing(folder, failed);
        }
    }

    /// Reports and served models are called as their folder is.
    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("(-[0-9]{5}-of-[0-9]{5})?\\.gguf$", "");
    }

    /// What the parts hold, as one hash; read anew only where a part's size or time changed.
    private String content(List<Path> parts) {
        StringBuilder listing = new StringBuilder("gguf import ").append(VERSION).append('\n');
        parts.forEach(part -> listing.append(hash(part)).append('\n'));
        return Hashes.sha256(listing.toString());
    }

    private String hash(Path part) {
        try {
            Path real = part.toRealPath();
            long size = Files.size(real);
            long time = Files.getLastModifiedTime(real).toMillis();
            byte[] name = real.toString().getBytes(StandardCharsets.UTF_8);
            Path note = root.resolve("files").resolve(Hashes.sha256(name).substring(0, 32) + ".json");
            if (Files.exists(note)) {
                ObjectNode known = Json.read(note, ObjectNode.class);
                if (known.path("size").asLong() == size && known.path("time").asLong() == time) {
                    return known.path("sha256").asText();
                }
            }
            String hash = Hashes.ofFile(real);
            create(note.getParent());
            AtomicFiles.write(note, Json.line(Map.of("size", size, "time", time, "sha256", hash)));
            return hash;
        } catch (IOException failed) {
            throw IoProblems.reading(part, failed);
        }
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw IoProblems.writing(folder, failed);
        }
    }

    /// Two commands that are given the same file at once: the second waits for the first one's folder.
    private static FileLocks waited(Path lock) {
        while (true) {
            Optional<FileLocks> taken = FileLocks.tryTake(lock);
            if (taken.isPresent()) {
                return taken.get();
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return FileLocks.take(lock, lock); // says that another is at work
            }
        }
    }
}
