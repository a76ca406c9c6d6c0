package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// A look at a few prompts, and on demand at a few answers, before anything else is paid for.
final class PreviewOptions {
    @Option(names = "--preview", paramLabel = "K",
            description = "Print the prompts of the first K questions as they would be sent; ask nobody.")
    private Optional<Integer> preview = Optional.empty();

    @Option(names = "--ask",
            description =
            "With --preview: ask the teacher these K questions and print its answers. They are paid for, and "
                    + "kept: the whole run does not ask them again.")
    private boolean ask;

    /// @return how many questions to show; empty where none was asked for
    Optional<Integer> questions() {
        if (ask && preview.isEmpty()) {
            throw new ConfigException("--ask", "--preview K beside it", "nothing", "write --preview 5 --ask");
        }
        preview.filter(k -> k < 1).ifPresent(k -> {
            throw new ConfigException("--preview", "at least 1", String.valueOf(k), "write --preview 5");
        });
        return preview;
    }

    boolean ask() {
        return ask;
    }

    /// @param key of the limit on questions
    /// @return the overrides with that limit
    Map<String, String> limited(Map<String, String> overrides, String key, int most) {
        Map<String, String> limited = new LinkedHashMap<>(overrides);
        limited.put(key, String.valueOf(most));
        return limited;
    }
}
