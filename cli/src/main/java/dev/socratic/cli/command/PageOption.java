package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// `--html`, for commands that can write what they tell as a page too.
final class PageOption {
    private static final String ENDING = ".html";

    @Option(names = "--html", arity = "0..1", fallbackValue = "evaluation.html", paramLabel = "FILE.html",
            description = "Writes a page too, one file that needs no network: figures, and every sample to be browsed "
                    + "(default: ${FALLBACK-VALUE}).")
    private Optional<Path> page = Optional.empty();

    /// @return where it goes; empty where none is wanted
    /// @throws ConfigException if that is no page: what stands behind --html may be meant as something to read
    Optional<Path> page() {
        page.filter(file -> !file.toString().endsWith(ENDING)).ifPresent(file -> {
            throw new ConfigException("--html", "a file whose name ends in .html", file.toString(),
                    "write --html=PAGE.html, or put --html last");
        });
        return page;
    }
}
