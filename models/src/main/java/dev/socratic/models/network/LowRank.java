package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Low-rank factors beside the linear weights of a decoder, as they begin: a is uniform within `1 / sqrt(in)`, which is
/// Kaiming's rule as PEFT calls it, b is zero, so that nothing is changed before the first step.
/// Sources: Hu et al. 2021, arXiv:2106.09685; He et al. 2015, arXiv:1502.01852.
final class LowRank {
    private final ModelConfig config;
    private final List<Span> spans;

    LowRank(ModelConfig config) {
        this.config = config;
        this.spans = WeightPlan.of(config).spans().stream()
                .filter(span -> span.product() || span.part() == Part.EMBEDDING).toList();
    }

    /// @param lora    rank, alpha and base; its targets are said anew
    /// @param targets which modules
    /// @return the config with the modules by the names that PEFT finds them by
    /// @throws ConfigException if a target names nothing, or something that is no linear module
    LoraConfig resolved(LoraConfig lora, LoraTargets targets) {
        Set<String> modules = new TreeSet<>();
        spans.stream().filter(span -> targets.match(span.module(), around(span)))
                .forEach(span -> modules.add(span.module()));
        if (targets instanceof LoraTargets.Modules named) {
            for (String name : named.names()) {
                if (modules.stream().noneMatch(module -> LoraTargets.named(name, module))) {
                    throw refusal("'%s'".formatted(name));
                }
            }
        }
        if (modules.isEmpty()) {
            throw refusal(targets.toString());
        }
        if (lora.rows() && spans.stream().anyMatch(span ->
                span.part() == Part.EMBEDDING && modules.contains(span.module()))) {
            throw new ConfigException("adapter.lora.use_dora", "linear modules alone", "the embedding too",
                    "leave it out of the targets, or write use_dora: false");
        }
        SavedModules.require(config, lora, modules);
        return lora.withTargets(shortest(modules), Family.of(config.family()).orElseThrow().transposed());
    }

    /// @return whether it is no module within a layer: it gets factors where it is named
    private static boolean around(Span span) {
        return span.part() == Part.HEAD || span.part() == Part.EMBEDDING;
    }

    /// @return how many numbers factors of this rank have
    long parameters(int rank, LoraTargets targets) {
        return spans.stream().filter(span -> targets.match(span.module(), around(span)))
                .mapToLong(span -> rank * (span.in() + span.out())).sum();
    }

    private ConfigException refusal(String got) {
        return new ConfigException("adapter.lora.targets", "linear modules of the student, or its embedding", got,
                "known: all_linear, or some of: " + String.join(", ", ends(spans.stream().map(Span::module).toList())));
    }

    /// The ends of the names, where these say the same, otherwise whole names.
    private List<String> shortest(Set<String> modules) {
        List<String> ends = ends(modules);
        Set<String> found = spans.stream().map(Span::module)
                .filter(module -> ends.stream().anyMatch(end -> LoraTargets.named(end, module)))
                .collect(Collectors.toCollection(TreeSet::new));
        return found.equals(modules) ? ends : List.copyOf(modules);
    }

    private static List<String> ends(Iterable<String> modules) {
        Set<String> ends = new TreeSet<>();
        modules.forEach(module -> ends.add(module.substring(module.lastIndexOf('.') + 1)));
        return List.copyOf(ends);
    }

    /// @param weights of the decoder, none adapted
    /// @param lora    with targets by name
    /// @param seed    of the factors
    /// @param own     owner of the factors
    /// @return the weights, of which some are adapted
    Map<String, Weight> beside(Map<String, Weight> weights, LoraConfig lora, long seed, NDManager own) {
        try (RowLengths lengths = new RowLengths(own)) {
            return beside(weights, lora, seed, own, lengths);
        }
    }

    private Map<String, Weight> beside(Map<String, Weight> weights, LoraConfig lora, long seed, NDManager own,
            RowLengths lengths) {
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        for (Span span : spans) {
            if (lora.targets().stream().anyMatch(target -> LoraTargets.named(target, span.module()))) {
                int rank = lora.rank(span.module());
                boolean table = span.part() == Part.EMBEDDING; // of which rows are looked up: `[in, out]`
                long in = table ? span.out() : span.in();
                NDArray a = Initial.uniform(seed, span.module() + ".lora_A.weight", new Shape(rank, in),
                        1 / Math.sqrt(span.in()), own);
                NDArray b = own.zeros(new Shape(table ? span.in() : span.out(), rank));
                Optional<NDArray> magnitude = lora.rows()
                        ? Optional.of(lengths.of(base(all, span), span, own)) : Optional.empty();
                put(all, span, new Factors(a, b, lora.scale(span.module(), rank), magnitude));
            }
        }
        return all;
    }

    /// @param factors of each weight by its name
    /// @return the weights, of which some are adapted
    Map<String, Weight> beside(Map<String, Weight> weights, Map<String, Factors> factors) {
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        spans.stream().filter(span -> factors.containsKey(span.weight().name())).forEach(span -> {
            put(all, span, factors.get(span.weight().name()));
        });
        return all;
    }

    /// @param folder of the adapter
    /// @return factors that do not fit the weights they stand beside
    List<Problem> problems(Path folder, Map<String, Factors> factors) {
        List<Problem> problems = new ArrayList<>();
        spans.stream().filter(span -> factors.containsKey(span.weight().name())).forEach(span -> {
            Shape a = factors.get(span.weight().name()).a().getShape();
            Shape b = factors.get(span.weight().name()).b().getShape();
            boolean table = span.part() == Part.EMBEDDING;
            long in = table ? span.out() : span.in();
            long out = table ? span.in() : span.out();
            if (a.get(1) != in || b.get(0) != out) {
                problems.add(new Problem(folder.resolve(LoraAdapter.WEIGHTS) + ": " + span.module(),
                        "A [rank, %s] and B [%s, rank]".formatted(in, out), "%s and %s".formatted(a, b),
                        "base_model_name_or_path names another model than the adapter was trained on"));
            }
        });
        return Problem.firstOf(problems);
    }

    /// A head that is the embedding stays what that was, and gets an entry of its own.
    private void put(Map<String, Weight> all, Span span, Factors some) {
        if (config.tiedHead() && span.part() == Part.EMBEDDING) {
            all.putIfAbsent(WeightPlan.name(config, Part.HEAD), all.get(span.weight().name()));
        }
        all.put(span.weight().name(),
                new Weight.Adapted(base(all, span), some.a(), some.b(), some.scale(), some.magnitude()));
    }

    private Weight base(Map<String, Weight> all, Span span) {
        String name = span.weight().name();
        return all.containsKey(name) ? all.get(name) : all.get(WeightPlan.name(config, Part.EMBEDDING));
    }

    /// @param a         `[rank, in]`
    /// @param b         `[out, rank]`
    /// @param scale     of their product
    /// @param magnitude of the rows, `[out]`
    record Factors(NDArray a, NDArray b, double scale, Optional<NDArray> magnitude) {}

    /// @return names of the weights that factors can stand beside
    List<String> weights() {
        List<String> names = new ArrayList<>();
        spans.forEach(span -> names.add(span.weight().name()));
        return names;
    }
}
