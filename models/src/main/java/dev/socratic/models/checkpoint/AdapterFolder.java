package dev.socratic.models.checkpoint;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.models.hub.CachedModel;
import dev.socratic.models.hub.HubOptions;
import dev.socratic.models.hub.RepoId;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A folder with an adapter in place of a model: what it lacks, it has of its base, which `adapter_config.json` names.
///
/// The base is looked for at its path, as it stands or beside the adapter, and by its name in the cache that
/// `socratic pull` fills.
public final class AdapterFolder {
    private AdapterFolder() {}

    /// @return whether the weights of this folder are an adapter's
    public static boolean is(Path folder) {
        return Files.exists(folder.resolve(LoraConfig.NAME))
                && Stream.of(Checkpoint.SINGLE, Checkpoint.INDEX).noneMatch(name -> Files.exists(folder.resolve(name)));
    }

    /// @param folder of an adapter
    /// @return the folder of the model it was trained on
    /// @throws DataException if that is nowhere, or itself an adapter
    public static Path base(Path folder) {
        Path file = folder.resolve(LoraConfig.NAME);
        String named = PublishedJson.read(file).path("base_model_name_or_path").asText("");
        String place = file + ": base_model_name_or_path";
        Path base = found(folder, named).orElseThrow(() -> new DataException(place,
                "a folder of a model, or a model in the cache", named.isEmpty() ? "nothing" : "'" + named + "'",
                "write where the base lies, or fetch it (socratic pull ORG/NAME), or give the merged model: "
                        + "socratic merge BASE %s --out DIR".formatted(folder)));
        if (is(base)) {
            throw new DataException(place, "a whole model", "'%s', an adapter too".formatted(named),
                    "merge that one into its base first: socratic merge BASE %s --out DIR".formatted(base));
        }
        return base;
    }

    /// @param folder of an adapter
    /// @return its base as another folder may name it: a name on a hub, or a whole path
    public static String reference(Path folder) {
        String named = PublishedJson.read(folder.resolve(LoraConfig.NAME)).path("base_model_name_or_path").asText("");
        return beside(folder, named).map(base -> base.toAbsolutePath().normalize().toString()).orElse(named);
    }

    private static Optional<Path> found(Path folder, String named) {
        Optional<Path> beside = beside(folder, named);
        try {
            return beside.isPresent() ? beside
                    : CachedModel.find(RepoId.parse(named), HubOptions.from(System.getenv()).cache());
        } catch (SocraticException noName) {
            return Optional.empty();
        }
    }

    private static Optional<Path> beside(Path folder, String named) {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(named);
            return Stream.of(path, folder.resolve(path), folder.resolveSibling(path)).filter(Files::isDirectory)
                    .findFirst();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    /// @return where a file of a model lies: in its folder, or, where an adapter's lacks it, in that of its base
    public static Path file(Path folder, String name) {
        Path own = folder.resolve(name);
        return Files.exists(own) || !is(folder) ? own : base(folder).resolve(name);
    }

    /// @return the folder whose tokenizer and chat template count: the model's, or that of its base where an adapter
    ///         came without a tokenizer
    public static Path text(Path folder) {
        return Files.exists(folder.resolve("tokenizer.json")) || !is(folder) ? folder : base(folder);
    }
}
