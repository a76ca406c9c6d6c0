package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Tiny models of every family as Hugging Face folders, with random weights that are the same everywhere.
///
/// @param folder where they are written, each when it is first asked for
record SmallModels(Path folder) {
    private static final String CONFIGS = "/rehearsal/models.json";
    /// Deviation of the weights: at the usual 0.02 all logits are alike, and which is the largest is rounding.
    private static final double DEVIATION = 0.3;
    private static final long SEED = 7;

    /// @return their names, decoders and encoders
    static List<String> names() {
        List<String> names = new ArrayList<>();
        configs().fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode configs() {
        try (InputStream in = SmallModels.class.getResourceAsStream(CONFIGS)) {
            return Json.mapper().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// @return the folder of a model, with its weights in float32
    Path of(String name) {
        Path model = folder.resolve(name);
        if (!Files.exists(model.resolve("model.safetensors"))) {
            AtomicFiles.write(model.resolve("config.json"), Json.pretty(configs().path(name)));
            try (NDManager manager = Compute.CPU.manager()) {
                if (EncoderConfig.isOf(model)) {
                    try (Encoder random = Encoder.random(EncoderConfig.read(model), SEED, manager)) {
                        random.save(model, DType.F32);
                    }
                } else {
                    ModelConfig config = ModelConfig.read(model).withInitializerRange(DEVIATION);
                    try (Decoder random = Decoder.random(config, SEED, manager)) {
                        random.save(model, DType.F32);
                    }
                }
            }
        }
        return model;
    }
}
