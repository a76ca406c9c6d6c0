package dev.socratic.trainer.data;

import dev.socratic.core.json.Hashes;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.checkpoint.ModelFiles;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// Content hashes of what a run reads: a run that goes on must find what it began with.
public final class ContentHashes {
    private ContentHashes() {}

    /// @param folder of a model
    /// @return hash of its config, tokenizer and weights; other files (logs, checkpoints, cards) do not count
    public static String ofModel(Path folder) {
        SortedMap<String, String> hashes = new TreeMap<>();
        ModelFiles.counting(folder).forEach((name, file) -> hashes.put(name, Hashes.ofFile(file)));
        return Hashes.ofJson(hashes);
    }

    /// @return hash of the files a source reads, in their order; the same text for a source that reads none
    public static String ofData(ExampleSource source) {
        return switch (source) {
            case ExampleSource.File file -> Hashes.of(file.path());
            case ExampleSource.WordProblems ignored -> "none";
            case ExampleSource.Mix mix -> Hashes.ofJson(
                    mix.parts().stream().map(part -> ofData(part.source())).toList());
        };
    }
}
