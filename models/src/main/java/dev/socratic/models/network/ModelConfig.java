package dev.socratic.models.network;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.LoraTargets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// An architecture as data: what differs between decoders that run through the same program. What the models of one
/// family have in common besides, the names and the layout of their weights, is in the family's data file.
///
/// @param family           `model_type` in the config file
/// @param vocab            rows of the embedding
/// @param hidden           width of the residual stream
/// @param width            inner width of the feed-forward part where it is dense
/// @param positions        `max_position_embeddings`
/// @param context          longest sequence: `positions`, or more where the rope is stretched
/// @param attention        shape of the attention
/// @param feedForward      shape of the feed-forward part
/// @param norm             how activations are normed
/// @param pattern          the layers, from the first
/// @param parallel         whether the feed-forward part reads what the attention reads, instead of what it leaves
/// @param scales           factors along the way
/// @param tiedHead         whether the head is the embedding
/// @param initializerRange standard deviation of random weights
/// @param special          ids with a meaning of their own
public record ModelConfig(
        String family,
        int vocab,
        int hidden,
        int width,
        int positions,
        int context,
        Attention attention,
        FeedForward feedForward,
        Norm norm,
        List<Layer> pattern,
        boolean parallel,
        Scales scales,
        boolean tiedHead,
        double initializerRange,
        SpecialTokens special) {
    private static final int MOST_LAYERS = 10_000;
    private static final int MOST_COORDINATES = 1 << 24;
    private static final int MOST_EXPERTS = 1 << 18;

    /// @throws ConfigException with everything that is inconsistent
    public ModelConfig {
        pattern = List.copyOf(pattern);
        List<Problem> problems = new ArrayList<>();
        if (Family.of(family).isEmpty()) {
            problems.add(unknown(family));
        }
        positive(problems, "vocab_size", vocab);
        positive(problems, "hidden_size", hidden);
        positive(problems, "num_hidden_layers", pattern.size());
        positive(problems, "intermediate_size", width);
        positive(problems, "max_position_embeddings", positions);
        positive(problems, "num_attention_heads", attention.heads());
        positive(problems, "num_key_value_heads", attention.kvHeads());
        positive(problems, "head_dim", attention.dim());
        if (!(norm.epsilon() > 0 && norm.epsilon() < Double.POSITIVE_INFINITY)) {
            problems.add(new Problem("norm_eps", "a number above 0", "" + norm.epsilon(), ""));
        }
        if ((long) attention.heads() * attention.dim() > MOST_COORDINATES) {
            problems.add(new Problem("num_attention_heads",
                    "heads and their width with a product of at most %s".formatted(MOST_COORDINATES),
                    attention.heads() + " heads of width " + attention.dim(), ""));
        }
        int experts = feedForward.experts().map(FeedForward.Experts::count).orElse(0);
        if ((long) experts * pattern.size() > MOST_EXPERTS) {
            problems.add(new Problem("num_experts", "at most %s experts in all layers".formatted(MOST_EXPERTS),
                    "%s in each of %s layers".formatted(experts, pattern.size()), ""));
        }
        if (attention.kvHeads() > 0 && attention.heads() % attention.kvHeads() != 0) {
            problems.add(new Problem("num_key_value_heads", "a divisor of num_attention_heads " + attention.heads(),
                    "" + attention.kvHeads(), "give each key head the same number of query heads"));
        }
        if (pattern.stream().anyMatch(layer -> !(layer.rope() instanceof Rope.None))
                && (attention.rotated() % 2 != 0 || attention.rotated() < 2 || attention.rotated() > attention.dim())) {
            problems.add(new Problem("head_dim",
                    "an even number of coordinates that turn, at most %s".formatted(attention.dim()),
                    "" + attention.rotated(), "choose an even width"));
        }
        if (pattern.stream().mapToInt(Layer::window).filter(window -> window != 0).distinct().count() > 1
                || pattern.stream().anyMatch(layer -> layer.window() < 0)) {
            problems.add(new Problem("sliding_window", "one number above 0 for all layers with a window",
                    pattern.stream().map(Layer::window).distinct().toList().toString(), ""));
        }
        feedForward.experts().filter(some -> some.perToken() < 1 || some.perToken() > some.count() || some.width() < 1)
                .ifPresent(some -> problems.add(
                        new Problem("num_experts_per_tok", "1 to the number of experts, %s".formatted(some.count()),
                        "" + some.perToken(), "")));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    static Problem unknown(String family) {
        return new Problem("model_type", "a family that was compared with the reference implementation",
                "'" + family + "'",
                "known: " + String.join(", ", Family.KNOWN));
    }

    /// @param folder a Hugging Face folder; its `config.json` is read
    /// @throws dev.socratic.core.error.DataException if it is missing or damaged
    public static ModelConfig read(Path folder) {
        return ConfigJson.read(AdapterFolder.file(folder, ConfigJson.NAME));
    }

    /// A Llama without extras: plain rope of theta 10,000, epsilon 1e-5, random weights of deviation 0.02, heads of
    /// width hidden / heads.
    public static ModelConfig llama(
            int vocab, int hidden, int layers, int heads, int kvHeads, int width, int context, boolean tiedHead,
            SpecialTokens special) {
        if (heads < 1 || hidden % heads != 0) {
            throw new ConfigException("num_attention_heads", "a divisor of hidden_size " + hidden, "" + heads,
                    "choose a divisor of the width");
        }
        List<Layer> pattern = Collections.nCopies(Math.clamp(layers, 0, MOST_LAYERS),
                Layer.full(new Rope.Plain(10_000)));
        return new ModelConfig("llama", vocab, hidden, width, context, context,
                Attention.plain(heads, kvHeads, hidden / heads),
                FeedForward.swiGlu(), new Norm(Norm.Kind.RMS, 1e-5), pattern, false, Scales.NONE, tiedHead, 0.02,
                special);
    }

    /// @return how many layers
    public int layers() {
        return pattern.size();
    }

    /// @param kept layers, in the order of the new model
    /// @return the same architecture with these layers only, each of the kind it was
    public ModelConfig keeping(List<Integer> kept) {
        return new ModelConfig(family, vocab, hidden, width, positions, context, attention, feedForward, norm,
                kept.stream().map(pattern::get).toList(), parallel, scales, tiedHead, initializerRange, special);
    }

    /// @param deviation of random weights
    public ModelConfig withInitializerRange(double deviation) {
        return new ModelConfig(family, vocab, hidden, width, positions, context, attention, feedForward, norm, pattern,
                parallel, scales, tiedHead,
                deviation, special);
    }

    /// @return the window of the layers that have one; 0 if none has
    int window() {
        return pattern.stream().mapToInt(Layer::window).max().orElse(0);
    }

    /// @return the different ropes of the layers
    List<Rope> ropes() {
        return pattern.stream().map(Layer::rope).filter(rope -> !(rope instanceof Rope.None)).distinct().toList();
    }

    /// @return whether frequencies are the same for sequences of every length
    boolean steady() {
        return ropes().stream().allMatch(rope -> rope.steadyUpTo() == 0);
    }

    /// @return the longest sequence whose frequencies are those of every shorter one
    int steadyUpTo() {
        return ropes().stream().mapToInt(Rope::steadyUpTo).filter(length -> length > 0).min().orElse(Integer.MAX_VALUE);
    }

    /// @return the length beyond which other frequencies hold for all positions, earlier ones too; 0 where that never
    ///         happens
    public int rereadBeyond() {
        return ropes().stream().filter(Rope.LongRope.class::isInstance).mapToInt(Rope::steadyUpTo).max().orElse(0);
    }

    /// @return number of weights, a tied head counted once
    public long parameters() {
        return WeightPlan.of(this).entries().stream().mapToLong(WeightPlan.Entry::size).sum();
    }

    /// @param names which weights, by their names
    /// @return how many numbers those have
    public long parameters(Predicate<String> names) {
        return WeightPlan.of(this).entries().stream().filter(entry -> names.test(entry.name()))
                .mapToLong(WeightPlan.Entry::size).sum();
    }

    /// @param bits in how few its matrices are kept
    /// @return bytes of its weights, those that stay as they are in float32
    public long bytes(Quantization bits) {
        WeightPlan plan = WeightPlan.of(this);
        Map<String, Span> spans = new HashMap<>();
        plan.spans().forEach(span -> spans.put(span.weight().name(), span));
        return plan.entries().stream().mapToLong(entry -> Optional.ofNullable(spans.get(entry.name()))
                .flatMap(span -> Quantiser.scheme(bits, span).map(scheme -> scheme.bytes(span.out(), span.in())))
                .orElse(Float.BYTES * entry.size())).sum();
    }

    /// @param rank    of the factors
    /// @param targets linear modules that get some
    /// @return numbers of low-rank factors beside these weights
    public long adapterParameters(int rank, LoraTargets targets) {
        return new LowRank(this).parameters(rank, targets);
    }

    private static void positive(List<Problem> problems, String place, int value) {
        if (value < 1) {
            problems.add(new Problem(place, "a number above 0", "" + value, ""));
        }
    }
}
