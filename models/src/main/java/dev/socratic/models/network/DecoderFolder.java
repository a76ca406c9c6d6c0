package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A decoder as a Hugging Face folder, or as that of an adapter.
final class DecoderFolder {
    private DecoderFolder() {}

    /// @param spread over which devices
    /// @param packed whether only to read with it: see [Packing]
    static Decoder load(Path folder, NDManager manager, FloatType held, FloatType compute, Quantization quantization,
            Spread spread, boolean packed) {
        boolean adapter = AdapterFolder.is(folder);
        if (adapter && spread.split()) {
            throw new ConfigException("device", "one device, for a base and an adapter beside it",
                    "'" + String.join(",", spread.devices()) + "'",
                    "merge them first: socratic merge BASE %s --out DIR".formatted(folder));
        }
        Path base = adapter ? AdapterFolder.base(folder) : folder;
        ModelConfig config = ConfigJson.read(base.resolve(ConfigJson.NAME));
        NDManager own = manager.newSubManager();
        try {
            Map<String, Weight> plain = weights(base, config, held, quantization, spread, own);
            Optional<Factors> factors = adapter ? Optional.of(factors(folder, config, own)) : Optional.empty();
            Map<String, Weight> weights = factors.map(some -> new LowRank(config)
                    .beside(SavedModules.read(plain, config, some.whole()), some.pairs())).orElse(plain);
            Optional<LoraConfig> lora = factors.map(Factors::lora);
            if (!packed) {
                return new Decoder(config, own, weights, compute, lora, spread.split());
            }
            try (Packing packing = new Packing(config, compute, own)) {
                return new Decoder(config, own, packing.of(weights), compute, lora, spread.split());
            }
        } catch (RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    private static Map<String, Weight> weights(Path folder, ModelConfig config, FloatType held,
            Quantization quantization, Spread spread, NDManager own) {
        try (LayerReader reader = new LayerReader(folder, config, held, quantization, spread, own)) {
            return reader.read(WeightPlan.of(config).entries(), own);
        }
    }

    /// What stands beside the weights of a base.
    ///
    /// @param pairs by the name of the weight
    /// @param whole what stands in the place of a weight, by its name
    record Factors(Map<String, LowRank.Factors> pairs, Map<String, NDArray> whole, LoraConfig lora) {}

    /// @param folder of an adapter
    /// @param config of its base
    /// @param own    owner of the factors
    /// @throws DataException with all that does not fit the base
    static Factors factors(Path folder, ModelConfig config, NDManager own) {
        LowRank beside = new LowRank(config);
        try (LoraAdapter adapter = LoraAdapter.open(folder)) {
            Map<String, Shape> known = new LinkedHashMap<>();
            WeightPlan.of(config).entries().forEach(entry -> known.put(entry.name(), entry.shape()));
            known.putIfAbsent(WeightPlan.name(config, Part.HEAD), known.get(WeightPlan.name(config, Part.EMBEDDING)));
            List<Problem> problems = new ArrayList<>(adapter.besides(beside.weights(), known));
            Map<String, LowRank.Factors> factors = new LinkedHashMap<>();
            for (String name : problems.isEmpty() ? adapter.adapted() : List.<String>of()) {
                LoraAdapter.Pair pair = adapter.factors(name, own).orElseThrow();
                int rank = Math.toIntExact(pair.a().getShape().get(0));
                factors.put(name, new LowRank.Factors(pair.a(), pair.b(), adapter.config().scale(
                        name.substring(0, name.length() - ".weight".length()), rank), pair.magnitude()));
            }
            problems.addAll(beside.problems(folder, factors));
            Map<String, NDArray> whole = new LinkedHashMap<>();
            for (String name : problems.isEmpty() ? adapter.replaced() : Set.<String>of()) {
                whole.put(name, adapter.whole(name, own));
            }
            if (!problems.isEmpty()) {
                throw new DataException(problems);
            }
            return new Factors(factors, whole, adapter.config().withBase(AdapterFolder.reference(folder)));
        }
    }

    /// The weights come last: as long as they are missing or old, nobody takes the folder for the new model.
    static void save(Decoder decoder, Path folder, DType dtype) {
        AtomicFiles.write(folder.resolve(ConfigJson.NAME), ConfigText.config(decoder.config(), torchName(dtype)));
        AtomicFiles.write(folder.resolve(ConfigJson.GENERATION), ConfigText.generation(decoder.config()));
        if (decoder.lora().isPresent()) {
            adapter(decoder, decoder.lora().get(), folder, dtype);
            return;
        }
        decoder.places().forEach((name, weight) -> {
            switch (weight) {
                case Weight.Dense ignored -> { }
                case Weight.Adapted ignored -> { }
                case Weight.Quantised ignored -> throw new IllegalArgumentException(
                        name + ": a plain weight, to be written; got a quantised one");
                case Weight.Packed ignored -> throw new IllegalArgumentException(
                        name + ": a plain weight, to be written; got a packed one");
            }
        });
        CheckpointWriter.write(folder, decoder.weights(), dtype, CheckpointWriter.SHARD_BYTES);
    }

    private static void adapter(Decoder decoder, LoraConfig lora, Path folder, DType dtype) {
        Map<String, LoraAdapter.Pair> factors = new LinkedHashMap<>();
        Map<String, NDArray> whole = new LinkedHashMap<>();
        decoder.places().forEach((name, weight) -> {
            if (weight instanceof Weight.Dense dense && SavedModules.has(lora, name,
                    SavedModules.adapted(decoder.places()))) {
                whole.put(name, dense.values());
            }
            if (weight instanceof Weight.Adapted some) {
                factors.put(name.substring(0, name.length() - ".weight".length()),
                        new LoraAdapter.Pair(some.a(), some.b(), some.magnitude(),
                                name.equals(WeightPlan.name(decoder.config(), Part.EMBEDDING))));
            }
        });
        LoraAdapter.write(folder, lora, factors, whole, dtype);
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
