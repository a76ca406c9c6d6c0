package dev.socratic.models.generate;

import dev.socratic.core.json.Hashes;
import dev.socratic.models.checkpoint.ModelFiles;
import java.nio.file.Path;

/// What makes a model folder answer as it does, as one hash: weights, config, tokenizer and template. Cards, logs and
/// checkpoints next to them do not count.
public final class WeightsHash {
    private WeightsHash() {}

    public static String of(Path folder) {
        StringBuilder listing = new StringBuilder();
        ModelFiles.counting(folder).forEach((name, file) -> listing.append(Hashes.ofFile(file)).append("  ")
                .append(name).append('\n'));
        return Hashes.sha256(listing.toString());
    }
}
