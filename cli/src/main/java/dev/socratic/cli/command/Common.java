package dev.socratic.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// Options of every command that computes.
final class Common {
    @Option(names = "--threads", paramLabel = "N", description = "Processor threads (default: all). The same number gives the same bytes.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Replaces a value of the config, such as generate.samples=8; repeatable.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    int threads() {
        if (threads < 1) {
            throw new dev.socratic.core.error.ConfigException("--threads", "at least 1", String.valueOf(threads), "leave it out to use all");
        }
        return threads;
    }

    Map<String, String> overrides() {
        return overrides;
    }
}
