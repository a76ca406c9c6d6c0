package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A decoder as a Hugging Face folder.
final class DecoderFolder {
    private DecoderFolder() {}

    static Decoder load(Path folder, NDManager manager) {
        ModelConfig config = ConfigJson.read(folder.resolve(ConfigJson.NAME));
        NDManager own = manager.newSubManager();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            check(folder, config, checkpoint.tensors());
            Map<String, NDArray> weights = new LinkedHashMap<>();
            WeightPlan.of(config).forEach(entry -> weights.put(entry.name(), checkpoint.read(entry.name(), own)));
            return new Decoder(config, own, weights);
        } catch (RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    /// Everything missing, of another shape, of an unreadable type or left over, at once.
    private static void check(Path folder, ModelConfig config, Map<String, TensorInfo> tensors) {
        List<Problem> problems = new ArrayList<>();
        List<WeightPlan.Entry> plan = WeightPlan.of(config);
        for (WeightPlan.Entry entry : plan) {
            TensorInfo tensor = tensors.get(entry.name());
            String place = folder + ": " + entry.name();
            if (tensor == null) {
                problems.add(new Problem(place, "a tensor of shape " + entry.shape(), "none", "the weights and config.json belong to different models"));
            } else if (!tensor.djlShape().equals(entry.shape())) {
                problems.add(new Problem(place, "shape " + entry.shape() + ", as config.json says", tensor.djlShape().toString(),
                        "the weights and config.json belong to different models"));
            } else if (!tensor.dtype().readable()) {
                problems.add(new Problem(place, "F32, F16 or BF16", tensor.dtype().name(), "convert the weights"));
            }
        }
        Set<String> known = plan.stream().map(WeightPlan.Entry::name).collect(Collectors.toSet());
        tensors.keySet().stream()
                .filter(name -> !known.contains(name) && !harmless(name))
                .forEach(name -> problems.add(new Problem(folder + ": " + name, "only tensors that a " + config.family() + " has", "this one",
                        "the model computes something that this version does not")));
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
    }

    /// A head next to a tied embedding is a copy of it; old checkpoints keep the rope's frequencies, which follow from the config.
    private static boolean harmless(String name) {
        return name.equals(WeightPlan.HEAD) || name.endsWith(".rotary_emb.inv_freq");
    }

    /// The weights come last: as long as they are missing or old, nobody takes the folder for the new model.
    static void save(Decoder decoder, Path folder, DType dtype) {
        String storage = switch (dtype) {
            case F32 -> "float32";
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            case F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalArgumentException("weights are written as F32, F16 or BF16; got " + dtype);
        };
        AtomicFiles.write(folder.resolve(ConfigJson.NAME), ConfigJson.write(decoder.config(), storage));
        AtomicFiles.write(folder.resolve(ConfigJson.GENERATION), ConfigJson.writeGeneration(decoder.config()));
        SafetensorsWriter.write(folder.resolve(Checkpoint.SINGLE), decoder.weights(), dtype);
    }
}
