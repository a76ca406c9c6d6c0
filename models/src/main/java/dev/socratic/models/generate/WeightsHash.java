package dev.socratic.models.generate;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What makes a model folder answer as it does, as one hash: weights, config, tokenizer and template. Cards, logs and checkpoints next to
/// them do not count.
final class WeightsHash {
    private static final Set<String> NAMES = Set.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json", "chat_template.jinja", "chat_template.json", "model.safetensors.index.json");

    private WeightsHash() {}

    static String of(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            List<String> names = list.map(file -> file.getFileName().toString())
                    .filter(name -> NAMES.contains(name) || name.endsWith(".safetensors"))
                    .sorted()
                    .toList();
            StringBuilder listing = new StringBuilder();
            names.forEach(name -> listing.append(Hashes.ofFile(folder.resolve(name))).append("  ").append(name).append('\n'));
            return Hashes.sha256(listing.toString());
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
    }
}
