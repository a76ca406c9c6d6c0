package dev.socratic.models.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.ModelFiles;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.PublishedJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A model folder written anew with plain weights: whatever they are kept in, each tensor as F32, F16 or BF16 with no
/// scale beside it. One tensor is in memory at a time; the weights come last.
public final class PlainFolder {
    private PlainFolder() {}

    /// @param folder of a whole model, not of an adapter
    /// @param out    gets the weights and every other file of the model
    /// @param dtype  F32, F16 or BF16; short types round to nearest, ties to even
    /// @throws DataException if a model is in `out`, or the weights cannot be read
    public static void write(Path folder, Path out, DType dtype) {
        for (String name : List.of(Checkpoint.SINGLE, Checkpoint.INDEX)) {
            if (Files.exists(out.resolve(name))) {
                throw new DataException(out.toString(), "a folder without a model", "one with " + name,
                        "choose another folder, or remove that file");
            }
        }
        try (PlainWeights weights = PlainWeights.open(folder)) {
            ObjectNode config = PublishedJson.read(folder.resolve(ConfigJson.NAME)).deepCopy();
            config.remove("quantization_config");
            config.remove("dtype");
            config.put("torch_dtype", DecoderFolder.torchName(dtype));
            ModelFiles.of(folder).forEach((name, file) -> {
                if (ModelFiles.travels(name) && !name.equals(ConfigJson.NAME)) {
                    AtomicFiles.write(out.resolve(name), stream -> Files.copy(file, stream));
                }
            });
            AtomicFiles.write(out.resolve(ConfigJson.NAME), Json.pretty(config));
            CheckpointWriter.write(out, weights.weights().stream().map(weight -> Outgoing.made(weight.name(), dtype,
                    weight.shape(), () -> weights.read(weight.name()))).toList(), CheckpointWriter.SHARD_BYTES);
        }
    }
}
