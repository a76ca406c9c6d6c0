package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import picocli.CommandLine.Option;

/// The option of every command that computes.
final class Threads {
    @Option(names = "--threads", paramLabel = "N",
            description = "Processor threads (default: all). The same number gives the same bytes.")
    private int threads = Runtime.getRuntime().availableProcessors();

    /// @throws ConfigException if it is no number of threads
    int number() {
        if (threads < 1) {
            throw new ConfigException("--threads", "at least 1", String.valueOf(threads), "leave it out to use all");
        }
        return threads;
    }
}
