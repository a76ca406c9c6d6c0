package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.LoraConfig.Besides;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;

/// Reads `adapter_config.json`: every field is obeyed, or changes nothing about a merged model, or is refused by name.
final class LoraConfigFile {
    private static final String PEFT = "merge it with PEFT";
    private static final int LONGEST_PATTERN = 200;
    private static final int LONGEST_NAME = 80;
    private static final double LARGEST_ALPHA = 1e6;
    private static final int MOST_LAYERS = 10_000;
    private static final Pattern REPEATED_GROUP = Pattern.compile("\\)[*+{?]");

    /// Read here.
    private static final Set<String> READ = Set.of("peft_type", "task_type", "base_model_name_or_path", "r",
            "lora_alpha", "lora_dropout",
            "target_modules", "rank_pattern", "alpha_pattern", "use_rslora", "use_dora", "fan_in_fan_out", "bias",
            "modules_to_save", "init_lora_weights", "layer_replication", "trainable_token_indices",
                    "ensure_weight_tying");
    /// What concerns training alone, or which modules got factors, which their names say.
    private static final Set<String> HARMLESS = Set.of("inference_mode", "revision", "peft_version",
            "auto_mapping", "megatron_config", "megatron_core", "loftq_config", "eva_config", "corda_config",
            "lora_ga_config", "velora_config", "runtime_config", "qalora_group_size", "layers_to_transform",
            "layers_pattern", "exclude_modules", "target_parameters");
    /// Why a merged model could not be what the adapted one is.
    private static final Map<String, String> REASONS = Map.of(
            "alora_invocation_tokens", "the adapter acts only behind these tokens, which no merged weight can",
            "lora_bias", "factors with biases", "kasa_config", "the base is changed by its singular values",
            "monteclora_config", "weights are drawn anew at each call",
            "arrow_config", "the adapter is chosen token by token",
            "use_qalora", "factors of pooled inputs", "use_bdlora", "factors in diagonal blocks");
    /// How factors may begin while the base stays what it was.
    private static final Set<String> PLAIN_STARTS = Set.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

    private final Path file;
    private final JsonNode json;
    private final List<Problem> problems = new ArrayList<>();

    LoraConfigFile(Path file) {
        this.file = file;
        this.json = PublishedJson.read(file);
    }

    /// @throws DataException with everything in the file that is broken or that this version cannot merge
    LoraConfig read() {
        must("peft_type", "LORA".equals(json.path("peft_type").asText()),
                "'LORA', the only kind of adapter that merges here", PEFT);
        must("task_type", !Set.of("SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS").contains(json.path("task_type").asText()),
                "an adapter of a language model, CAUSAL_LM", "its head has no place in a language model: " + PEFT);
        JsonNode start = json.path("init_lora_weights");
        must("init_lora_weights", start.isMissingNode() || start.isNull() || PLAIN_STARTS.contains(start.asText()),
                "factors that left the base as it was: true, gaussian, eva, orthogonal or mica",
                "this start changed the base's weights: save the adapter again with "
                        + "path_initial_model_for_weight_conversion, "
                        + "or " + PEFT);
        Optional<Biases> biases = Arrays.stream(Biases.values()).filter(one -> one.label().equals(
                json.path("bias").asText("").isEmpty() ? Biases.NONE.label() : json.path("bias").asText()))
                .findFirst();
        must("bias", biases.isPresent(), "none, all or lora_only", PEFT);
        must("r", json.path("r").isInt() && json.path("r").asInt() > 0, "a whole number above 0", "");
        double alpha = json.path("lora_alpha").asDouble(Double.NaN);
        must("lora_alpha", json.path("lora_alpha").isNumber() && Math.abs(alpha) <= LARGEST_ALPHA,
                "a number up to %s".formatted((long) LARGEST_ALPHA), "");
        double dropout = json.path("lora_dropout").asDouble(0);
        must("lora_dropout", unset("lora_dropout") || json.path("lora_dropout").isNumber() && dropout >= 0
                && dropout <= 1, "a share from 0 to 1", "");
        for (String flag : List.of("use_rslora", "use_dora", "fan_in_fan_out", "ensure_weight_tying")) {
            must(flag, unset(flag) || json.path(flag).isBoolean(), "true or false", "");
        }
        unknown();
        Map<String, Integer> ranks = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        pattern("rank_pattern", true, (name, value) -> ranks.put(name, value.asInt()));
        pattern("alpha_pattern", false, (name, value) -> alphas.put(name, value.asDouble()));
        Besides besides = new Besides(texts("modules_to_save"), layers(), tokens(),
                json.path("ensure_weight_tying").asBoolean(), biases.orElse(Biases.NONE));
        List<String> targets = json.path("target_modules").isTextual()
                ? List.of(json.path("target_modules").asText()) : texts("target_modules");
        if (!problems.isEmpty()) {
            throw new DataException(Problem.firstOf(problems));
        }
        return new LoraConfig(json.path("base_model_name_or_path").asText(""), json.path("r").asInt(), alpha, targets,
                json.path("use_rslora").asBoolean(), json.path("fan_in_fan_out").asBoolean(), ranks, alphas,
                json.path("use_dora").asBoolean(), besides, dropout);
    }

    /// A field nobody knows may change what the adapter is, unless it says nothing.
    private void unknown() {
        json.fieldNames().forEachRemaining(name -> {
            if (!READ.contains(name) && !HARMLESS.contains(name)) {
                String reason = REASONS.getOrDefault(name, "a field that this version does not know");
                must(name, unset(name), "nothing, null or false", reason + ": " + PEFT);
            }
        });
    }

    private boolean unset(String name) {
        JsonNode value = json.path(name);
        return value.isMissingNode() || value.isNull() || value.isBoolean() && !value.asBoolean()
                || value.isContainerNode() && value.isEmpty();
    }

    private List<String> texts(String name) {
        JsonNode list = json.path(name);
        boolean fits = unset(name)
                || list.isArray() && StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isTextual);
        must(name, fits, "a list of names", "");
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private List<Besides.Span> layers() {
        List<Besides.Span> layers = new ArrayList<>();
        JsonNode said = json.path("layer_replication");
        boolean fits = unset("layer_replication") || said.isArray();
        int count = 0;
        for (JsonNode span : said) {
            int from = span.path(0).asInt(-1);
            int to = span.path(1).asInt(-1);
            fits &= span.size() == 2 && span.path(0).isInt() && span.path(1).isInt() && from >= 0 && to > from;
            layers.add(new Besides.Span(from, to));
            count += to - from;
        }
        must("layer_replication", fits && count <= MOST_LAYERS, "pairs [from, to) of layers", "");
        return layers;
    }

    private Map<String, List<Integer>> tokens() {
        Map<String, List<Integer>> tokens = new LinkedHashMap<>();
        JsonNode said = json.path("trainable_token_indices");
        if (said.isArray()) {
            tokens.put("", ids(said));
        } else {
            said.properties().forEach(entry -> tokens.put(entry.getKey(), ids(entry.getValue())));
        }
        must("trainable_token_indices", unset("trainable_token_indices") || said.isContainerNode(), "token ids", "");
        return tokens;
    }

    private List<Integer> ids(JsonNode list) {
        List<Integer> ids = new ArrayList<>();
        list.forEach(id -> ids.add(id.isInt() ? id.asInt() : -1));
        must("trainable_token_indices", list.isArray() && ids.stream().allMatch(id -> id >= 0), "token ids", "");
        return ids;
    }

    private void pattern(String name, boolean whole, BiConsumer<String, JsonNode> each) {
        must(name, unset(name) || json.path(name).isObject(), "patterns with a number each", "");
        json.path(name).properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            boolean number = whole ? value.isInt() && value.asInt() > 0
                    : value.isNumber() && Math.abs(value.asDouble()) <= LARGEST_ALPHA;
            must(name, number && compiles(entry.getKey()), "patterns with a number each", "");
            each.accept(entry.getKey(), value);
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

    private void must(String name, boolean yes, String expected, String remedy) {
        if (!yes) {
            JsonNode value = json.path(name);
            String text = value.isNumber() ? value.asText() : value.toString().replace('"', '\'');
            String got = value.isMissingNode() ? "nothing" : text.length() > 60 ? text.substring(0, 60) + "..." : text;
            String shown = name.codePoints().limit(LONGEST_NAME).map(c -> Character.isISOControl(c) ? '?' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            Problem problem = new Problem(file + ": " + shown, expected, got, remedy);
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
        }
    }
}
