package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A model of many layers, all with the same numbers, so that it is written without ever being in memory: bfloat16, in
/// shards of 32 MB.
public final class TallModel {
    private TallModel() {}

    /// @param layers of 12 hidden^2 weights each, give or take
    /// @return bytes of its weights in float32
    public static long write(Path folder, int vocab, int hidden, int layers, int context) throws IOException {
        ModelConfig config = ModelConfig.llama(vocab, hidden, 1, hidden / 64, hidden / 64, 8 * hidden / 3, context,
                true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(config, 1, manager)) {
            decoder.save(folder, DType.BF16);
            Map<String, NDArray> weights = new LinkedHashMap<>();
            decoder.weights().forEach((name, array) -> {
                for (int layer = 0; layer < (decoder.inLayer(name) ? layers : 1); layer++) {
                    weights.put(name.replace("layers.0.", "layers." + layer + "."), array.reshape(array.getShape()));
                }
            });
            CheckpointWriter.write(folder, weights, DType.BF16, 32 << 20);
        }
        ObjectNode json = Json.read(folder.resolve("config.json"), ObjectNode.class);
        Files.writeString(folder.resolve("config.json"), Json.pretty(json.put("num_hidden_layers", layers)));
        return ModelConfig.read(folder).parameters() * Float.BYTES;
    }
}
