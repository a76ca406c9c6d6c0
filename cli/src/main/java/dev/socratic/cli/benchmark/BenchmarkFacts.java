package dev.socratic.cli.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a benchmark's folder says of it, `benchmark.json`.
///
/// @param version   of the form of its files
/// @param name      as recipes name it
/// @param sources   what it was made of
/// @param questions how many, each once
/// @param repeated  rows that have a question that was there already
/// @param unread    rows that are no question
/// @param added     when, ISO 8601
public record BenchmarkFacts(int version, String name, List<Source> sources, long questions, long repeated, long unread,
        String added) {
    public BenchmarkFacts {
        sources = List.copyOf(sources);
    }

    /// @param file   where it was
    /// @param sha256 of its bytes
    public record Source(String file, String sha256) {}

    /// @param file `benchmark.json`, of this or another version
    static BenchmarkFacts read(Path file) {
        JsonNode json = Json.read(file, JsonNode.class);
        List<Source> sources = new ArrayList<>();
        json.path("sources").forEach(source -> sources.add(new Source(source.path("file").asText(),
                source.path("sha256").asText())));
        return new BenchmarkFacts(json.path("version").asInt(), file.getParent().getFileName().toString(), sources,
                json.path("questions").asLong(), json.path("repeated").asLong(), json.path("unread").asLong(),
                json.path("added").asText());
    }

    /// @return the command that makes it anew
    String command() {
        return "socratic benchmarks add %s %s --replace".formatted(name,
                String.join(" ", sources.stream().map(Source::file).toList()));
    }
}
