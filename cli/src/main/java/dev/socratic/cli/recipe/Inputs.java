package dev.socratic.cli.recipe;

import dev.socratic.core.io.IoProblems;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files that make a model: what they hold decides whether a stage that reads it runs again.
final class Inputs {
    private Inputs() {}

    /// @param folder of a model
    /// @return its weights, one file or all shards, its config and its tokenizer; cards, logs and timings beside them
    ///         make no other model
    static SortedMap<String, Path> ofModel(Path folder) {
        SortedMap<String, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                String name = file.getFileName().toString();
                if (name.endsWith(".safetensors")) {
                    found.put("weights/" + name, file);
                } else if (ModelFiles.counts(name)) {
                    found.put(name, file);
                }
            });
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        if (AdapterFolder.is(folder)) {
            ofModel(AdapterFolder.base(folder)).forEach((name, file) -> found.put("base/" + name, file));
        }
        return found;
    }
}
