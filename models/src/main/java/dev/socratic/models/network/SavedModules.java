package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.checkpoint.Biases;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Modules of a base that learn whole beside factors elsewhere, PEFT's `modules_to_save`, and biases that do, its
/// `bias`.
/// Of a head that is the embedding each side has its own numbers from then on.
final class SavedModules {
    private static final String BIAS = ".bias";

    private SavedModules() {}

    /// @param adapted whether a module has factors
    /// @return whether a weight is one of these modules', or one of these biases
    static boolean has(LoraConfig lora, String weight, Predicate<String> adapted) {
        String module = weight.substring(0, weight.lastIndexOf('.'));
        boolean bias = weight.endsWith(BIAS) && switch (lora.besides().biases()) {
            case NONE -> false;
            case ALL -> true;
            case LORA_ONLY -> adapted.test(module);
        };
        return bias || lora.besides().saved().stream().anyMatch(name -> LoraTargets.named(name, module));
    }

    /// @param weights of an adapted model
    /// @return whether a module of it has factors
    static Predicate<String> adapted(Map<String, Weight> weights) {
        return module -> weights.get(module + ".weight") instanceof Weight.Adapted;
    }

    /// @param adapted modules that get factors
    /// @throws ConfigException if a name is that of no module, or of one with factors
    static void require(ModelConfig config, LoraConfig lora, Collection<String> adapted) {
        Set<String> modules = new TreeSet<>(adapted);
        WeightPlan plan = WeightPlan.of(config);
        plan.spans().forEach(span -> modules.add(span.module()));
        Biases biases = lora.besides().biases();
        if (biases != Biases.NONE && plan.entries().stream().map(WeightPlan.Entry::name).filter(name ->
                name.endsWith(BIAS)).noneMatch(name -> has(lora, name, adapted::contains))) {
            throw new ConfigException("adapter.lora.bias", "biases of the student, or none",
                    "%s, and %s".formatted(biases.label(), biases == Biases.ALL ? "it has no biases"
                            : "no module with factors has one"), "write bias: none");
        }
        for (String name : lora.besides().saved()) {
            List<String> found = modules.stream().filter(module -> LoraTargets.named(name, module)).toList();
            Set<String> ends = new TreeSet<>();
            modules.forEach(module -> ends.add(module.substring(module.lastIndexOf('.') + 1)));
            if (found.isEmpty()) {
                throw new ConfigException("adapter.lora.modules_to_save", "modules of the student",
                        "'" + name + "'", Spelling.remedy(name, ends));
            }
            if (found.stream().anyMatch(adapted::contains)) {
                throw new ConfigException("adapter.lora.modules_to_save", "modules without factors",
                        "'" + name + "', which is one of the targets too", "write it in one of the two");
            }
        }
    }

    /// @param weights of a base, of which none learns
    /// @param own     owner of the copies
    /// @param adapted whether a module is to have factors
    /// @return the same with copies of those that learn
    /// @throws ConfigException if one is kept in few bits
    static Map<String, Weight> apart(Map<String, Weight> weights, ModelConfig config, LoraConfig lora,
            Predicate<String> adapted, NDManager own) {
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        String head = WeightPlan.name(config, Part.HEAD);
        String embedding = WeightPlan.name(config, Part.EMBEDDING);
        if (config.tiedHead() && (has(lora, head, adapted) || has(lora, embedding, adapted))) {
            all.put(head, weights.get(embedding));
        }
        all.replaceAll((name, weight) -> has(lora, name, adapted) ? copy(name, weight, own) : weight);
        return all;
    }

    private static Weight copy(String name, Weight weight, NDManager own) {
        return switch (weight) {
            case Weight.Dense dense -> dense.copy(own);
            case Weight.Quantised ignored -> throw new ConfigException("adapter.lora.modules_to_save",
                    "modules that are kept as they are", "'" + name + "', of few bits",
                    "write base: nf4, which leaves embedding and head as they are, or give it factors");
            case Weight.Packed ignored -> throw new IllegalStateException("a packed matrix learns nothing");
            case Weight.Adapted ignored -> throw new IllegalStateException("a module with factors is not saved whole");
        };
    }

    /// @param read what a folder has in their place, by the base's names
    /// @return the weights with them
    static Map<String, Weight> read(Map<String, Weight> weights, ModelConfig config, Map<String, NDArray> read) {
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        String embedding = WeightPlan.name(config, Part.EMBEDDING);
        if (config.tiedHead() && read.containsKey(embedding)) {
            all.put(WeightPlan.name(config, Part.HEAD), weights.get(embedding));
        }
        read.forEach((name, array) -> all.put(name, new Weight.Dense(array)));
        return all;
    }
}
