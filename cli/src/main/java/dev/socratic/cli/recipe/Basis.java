package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a stage is made of: everything it is given, by content. Assembled here from the [Work] itself, so that
/// nothing a stage knows can be left out.
///
/// A file or folder counts by what is in it, wherever it lies and however its path is spelled: a run that was moved
/// is the same run. What only says how the work is done ([Effort]) does not count.
///
/// @param config what it is given, with a word in the place of each path
/// @param inputs files and folders by where they stand (`questions.file.path`); of a model, what makes it one
/// @param seeds  by where they stand
record Basis(JsonNode config, SortedMap<String, Path> inputs, SortedMap<String, Long> seeds) {
    private static final TextNode CONTENT = TextNode.valueOf("by content");

    static Basis of(Work work) {
        String main = work.getClass().getRecordComponents()[0].getName();
        SortedMap<String, Path> inputs = new TreeMap<>();
        ObjectNode whole = (ObjectNode) ConfigWriter.tree(work, work.getClass(), new ConfigWriter.View() {
            @Override
            public boolean shows(RecordComponent component) {
                return !component.isAnnotationPresent(Effort.class);
            }

            @Override
            public JsonNode path(String place, Path path) {
                if (!Files.exists(path)) {
                    return TextNode.valueOf(path.toString());
                }
                put(lifted(place, main), path, inputs);
                return CONTENT;
            }

            @Override
            public JsonNode nameOrFile(String place, String text, String kind) {
                Optional<Path> file = NamedFiles.path(text, kind);
                file.ifPresent(path -> inputs.put(lifted(place, main), path));
                return file.isPresent() ? CONTENT : TextNode.valueOf(text);
            }
        });
        ObjectNode config = (ObjectNode) whole.remove(main);
        config.setAll(whole);
        SortedMap<String, Long> seeds = new TreeMap<>();
        takeSeeds("", config, seeds);
        return new Basis(config, inputs, seeds);
    }

    /// Other numbers than float32 are part of what a stage is made of; the device and its library, as the number of
    /// threads, are only kept.
    Basis in(Compute compute) {
        if (compute.weights() == FloatType.FLOAT32 && compute.compute() == FloatType.FLOAT32) {
            return this;
        }
        ObjectNode whole = ((ObjectNode) config).deepCopy();
        whole.put("dtype", compute.compute().label());
        return new Basis(whole, inputs, seeds);
    }

    /// The first component is the stage's own config: in words for people its keys stand right under the stage.
    private static String lifted(String place, String main) {
        return place.startsWith(main + ".") ? place.substring(main.length() + 1) : place;
    }

    private static void put(String place, Path path, SortedMap<String, Path> inputs) {
        if (Files.exists(path.resolve("config.json"))) {
            Inputs.ofModel(path).forEach((name, file) -> inputs.put(place + "/" + name, file));
        } else {
            inputs.put(place, path);
        }
    }

    /// Seeds decide like all else, and have a place of their own in the manifest.
    private static void takeSeeds(String place, JsonNode node, SortedMap<String, Long> seeds) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                String at = place.isEmpty() ? entry.getKey() : place + "." + entry.getKey();
                if (entry.getKey().equals("seed") && entry.getValue().isIntegralNumber()) {
                    seeds.put(at, entry.getValue().longValue());
                } else {
                    takeSeeds(at, entry.getValue(), seeds);
                }
            });
            object.remove(seeds.containsKey(place.isEmpty() ? "seed" : place + ".seed") ? "seed" : "");
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                takeSeeds(place + "[" + i + "]", node.get(i), seeds);
            }
        }
    }
}
