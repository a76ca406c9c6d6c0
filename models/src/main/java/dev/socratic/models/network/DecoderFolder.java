package dev.socratic.models.network;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A decoder as a Hugging Face folder.
final class DecoderFolder {
    private DecoderFolder() {}

    static Decoder load(Path folder, NDManager manager, FloatType held, FloatType compute) {
        ModelConfig config = ConfigJson.read(folder.resolve(ConfigJson.NAME));
        NDManager own = manager.newSubManager();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Family family = Family.of(config.family()).orElseThrow();
            Map<String, Weight> weights = new LinkedHashMap<>();
            new StoredWeights(folder, family, checkpoint).read(WeightPlan.of(config).entries(), held, own)
                    .forEach((name, values) -> weights.put(name, new Weight.Dense(values)));
            return new Decoder(config, own, weights, compute);
        } catch (RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    /// The weights come last: as long as they are missing or old, nobody takes the folder for the new model.
    static void save(Decoder decoder, Path folder, DType dtype) {
        AtomicFiles.write(folder.resolve(ConfigJson.NAME), ConfigText.config(decoder.config(), torchName(dtype)));
        AtomicFiles.write(folder.resolve(ConfigJson.GENERATION), ConfigText.generation(decoder.config()));
        CheckpointWriter.write(folder, decoder.weights(), dtype, CheckpointWriter.SHARD_BYTES);
    }

    /// @return what torch calls a type that weights are written in
    static String torchName(DType dtype) {
        return switch (dtype) {
            case F32 -> "float32";
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalArgumentException("weights are written as F32, F16 or BF16; got " + dtype);
        };
    }
}
