package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A tiny checkpoint and what the reference computes with it; `bench/peers/models/family_fixtures.py` says how they
/// are made.
record FamilyFixture(Path folder, Decoder decoder, JsonNode expected, Map<String, NDArray> arrays) {
    static final Path ALL = Path.of("src/test/resources/families");

    static FamilyFixture open(String name, NDManager manager) {
        Path folder = ALL.resolve(name);
        Map<String, NDArray> arrays = new HashMap<>();
        try (Safetensors file = Safetensors.open(folder.resolve("expected.safetensors"))) {
            file.tensors().keySet().forEach(tensor -> arrays.put(tensor, file.read(tensor, manager)));
        }
        return new FamilyFixture(folder, Decoder.load(folder, manager),
                Json.read(folder.resolve("expected.json"), JsonNode.class), arrays);
    }

    static List<String> names() {
        try (Stream<Path> folders = Files.list(ALL)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// @return a copy of the folder whose config has another value in one field
    Path with(String field, JsonNode value, Path to) throws IOException {
        ObjectNode config = Json.read(folder.resolve("config.json"), ObjectNode.class);
        config.set(field, value);
        Files.createDirectories(to);
        Files.writeString(to.resolve("config.json"), Json.pretty(config));
        Files.copy(folder.resolve("model.safetensors"), to.resolve("model.safetensors"));
        return to;
    }

    int layers() {
        return decoder.config().layers();
    }

    List<long[]> prompts() {
        return lists("prompts");
    }

    List<long[]> lists(String field) {
        List<long[]> lists = new ArrayList<>();
        expected.get(field).forEach(list -> lists.add(Json.mapper().convertValue(list, long[].class)));
        return lists;
    }

    NDArray array(String name) {
        return arrays.get(name);
    }

    /// @return largest difference to an array of the reference, and fails if the shapes differ
    float gap(String name, NDArray ours) {
        return gap(array(name), ours);
    }

    static float gap(NDArray one, NDArray other) {
        if (one.size() != other.size()) {
            throw new AssertionError("shapes " + one.getShape() + " and " + other.getShape());
        }
        return one.sub(other.reshape(one.getShape())).abs().max().getFloat();
    }
}
