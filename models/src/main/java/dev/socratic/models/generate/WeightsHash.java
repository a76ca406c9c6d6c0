package dev.socratic.models.generate;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.models.checkpoint.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What makes a model folder answer as it does, as one hash: weights, config, tokenizer and template. Cards, logs and
/// checkpoints next to them do not count.
final class WeightsHash {
    private WeightsHash() {}

    static String of(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            List<String> names = list.map(file -> file.getFileName().toString())
                    .filter(ModelFiles::counts)
                    .sorted()
                    .toList();
            StringBuilder listing = new StringBuilder();
            names.forEach(name -> listing.append(Hashes.ofFile(folder.resolve(name))).append("  ").append(name)
                    .append('\n'));
            return Hashes.sha256(listing.toString());
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
    }
}
