package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// `adapter_config.json` as PEFT writes it, as far as it changes what the adapter adds.
///
/// @param base           name or folder of the model the adapter was trained on; may be empty
/// @param rank           inner width of the factors
/// @param alpha          the factors' product is scaled by `alpha / rank`
/// @param targets        ends of the names of the adapted modules (`q_proj`); one regular expression where the file holds a text
/// @param rankStabilised whether it is scaled by `alpha / sqrt(rank)` instead (Kalajdzievski 2023, arXiv:2312.03732)
/// @param transposed     whether the base stores these weights as `[in, out]` (`fan_in_fan_out`, GPT-2)
/// @param ranks          other ranks, by end of the module's name or regular expression (`rank_pattern`)
/// @param alphas         other alphas, likewise
/// @param rows           whether the adapted rows get a length of their own (`use_dora`)
public record LoraConfig(String base, int rank, double alpha, List<String> targets, boolean rankStabilised, boolean transposed,
        Map<String, Integer> ranks, Map<String, Double> alphas, boolean rows) {
    public static final String NAME = "adapter_config.json";

    private static final int LONGEST_PATTERN = 200;
    private static final Pattern REPEATED_GROUP = Pattern.compile("\\)[*+{?]");

    public LoraConfig {
        targets = List.copyOf(targets);
        ranks = Map.copyOf(ranks);
        alphas = Map.copyOf(alphas);
        if (rank < 1) {
            throw new IllegalArgumentException("r: at least 1; got %s".formatted(rank));
        }
        if (!Double.isFinite(alpha)) {
            throw new IllegalArgumentException("lora_alpha: a number; got %s".formatted(alpha));
        }
    }

    /// The usual kind: one rank, one alpha.
    public static LoraConfig of(String base, int rank, double alpha, List<String> targets) {
        return new LoraConfig(base, rank, alpha, targets, false, false, Map.of(), Map.of(), false);
    }

    /// @return what the product of a module's factors is multiplied with
    double scale(String module, int itsRank) {
        double own = alphas.entrySet().stream()
                .filter(entry -> names(entry.getKey(), module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(alpha);
        return own / (rankStabilised ? Math.sqrt(itsRank) : itsRank);
    }

    /// @return the rank the file promises for a module
    int rank(String module) {
        return ranks.entrySet().stream().filter(entry -> names(entry.getKey(), module)).map(Map.Entry::getValue).findFirst().orElse(rank);
    }

    private static boolean names(String pattern, String module) {
        return module.equals(pattern) || module.endsWith("." + pattern) || Pattern.matches("(.*\\.)?(" + pattern + ")", module);
    }

    /// @throws DataException with everything in the file that is broken or that this version cannot merge
    static LoraConfig read(Path folder) {
        Path file = folder.resolve(NAME);
        JsonNode json = PublishedJson.read(file);
        List<Problem> problems = new ArrayList<>();
        Reader read = new Reader(file.toString(), json, problems);
        read.must("peft_type", "LORA".equals(json.path("peft_type").asText()), "'LORA', the only kind of adapter that merges here", "merge it with PEFT");
        for (String extra : List.of("lora_bias", "use_qalora", "use_bdlora")) {
            read.must(extra, !json.path(extra).asBoolean(), "false", "merge it with PEFT");
        }
        int rank = json.path("r").asInt(0);
        read.must("r", json.path("r").isInt() && rank > 0, "a whole number above 0", "");
        read.must("lora_alpha", json.path("lora_alpha").isNumber() && Double.isFinite(json.path("lora_alpha").asDouble()), "a number", "");
        List<String> targets = new ArrayList<>();
        JsonNode modules = json.path("target_modules");
        if (modules.isTextual()) {
            targets.add(modules.asText());
        }
        modules.forEach(module -> targets.add(module.asText()));
        Map<String, Integer> ranks = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        read.pattern("rank_pattern", (name, value) -> ranks.put(name, value.asInt()));
        read.pattern("alpha_pattern", (name, value) -> alphas.put(name, value.asDouble()));
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return new LoraConfig(json.path("base_model_name_or_path").asText(""), rank, json.path("lora_alpha").asDouble(), targets,
                json.path("use_rslora").asBoolean(), json.path("fan_in_fan_out").asBoolean(), ranks, alphas, json.path("use_dora").asBoolean());
    }

    private record Reader(String place, JsonNode json, List<Problem> problems) {
        void must(String name, boolean yes, String expected, String remedy) {
            if (!yes) {
                String got = json.path(name).isMissingNode() ? "nothing" : json.path(name).toString().replace('"', '\'');
                problems.add(new Problem(place + ": " + name, expected, got.length() > 60 ? got.substring(0, 60) + "..." : got, remedy));
            }
        }

        void pattern(String name, BiConsumer<String, JsonNode> each) {
            json.path(name).properties().forEach(entry -> {
                must(name, entry.getValue().isNumber() && compiles(entry.getKey()), "patterns with a number each", "");
                each.accept(entry.getKey(), entry.getValue());
            });
        }

        /// Repeated groups and long patterns are what makes matching take forever; real ones are names with a few dots.
        private static boolean compiles(String pattern) {
            try {
                Pattern.compile(pattern);
                return pattern.length() <= LONGEST_PATTERN && !REPEATED_GROUP.matcher(pattern).find();
            } catch (PatternSyntaxException broken) {
                return false;
            }
        }
    }

    /// @return the file as PEFT reads it
    String write() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base);
        json.put("r", rank).put("lora_alpha", alpha).put("lora_dropout", 0.0).put("bias", "none");
        targets.forEach(json.putArray("target_modules")::add);
        json.put("use_rslora", rankStabilised).put("use_dora", rows).put("fan_in_fan_out", transposed).put("inference_mode", true);
        json.putNull("modules_to_save");
        ranks.forEach(json.putObject("rank_pattern")::put);
        alphas.forEach(json.putObject("alpha_pattern")::put);
        return Json.pretty(json);
    }
}
