package dev.socratic.models.hub;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One model's part of the cache.
record CacheFolder(Path cache, Path root) {
    static CacheFolder of(Path cache, RepoId repo) {
        return new CacheFolder(cache, cache.resolve(repo.folder()));
    }

    Path blob(Checksum checksum) {
        return root.resolve("blobs").resolve(checksum.hex());
    }

    Path incomplete(Checksum checksum) {
        return root.resolve("blobs").resolve(checksum.hex() + ".incomplete");
    }

    Path lock(Checksum checksum) {
        return cache.resolve(".locks").resolve(root.getFileName()).resolve(checksum.hex() + ".lock");
    }

    Path snapshot(String commit) {
        return root.resolve("snapshots").resolve(commit);
    }

    /// @return the commit a revision meant when it was last pulled
    Optional<String> commit(RepoId repo) {
        if (repo.fixed()) {
            return Optional.of(repo.revision());
        }
        Path ref = ref(repo);
        try {
            return Files.isRegularFile(ref)
                    ? Optional.of(Files.readString(ref).strip()).filter(Checksum::isCommit)
                    : Optional.empty();
        } catch (IOException failed) {
            throw IoProblems.reading(ref, failed);
        }
    }

    void remember(RepoId repo, String commit) {
        if (!repo.fixed()) {
            AtomicFiles.write(ref(repo), commit);
        }
    }

    private Path ref(RepoId repo) {
        return root.resolve("refs").resolve(repo.revision());
    }

    /// Puts a blob under its name in a snapshot: a link, relative, so that the cache can be moved; a second hard
    /// name, or a copy, where links are not allowed.
    void link(String commit, String path, Checksum checksum) {
        Path name = snapshot(commit).resolve(path);
        Path blob = blob(checksum);
        try {
            Files.createDirectories(name.getParent());
            Path target = name.getParent().relativize(blob);
            if (Files.isSymbolicLink(name) && Files.readSymbolicLink(name).equals(target)) {
                return;
            }
            Files.deleteIfExists(name);
            try {
                Files.createSymbolicLink(name, target);
            } catch (UnsupportedOperationException | IOException noLinks) {
                if (noLinks instanceof FileAlreadyExistsException) {
                    return;
                }
                copy(blob, name);
            }
        } catch (IOException failed) {
            throw IoProblems.writing(name, failed);
        }
    }

    private static void copy(Path blob, Path name) throws IOException {
        try {
            Files.createLink(name, blob);
        } catch (UnsupportedOperationException | IOException noLinksEither) {
            AtomicFiles.write(name, out -> Files.copy(blob, out));
        }
    }
}
