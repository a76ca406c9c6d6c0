package dev.socratic.models.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A model as an earlier [Pull], ours or the reference client's, left it in the cache. Nothing is fetched and no
/// server asked.
public final class CachedModel {
    private CachedModel() {}

    /// @param cache folder of the cache, [HubOptions#cache]
    /// @return the folder of the commit that the revision meant when it was last pulled; empty if it is not there
    public static Optional<Path> find(RepoId repo, Path cache) {
        CacheFolder folder = CacheFolder.of(cache, repo);
        return folder.commit(repo).map(folder::snapshot).filter(Files::isDirectory);
    }
}
