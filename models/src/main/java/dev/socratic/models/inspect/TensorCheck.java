package dev.socratic.models.inspect;

import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.models.network.Misfit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names and shapes of tensors against the config and against each other.
///
/// Where the full plan of the architecture is known, it counts ([PlanCheck]). Else the shapes that follow from the
/// config are those all families share, and whatever else a layer has must be the same in every layer of its kind.
final class TensorCheck {
    private static final Pattern IN_LAYER = Pattern.compile("(.*?\\.(?:layers|layer|h|blocks))\\.(\\d{1,6})\\.(.+)");
    /// Families whose attention weights are plain products of heads and their width.
    private static final Set<String> PLAIN_ATTENTION = Set.of("llama", "mistral", "mixtral", "qwen2", "qwen3",
            "qwen3_moe", "gemma", "gemma2",
            "gemma3", "gemma3_text", "olmo", "olmo2", "smollm3", "granite", "phi");
    /// A layer that has the first has the others.
    private static final List<List<String>> TOGETHER = List.of(
            List.of("self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight"),
            List.of("mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight"));

    private final String place;
    private final ConfigFacts config;
    private final Map<String, TensorInfo> tensors;
    /// By stack of layers (a model may have several), then by number: the ends of the names.
    private final Map<String, TreeMap<Integer, Set<String>>> stacks = new LinkedHashMap<>();

    TensorCheck(String place, ConfigFacts config, Map<String, TensorInfo> tensors) {
        this.place = place;
        this.config = config;
        this.tensors = tensors;
        tensors.keySet().forEach(name -> {
            Matcher matcher = IN_LAYER.matcher(name);
            if (matcher.matches()) {
                stacks.computeIfAbsent(matcher.group(1), stack -> new TreeMap<>())
                        .computeIfAbsent(Integer.valueOf(matcher.group(2)), layer -> new TreeSet<>())
                        .add(matcher.group(3));
            }
        });
    }

    /// @param plan what does not fit the full plan of the architecture, where this version knows it; then nothing
    ///             needs to be guessed
    List<Defect> run(Optional<List<Misfit>> plan) {
        List<Defect> defects = new ArrayList<>();
        if (plan.isEmpty()) {
            defects.addAll(Defect.few(shapes()));
        }
        Set<Integer> counted = new TreeSet<>();
        stacks.forEach((stack, layers) -> {
            List<Defect> numbers = number(stack, layers);
            if (!numbers.isEmpty()) {
                counted.addAll(layers.keySet());
            }
            defects.addAll(numbers);
            if (plan.isEmpty()) {
                defects.addAll(Defect.few(missing(stack, layers)));
            }
            defects.addAll(Defect.few(unlike(stack, layers)));
        });
        defects.addAll(
                plan.map(misfits -> new PlanCheck(place)
                        .run(misfits.stream().filter(misfit -> !said(misfit, counted)).toList()))
                                .orElseGet(this::head));
        return defects;
    }

    /// Whole layers that are missing or too many are said in one line already.
    private boolean said(Misfit misfit, Set<Integer> counted) {
        Matcher matcher = IN_LAYER.matcher(misfit.name());
        if (counted.isEmpty() || !matcher.matches()) {
            return false;
        }
        int layer = Integer.parseInt(matcher.group(2));
        return switch (misfit.kind()) {
            case MISSING -> !counted.contains(layer);
            case UNEXPECTED -> layer >= config.layers().orElse(Long.MAX_VALUE);
            case SHAPE, TYPE -> false;
        };
    }

    private List<Defect> shapes() {
        List<Defect> defects = new ArrayList<>();
        tensors.values().forEach(tensor -> expected(tensor.name())
                .filter(shape -> !shape.equals(tensor.shape()))
                .ifPresent(shape ->
                        defects.add(
                                Defect.error("weights", at(tensor.name()),
                                        "shape %s, as config.json says".formatted(shape),
                        tensor.shape().toString(), "the weights and config.json belong to different models"))));
        return defects;
    }

    private Optional<List<Long>> expected(String name) {
        String end = IN_LAYER.matcher(name).replaceFirst("$3");
        OptionalLong vocab = config.vocabulary();
        OptionalLong hidden = config.hidden();
        OptionalLong width = config.width();
        OptionalLong queries = times(config.heads(), config.dim());
        OptionalLong keys = times(config.keyValueHeads(), config.dim());
        boolean plain = PLAIN_ATTENTION.contains(config.family());
        return switch (end) {
            case "model.embed_tokens.weight", "embed_tokens.weight", "transformer.wte.weight", "wte.weight",
                    "gpt_neox.embed_in.weight",
                    "lm_head.weight", "embed_out.weight" -> shape(vocab, hidden);
            case "model.norm.weight", "input_layernorm.weight", "post_attention_layernorm.weight" -> shape(hidden);
            case "self_attn.q_proj.weight" -> plain ? shape(queries, hidden) : Optional.empty();
            case "self_attn.k_proj.weight", "self_attn.v_proj.weight" -> plain ? shape(keys, hidden) : Optional.empty();
            case "self_attn.o_proj.weight" -> plain ? shape(hidden, queries) : Optional.empty();
            case "mlp.gate_proj.weight", "mlp.up_proj.weight" -> shape(width, hidden);
            case "mlp.down_proj.weight" -> shape(hidden, width);
            default -> Optional.empty();
        };
    }

    private List<Defect> number(String stack, TreeMap<Integer, Set<String>> layers) {
        List<Defect> defects = new ArrayList<>();
        if (config.layers().isEmpty() || stacks.size() > 1) {
            return defects;
        }
        long count = config.layers().getAsLong();
        List<Long> missing = new ArrayList<>();
        for (long layer = 0; layer < Math.min(count, 100_000); layer++) {
            if (!layers.containsKey((int) layer)) {
                missing.add(layer);
            }
        }
        if (!missing.isEmpty()) {
            defects.add(Defect.error("weights", at(stack), "layers 0 to %s, as config.json says".formatted(count - 1),
                    "none with number %s".formatted(missing.size() > 5 ? missing.subList(0, 5) + "..." : missing),
                    "fetch the missing shards, or mend num_hidden_layers"));
        }
        if (layers.lastKey() >= count) {
            defects.add(Defect.error("weights", at(stack), "layers 0 to %s, as config.json says".formatted(count - 1),
                    "one with number %s".formatted(layers.lastKey()),
                            "mend num_hidden_layers, or remove the layers that were cut"));
        }
        return defects;
    }

    /// A layer that has less than its kind has, and nothing of its own, is incomplete; one with tensors of its own is
    /// of another kind.
    private List<Defect> missing(String stack, TreeMap<Integer, Set<String>> layers) {
        Set<String> usual = usual(layers.values());
        List<Defect> defects = new ArrayList<>();
        layers.forEach((layer, ends) -> {
            Set<String> lacking = new TreeSet<>();
            if (usual.containsAll(ends)) {
                lacking.addAll(usual);
            }
            TOGETHER.stream().filter(group -> group.stream().anyMatch(ends::contains)).forEach(lacking::addAll);
            lacking.removeAll(ends);
            lacking.forEach(end -> defects.add(Defect.error("weights", at("%s.%s.%s".formatted(stack, layer, end)),
                    "a tensor, like its neighbours", "none",
                    "fetch the weights again; the file was written without it")));
        });
        return defects;
    }

    private static Set<String> usual(Iterable<Set<String>> layers) {
        Map<Set<String>, Integer> counts = new LinkedHashMap<>();
        layers.forEach(ends -> counts.merge(ends, 1, Integer::sum));
        // Among kinds that are equally common, the one with more.
        return counts.entrySet().stream()
                .max((a, b) -> a.getValue() == b.getValue().intValue()
                        ? Integer.compare(a.getKey().size(), b.getKey().size())
                        : Integer.compare(a.getValue(), b.getValue()))
                .map(Map.Entry::getKey)
                .orElse(Set.of());
    }

    /// The same tensor has the same type and number of axes in every layer.
    private List<Defect> unlike(String stack, TreeMap<Integer, Set<String>> layers) {
        Map<String, Map<String, List<String>>> kinds = new LinkedHashMap<>();
        layers.forEach((layer, ends) -> ends.forEach(end -> {
            String name = "%s.%s.%s".formatted(stack, layer, end);
            TensorInfo tensor = tensors.get(name);
            kinds.computeIfAbsent(end, e -> new HashMap<>())
                    .computeIfAbsent(tensor.dtype() + " with %s axes".formatted(tensor.shape().size()),
                            kind -> new ArrayList<>())
                    .add(name);
        }));
        List<Defect> defects = new ArrayList<>();
        kinds.values().stream().filter(kind -> kind.size() == 2).forEach(kind -> {
            Map.Entry<String, List<String>> most = kind.entrySet().stream()
                    .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size())).orElseThrow();
            kind.forEach((what, names) -> {
                if (!what.equals(most.getKey()) && names.size() == 1 && most.getValue().size() > 1) {
                    defects.add(
                            Defect.warning("weights", at(names.getFirst()), most.getKey() + ", like the other layers",
                                    what,
                            "check how the file was written"));
                }
            });
        });
        return defects;
    }

    private List<Defect> head() {
        boolean head = tensors.containsKey("lm_head.weight");
        boolean embedding = tensors.containsKey("model.embed_tokens.weight");
        if (embedding && !head && config.saysWhetherTied() && !config.tied()) {
            return List.of(
                    Defect.error("weights", at("lm_head.weight"),
                            "a head, for config.json says it is not the embedding", "none",
                    "write tie_word_embeddings: true if the head is the embedding, or fetch the weights again"));
        }
        return List.of();
    }

    private String at(String name) {
        return place + ": " + name;
    }

    private static OptionalLong times(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent() ? OptionalLong.of(a.getAsLong() * b.getAsLong()) : OptionalLong.empty();
    }

    private static Optional<List<Long>> shape(OptionalLong... axes) {
        List<Long> shape = new ArrayList<>();
        for (OptionalLong axis : axes) {
            if (axis.isEmpty()) {
                return Optional.empty();
            }
            shape.add(axis.getAsLong());
        }
        return Optional.of(shape);
    }
}
