package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `adapter_config.json` as PEFT writes it, as far as it changes what the adapter adds.
///
/// @param base           name or folder of the model the adapter was trained on; may be empty
/// @param rank           inner width of the factors
/// @param alpha          the factors' product is scaled by `alpha / rank`
/// @param targets        ends of the names of the adapted modules (`q_proj`); one regular expression where the file
///                       holds a text
/// @param rankStabilised whether it is scaled by `alpha / sqrt(rank)` instead (Kalajdzievski 2023, arXiv:2312.03732)
/// @param transposed     whether the base stores these weights as `[in, out]` (`fan_in_fan_out`, GPT-2)
/// @param ranks          other ranks, by end of the module's name or regular expression (`rank_pattern`); the first
///                       that
///                       fits counts
/// @param alphas         other alphas, likewise
/// @param rows           whether the adapted rows get a length of their own (`use_dora`)
/// @param besides        what the adapter changes besides
/// @param dropout        share of what factors read that was left out at random while they learned (`lora_dropout`)
public record LoraConfig(String base, int rank, double alpha, List<String> targets, boolean rankStabilised,
        boolean transposed, Map<String, Integer> ranks, Map<String, Double> alphas, boolean rows, Besides besides,
        double dropout) {
    public static final String NAME = "adapter_config.json";

    /// What an adapter changes besides adding products of factors.
    ///
    /// @param saved    ends of the names of modules that were trained whole (`modules_to_save`)
    /// @param layers   which layers of the base stand one behind the other, `[from, to)`; none leaves them as they are
    /// @param tokens   rows that were trained of tables, by end of their module's name; "" is the embedding
    /// @param keepTied whether a head that is the embedding stays it
    /// @param biases   which of them were trained (`bias`)
    public record Besides(List<String> saved, List<Span> layers, Map<String, List<Integer>> tokens, boolean keepTied,
            Biases biases) {
        static final Besides NOTHING = new Besides(List.of(), List.of(), Map.of(), false, Biases.NONE);

        /// Layers from the first up to but without the last.
        public record Span(int from, int to) {}

        public Besides {
            saved = List.copyOf(saved);
            layers = List.copyOf(layers);
            tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        }
    }

    public LoraConfig {
        targets = List.copyOf(targets);
        // In the order of the file, in which the first that fits counts.
        ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks));
        alphas = Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
        if (rank < 1) {
            throw new IllegalArgumentException("r: at least 1; got %s".formatted(rank));
        }
        if (!Double.isFinite(alpha)) {
            throw new IllegalArgumentException("lora_alpha: a number; got %s".formatted(alpha));
        }
    }

    public LoraConfig(String base, int rank, double alpha, List<String> targets, boolean rankStabilised,
            boolean transposed, Map<String, Integer> ranks, Map<String, Double> alphas, boolean rows) {
        this(base, rank, alpha, targets, rankStabilised, transposed, ranks, alphas, rows, Besides.NOTHING, 0);
    }

    /// The usual kind: one rank, one alpha.
    public static LoraConfig of(String base, int rank, double alpha, List<String> targets) {
        return new LoraConfig(base, rank, alpha, targets, false, false, Map.of(), Map.of(), false);
    }

    /// @param names of modules, whole or their ends
    /// @param flat  whether the base stores these weights as `[in, out]`
    /// @return the same for other modules
    public LoraConfig withTargets(List<String> names, boolean flat) {
        return new LoraConfig(base, rank, alpha, names, rankStabilised, flat, ranks, alphas, rows, besides, dropout);
    }

    /// @param modules ends of the names of those that are trained whole
    /// @return the same with them
    public LoraConfig withSaved(List<String> modules) {
        return new LoraConfig(base, rank, alpha, targets, rankStabilised, transposed, ranks, alphas, rows,
                new Besides(modules, besides.layers(), besides.tokens(), besides.keepTied(), besides.biases()),
                dropout);
    }

    /// @return the same with these biases trained
    public LoraConfig withBiases(Biases biases) {
        return new LoraConfig(base, rank, alpha, targets, rankStabilised, transposed, ranks, alphas, rows,
                new Besides(besides.saved(), besides.layers(), besides.tokens(), besides.keepTied(), biases), dropout);
    }

    /// @param named name or folder of the base
    /// @return the same for a base that is found there
    public LoraConfig withBase(String named) {
        return new LoraConfig(named, rank, alpha, targets, rankStabilised, transposed, ranks, alphas, rows, besides,
                dropout);
    }

    /// @param share from 0 to below 1
    /// @return the same that learns with it
    public LoraConfig withDropout(double share) {
        return new LoraConfig(base, rank, alpha, targets, rankStabilised, transposed, ranks, alphas, rows, besides,
                share);
    }

    /// @return what the product of a module's factors is multiplied with
    public double scale(String module, int itsRank) {
        return first(alphas, module, alpha) / (rankStabilised ? Math.sqrt(itsRank) : itsRank);
    }

    /// @return the rank the file promises for a module
    public int rank(String module) {
        return first(ranks, module, rank);
    }

    private static <T> T first(Map<String, T> patterns, String module, T otherwise) {
        return patterns.entrySet().stream()
                .filter(entry -> names(entry.getKey(), module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    /// PEFT's rule: the pattern is the whole name, or its end behind a dot.
    private static boolean names(String pattern, String module) {
        return Pattern.matches("(.*\\.)?(" + pattern + ")", module);
    }

    /// @throws DataException with everything in the file that is broken or that this version cannot merge
    static LoraConfig read(Path folder) {
        return new LoraConfigFile(folder.resolve(NAME)).read();
    }

    /// @return the file as PEFT reads it
    String write() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base);
        json.put("r", rank).put("lora_alpha", alpha).put("lora_dropout", dropout)
                .put("bias", besides.biases().label());
        targets.forEach(json.putArray("target_modules")::add);
        json.put("use_rslora", rankStabilised).put("use_dora", rows).put("fan_in_fan_out", transposed)
                .put("inference_mode", true);
        if (besides.saved().isEmpty()) {
            json.putNull("modules_to_save");
        } else {
            besides.saved().forEach(json.putArray("modules_to_save")::add);
        }
        ranks.forEach(json.putObject("rank_pattern")::put);
        alphas.forEach(json.putObject("alpha_pattern")::put);
        return Json.pretty(json);
    }
}
