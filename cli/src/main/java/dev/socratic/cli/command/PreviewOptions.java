package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.strategy.Ask;
import java.nio.file.Path;
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

    @Option(names = "--pilot", paramLabel = "K",
            description =
            "With --dry-run: ask the first K questions and foretell from their answers what all will take, as an "
                    + "interval. They are paid for, and kept: the whole run does not ask them again.")
    private Optional<Integer> pilot = Optional.empty();

    @Option(names = "--tokenizer", paramLabel = "DIR",
            description = "With --pilot: a folder with the teacher's tokenizer and chat template, by which prompts are "
                    + "counted to the token.")
    private Optional<Path> tokenizer = Optional.empty();

    /// @param dryRun whether that is given too
    /// @param config of the whole generation
    /// @return how many questions to ask for a forecast; empty where none was asked for
    /// @throws ConfigException if it does not go together
    Optional<Integer> pilot(boolean dryRun, GenerateConfig config) {
        if (pilot.isEmpty() && tokenizer.isPresent()) {
            throw new ConfigException("--tokenizer", "--pilot K beside it", "nothing", "write --dry-run --pilot 20");
        }
        pilot.filter(k -> k < 2).ifPresent(k -> {
            throw new ConfigException("--pilot", "at least 2, for a spread", String.valueOf(k), "write --pilot 20");
        });
        if (pilot.isPresent() && !dryRun) {
            throw new ConfigException("--pilot", "--dry-run beside it", "nothing",
                    "write --dry-run --pilot %s".formatted(pilot.get()));
        }
        if (pilot.isPresent() && !(config.strategy() instanceof Ask)) {
            throw new ConfigException("--pilot", "questions that are asked once each", "a strategy of several steps",
                    "look at its first conversations: --preview %s --ask".formatted(pilot.get()));
        }
        return pilot.map(k -> config.limit().map(limit -> Math.min(limit, k)).orElse(k));
    }

    Optional<Path> tokenizer() {
        return tokenizer;
    }

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
