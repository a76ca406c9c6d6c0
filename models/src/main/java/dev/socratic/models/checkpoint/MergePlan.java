package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which tensors a merged model has, where each begins, and what its config says then.
///
/// A head that is the embedding is a tensor of its own once the adapter changed one of the two alone, as in PEFT's
/// model, whose head keeps the
/// numbers of the base; tables may have got rows; layers may stand there several times.
final class MergePlan {
    private static final List<String> EMBEDDINGS = List.of("model.embed_tokens.weight", "transformer.wte.weight",
            "wte.weight",
            "gpt_neox.embed_in.weight", "embed_tokens.weight");
    private static final String USUAL_EMBEDDING = EMBEDDINGS.getFirst();
    private static final Pattern IN_LAYER =
            Pattern.compile("(.*?(?:^|\\.)(?:layers|layer|h|blocks)\\.)(\\d{1,6})(\\..+)");
    /// Families whose linear layers are stored as `[in, out]`.
    private static final Set<String> TRANSPOSED = Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");
    private static final List<String> LAYER_COUNTS = List.of("num_hidden_layers", "n_layer", "n_layers");
    /// What says of a layer by its number of what kind it is.
    private static final List<String> BY_NUMBER = List.of("sliding_window_pattern", "no_rope_layer_interval",
            "mlp_only_layers");

    private final Path base;
    private final ObjectNode config;
    private final Map<String, TensorInfo> tensors;
    private final LoraAdapter lora;
    private final LoraTensors names;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /// @param name  of the merged tensor
    /// @param from  the base's tensor it begins as
    /// @param as    what the adapter calls the weight; also where it does not touch it
    /// @param whole the adapter's tensor it begins as instead
    record Step(String name, TensorInfo from, String as, Optional<TensorInfo> whole) {
        List<Long> shape() {
            return whole.map(TensorInfo::shape).orElse(from.shape());
        }
    }

    /// @param config of the base
    MergePlan(Path base, JsonNode config, Map<String, TensorInfo> tensors, LoraAdapter lora) {
        this.base = base;
        this.config = config.isObject() ? config.deepCopy() : null;
        this.tensors = tensors;
        this.lora = lora;
        this.names = lora.names();
        plan();
    }

    List<Step> steps() {
        return steps;
    }

    /// @return the config of the merged model
    JsonNode config() {
        return config;
    }

    /// @return rows of the embedding; empty where the base has none that is known
    Optional<Long> vocabulary() {
        return steps.stream().filter(step -> EMBEDDINGS.contains(step.name())).map(step -> step.shape().getFirst())
                .findFirst();
    }

    /// @return everything in the adapter that the base has no place for, and what cannot be merged into it
    List<Problem> problems() {
        return Problem.firstOf(problems);
    }

    /// @return whether the base keeps a weight as `[in, out]`; a table has no such side
    boolean transposed(Step step) {
        LoraTensors.Factors pair = names.factors().get(step.as());
        if (pair == null || pair.embedding()) {
            return false;
        }
        long in = lora.info(pair.a()).shape().getLast();
        long out = lora.info(pair.b()).shape().getFirst();
        String type = config.path("model_type").asText("");
        boolean layer = IN_LAYER.matcher(step.name()).matches();
        return in != out ? step.shape().equals(List.of(in, out)) : type.isEmpty() ? lora.config().transposed() : layer
                && TRANSPOSED.contains(type);
    }

    private void plan() {
        String embedding = EMBEDDINGS.stream().filter(tensors::containsKey).findFirst().orElse(USUAL_EMBEDDING);
        String head = embedding.startsWith("gpt_neox") ? "embed_out.weight" : "lm_head.weight";
        JsonNode said = config.path("tie_word_embeddings");
        boolean tied = said.isBoolean() ? said.asBoolean() : !tensors.containsKey(head);
        Map<String, String> bare = bare();
        layers().forEach((name, from) -> {
            if (!(tied && name.equals(head) && tensors.containsKey(embedding))) {
                String own = tied && name.equals(head) ? embedding : name;
                steps.add(step(own, from, bare.getOrDefault(name, own)));
            }
        });
        if (tied) {
            tied(embedding, head);
        }
        sizes(embedding, head);
        steps.forEach(this::check);
        Set<String> placed = new HashSet<>();
        steps.forEach(step -> placed.add(step.as()));
        if (tied) {
            placed.add(head);
            placed.add(embedding);
        }
        names.touched().stream().filter(weight -> !placed.contains(weight))
                .forEach(weight -> misfit(weight, shapes(weight), "none"));
    }

    private Step step(String name, TensorInfo from, String as) {
        String whole = names.replaced().getOrDefault(as, names.copies().get(as));
        return new Step(name, from, as, Optional.ofNullable(whole).map(lora::info));
    }

    /// Checkpoints of a bare body lack the first part of its names, as in `wte.weight` for `transformer.wte.weight`.
    private Map<String, String> bare() {
        Map<String, String> bare = new LinkedHashMap<>();
        names.touched().stream().filter(weight -> !tensors.containsKey(weight)).forEach(weight -> {
            String end = weight.substring(weight.indexOf('.') + 1);
            if (tensors.containsKey(end)) {
                bare.put(end, weight);
            }
        });
        return bare;
    }

    /// @return the tensors of the base as its layers stand in the merged model
    private Map<String, TensorInfo> layers() {
        List<Integer> order = lora.config().besides().layers().stream()
                .flatMap(span -> IntStream.range(span.from(), span.to()).boxed()).toList();
        if (order.isEmpty()) {
            return tensors;
        }
        Map<String, TensorInfo> all = new LinkedHashMap<>();
        int most = tensors.keySet().stream().map(IN_LAYER::matcher).filter(Matcher::matches)
                .mapToInt(found -> Integer.parseInt(found.group(2))).max().orElse(-1);
        if (order.stream().anyMatch(layer -> layer > most)) {
            problems.add(new Problem(lora.file().resolveSibling(LoraConfig.NAME) + ": layer_replication",
                    "layers of the base, 0 to %s".formatted(most),
                    "" + order.stream().mapToInt(Integer::intValue).max().orElseThrow(),
                            "give the model the adapter was trained on"));
            return tensors;
        }
        boolean[] done = new boolean[1];
        tensors.forEach((name, tensor) -> {
            if (!IN_LAYER.matcher(name).matches()) {
                all.put(name, tensor);
            } else if (!done[0]) {
                done[0] = true;
                IntStream.range(0, order.size()).forEach(layer -> tensors.forEach((other, its) -> {
                    Matcher found = IN_LAYER.matcher(other);
                    if (found.matches() && Integer.parseInt(found.group(2)) == order.get(layer)) {
                        all.put(found.group(1) + layer + found.group(3), its);
                    }
                }));
            }
        });
        counted(order, most + 1);
        return all;
    }

    private void counted(List<Integer> order, int before) {
        BY_NUMBER.stream().filter(field -> config.path(field).isNumber() && config.path(field).asInt() > 0
                || !config.path(field).isEmpty())
                .forEach(field -> problems.add(new Problem(base.resolve("config.json") + ": " + field,
                        "layers of one kind, for layer_replication repeats some",
                        config.path(field).toString(), "merge the adapter with PEFT")));
        LAYER_COUNTS.stream().filter(config::has).forEach(field -> config.put(field, order.size()));
        for (String field : List.of("layer_types", "no_rope_layers")) {
            if (config.path(field).size() == before) {
                ArrayNode kinds = config.arrayNode();
                order.forEach(layer -> kinds.add(config.path(field).get(layer)));
                config.set(field, kinds);
            }
        }
    }

    private void tied(String embedding, String head) {
        boolean one = names.touches(embedding);
        boolean other = names.touches(head);
        Optional<Step> table = steps.stream().filter(step -> step.name().equals(embedding)).findFirst();
        if (!one && !other || table.isEmpty()) {
            return;
        }
        boolean rowsOfBoth = names.rows().containsKey(embedding) && !other; // PEFT gives the head the same rows
        if (lora.config().besides().keepTied() || rowsOfBoth) {
            steps.set(steps.indexOf(table.get()), step(embedding, table.get().from(), one ? embedding : head));
            return;
        }
        Optional<TensorInfo> resized = Optional.ofNullable(names.originals().get(embedding)).filter(any -> !other)
                .map(lora::info);
        Step its = step(head, table.get().from(), head);
        steps.add(resized.isPresent() ? new Step(head, its.from(), head, resized) : its);
        config.put("tie_word_embeddings", false);
    }

    /// Tables may have got rows, both as many.
    private void sizes(String embedding, String head) {
        List<Step> tables = steps.stream().filter(step -> step.name().equals(embedding) || step.name().equals(head))
                .toList();
        List<Long> rows = tables.stream().map(step -> step.shape().getFirst()).distinct().toList();
        if (rows.size() > 1) {
            problems.add(new Problem(lora.file().toString(), "as many rows of the embedding as of the head",
                    rows.toString(),
                    "save the adapter with save_embedding_layers=True, or merge it with PEFT"));
        } else if (!tables.isEmpty() && !rows.getFirst().equals(tables.getFirst().from().shape().getFirst())) {
            config.put("vocab_size", rows.getFirst());
        }
    }

    private void check(Step step) {
        boolean table = EMBEDDINGS.contains(step.name()) || step.name().equals("lm_head.weight")
                || step.name().equals("embed_out.weight");
        List<Long> before = step.from().shape();
        step.whole().filter(whole -> table && whole.shape().size() == 2 && before.size() == 2
                ? !whole.shape().getLast().equals(before.getLast()) : !whole.shape().equals(before))
                .ifPresent(whole -> misfit(step.as(), List.of(whole.shape()), before.toString()));
        boolean made = names.factors().containsKey(step.as()) || names.rows().containsKey(step.as());
        if (made && !step.from().dtype().writable()) {
            problems.add(new Problem(base + ": " + step.from().name(), "F32, F16 or BF16, to add an adapter to",
                    step.from().dtype().name(),
                    "merge into the model before it was quantised"));
        }
        LoraTensors.Factors pair = names.factors().get(step.as());
        if (pair != null && !shapes(step.as()).contains(step.shape())) {
            misfit(step.as(), shapes(step.as()), step.shape().toString());
        }
        if (names.rows().containsKey(step.as())) {
            int last = names.rowsOf(step.as(), lora.config()).stream().mapToInt(Integer::intValue).max().orElse(-1);
            long width = lora.info(names.rows().get(step.as())).shape().getLast();
            if (step.shape().size() != 2 || step.shape().getLast() != width || last >= step.shape().getFirst()) {
                misfit(step.as(), List.of(List.of(last + 1L, width)), step.shape().toString());
            }
        }
    }

    /// @return shapes that a weight of the base may have, the likelier first
    private List<List<Long>> shapes(String weight) {
        LoraTensors.Factors pair = names.factors().get(weight);
        if (pair == null) {
            String tensor = names.replaced().getOrDefault(weight, names.rows().get(weight));
            return List.of(lora.info(tensor).shape());
        }
        long in = lora.info(pair.a()).shape().getLast();
        long out = lora.info(pair.b()).shape().getFirst();
        boolean flat = pair.embedding() || lora.config().transposed();
        boolean either = !pair.embedding() && TRANSPOSED.contains(config.path("model_type").asText(""));
        List<Long> usual = flat ? List.of(in, out) : List.of(out, in);
        return either ? List.of(usual, usual.reversed()) : List.of(usual);
    }

    private void misfit(String weight, List<List<Long>> shapes, String got) {
        String trained = lora.config().base();
        problems.add(new Problem(lora.file() + ": " + weight,
                "a base with such a weight of shape " + shapes.getFirst(), got,
                "give the model the adapter was trained on" + (trained.isEmpty() ? "" : ": " + trained)));
    }
}
