package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.TypeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A decoder: its weights, and the program that runs them.
///
/// Weights are held in one type and computed with in the same or another: float32 weights that are computed with in
/// bfloat16 are rounded by every call anew, and their gradients come back as float32 (Micikevicius et al. 2017,
/// arXiv:1710.03740). Final states are of the computed type; logits, log probabilities and everything a tap hands out
/// are float32.
///
/// Weights, rope table and program live in a manager of the decoder's own until [#close]; what a forward pass makes
/// belongs to the manager of the ids it was given.
public final class Decoder implements AutoCloseable {
    /// The functions of the program that read a number of what they computed, at which a GPU waits: how many tokens
    /// each expert has (once a sparse layer), whether the 64 likeliest tokens were enough to draw from, and whether all
    /// rows of a batch are done (both once a token). No other program of the tool does; a law holds it.
    public static final Set<String> READING = Set.of("mixture_of_experts", "draw", "decode");

    /// Of signals ([Tap]).
    private static final int KINDS = 6;

    private final ModelConfig config;
    private final NDManager own;
    private final Program program;
    private final FloatType compute;
    private final Map<String, Weight> weights;
    private final Map<String, NDArray> arrays;
    private final Layout layout;
    private final List<NDArray> outer;
    private final List<NDArray> layers;
    private final List<NDArray> head;
    private final Optional<LoraConfig> lora;
    private final boolean split;
    private Set<String> frozen = Set.of();
    private RopeCache rope;
    private Optional<StreamedLayers> streamed = Optional.empty();

    /// Computes in float32.
    Decoder(ModelConfig config, NDManager own, Map<String, Weight> weights) {
        this(config, own, weights, FloatType.FLOAT32);
    }

    /// @param own     owner of the weights, which the decoder closes
    /// @param weights by name, in the order of the plan
    Decoder(ModelConfig config, NDManager own, Map<String, Weight> weights, FloatType compute) {
        this(config, own, weights, compute, Optional.empty());
    }

    /// @param lora what the factors beside the weights are
    Decoder(ModelConfig config, NDManager own, Map<String, Weight> weights, FloatType compute,
            Optional<LoraConfig> lora) {
        this(config, own, weights, compute, lora, false);
    }

    /// @param split whether its layers lie on several devices, each whole on one
    Decoder(ModelConfig config, NDManager own, Map<String, Weight> weights, FloatType compute,
            Optional<LoraConfig> lora, boolean split) {
        this(config, own, new Packing.Packed(WeightPlan.of(config).spans(), weights), compute, lora, split);
    }

    Decoder(ModelConfig config, NDManager own, Packing.Packed places, FloatType compute,
            Optional<LoraConfig> lora, boolean split) {
        this.lora = lora;
        this.split = split;
        this.config = config;
        this.compute = compute;
        this.own = own;
        this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(places.weights()));
        this.layout = Layout.of(places.spans(), config.layers(), weights, own);
        this.outer = layout.around();
        this.layers = layout.layers();
        this.head = layout.head();
        Map<String, NDArray> all = new LinkedHashMap<>();
        // The base of a head that is adapted beside its embedding is the embedding, which comes first.
        weights.forEach((name, weight) -> all.putAll(WeightPlan.sharesEmbedding(config, name)
                ? weight.trainable(name) : weight.arrays(name)));
        this.arrays = Collections.unmodifiableMap(all);
        this.program = Program.resources(own, Decoder.class,
                List.of(Distribution.TEXT, "/programs/layer.ts.py", "/programs/random.ts.py", "/programs/linear.ts.py",
                places.inBlocks() ? "/programs/packed.ts.py" : "/programs/unpacked.ts.py",
                "/programs/head.ts.py", "/programs/decoder.ts.py", "/programs/decoding.ts.py",
                "/programs/forest.ts.py", "/programs/sampler.ts.py", "/programs/rope.ts.py"),
                source -> Constants.fill(source, config, layout, compute, split));
        int positions = Math.min(config.context(), 512);
        this.rope = RopeCache.ofShort(config, program, own, positions);
    }

    /// A decoder with random weights: norms change nothing, biases are zeros, everything else is normal with
    /// deviation `initializerRange`. The same seed gives the same weights on every machine.
    public static Decoder random(ModelConfig config, long seed, NDManager manager) {
        return random(config, seed, manager, FloatType.FLOAT32);
    }

    /// @param compute what flows through the layers; the weights are float32
    public static Decoder random(ModelConfig config, long seed, NDManager manager, FloatType compute) {
        NDManager own = manager.newSubManager();
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (WeightPlan.Entry entry : WeightPlan.of(config).entries()) {
            weights.put(entry.name(), new Weight.Dense(switch (entry.start()) {
                case ONES -> own.ones(entry.shape());
                case ZEROS -> own.zeros(entry.shape());
                case NORMAL -> Initial.array(seed, entry, config.initializerRange(), own);
            }));
        }
        return new Decoder(config, own, weights, compute);
    }

    /// A decoder from a Hugging Face folder: `config.json` and `model.safetensors`, whole or in shards.
    ///
    /// @throws dev.socratic.core.error.DataException with everything that is missing, damaged, of another shape or
    ///         not supported
    public static Decoder load(Path folder, NDManager manager) {
        return load(folder, manager, FloatType.FLOAT32, FloatType.FLOAT32);
    }

    /// @param held    how the weights are kept, whatever type the folder has them in
    /// @param compute what flows through the layers
    public static Decoder load(Path folder, NDManager manager, FloatType held, FloatType compute) {
        return load(folder, manager, held, compute, Quantization.NONE);
    }

    /// A decoder that only answers or teaches: its matrices in as few bits as is said.
    public static Decoder load(Path folder, NDManager manager, Compute compute) {
        return DecoderFolder.load(folder, manager, compute.weights(), compute.compute(), compute.quantization(),
                Spread.of(compute), false);
    }

    /// @param quantization of a model that learns nothing, but for factors beside its weights
    public static Decoder load(Path folder, NDManager manager, FloatType held, FloatType compute,
            Quantization quantization) {
        return DecoderFolder.load(folder, manager, held, compute, quantization, Spread.NONE, false);
    }

    /// A decoder that only reads whole sequences, of which no more than two layers are in memory at a time: they are
    /// read from the checkpoint in every pass, each while the one before computes. Its numbers are those of
    /// [#load(Path, NDManager, Compute)] to the bit.
    public static Decoder loadStreamed(Path folder, NDManager manager, Compute compute) {
        return StreamedLayers.decoder(folder, manager,
                compute.oneDevice("a model whose layers are streamed").weights(), compute.compute(),
                compute.quantization());
    }

    Decoder reading(StreamedLayers source) {
        streamed = Optional.of(source);
        return this;
    }

    private void requireInMemory() {
        if (streamed.isPresent()) {
            throw new IllegalStateException("layers that are read from disk only read whole sequences");
        }
    }

    /// @return where its layers are read from
    /// @throws java.util.NoSuchElementException if they are in memory
    StreamedLayers streamed() {
        return streamed.orElseThrow();
    }

    /// The same for reading only, packed at once: as [#packed], but nothing is compiled for the weights as they were.
    public static Decoder loadPacked(Path folder, NDManager manager, Compute compute) {
        return DecoderFolder.load(folder, manager, compute.weights(), compute.compute(), compute.quantization(),
                Spread.of(compute), true);
    }

    /// The same decoder with low-rank factors beside some of its weights, which alone can learn. They begin so that
    /// nothing is changed. The new decoder takes over the weights: this one is used up.
    ///
    /// @param settings rank, alpha and base
    /// @param targets  which modules
    /// @param seed     of the factors
    /// @throws dev.socratic.core.error.ConfigException if a target is no linear module
    /// @throws IllegalStateException if there are factors already
    public Decoder adapted(LoraConfig settings, LoraTargets targets, long seed) {
        if (lora.isPresent() || split) {
            throw new IllegalStateException("factors stand beside plain weights of one device");
        }
        LowRank beside = new LowRank(config);
        LoraConfig resolved = beside.resolved(settings, targets);
        Predicate<String> adapting = module -> resolved.targets().stream().anyMatch(name ->
                LoraTargets.named(name, module));
        Map<String, Weight> all = beside.beside(SavedModules.apart(weights, config, resolved, adapting, own), resolved,
                seed, own);
        program.close();
        rope.close();
        return new Decoder(config, own, all, compute, Optional.of(resolved));
    }

    /// The same decoder as it is now, for reading only: what learns is copied, what does not is shared and has to live
    /// as long. Factors that change nothing yet are left out, so that beside a new adapter it is the base itself.
    ///
    /// @param manager parent of the copies
    public Decoder asItIs(NDManager manager) {
        NDManager scope = manager.newSubManager();
        Map<String, NDArray> learning = trainable();
        Map<String, Weight> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> all.put(name, switch (weight) {
            case Weight.Adapted some -> some.asItIs(scope);
            case Weight.Dense dense -> learning.containsKey(name) ? dense.copy(scope) : dense;
            case Weight.Quantised ignored -> weight;
            case Weight.Packed ignored -> weight;
        }));
        return new Decoder(config, scope, all, compute, lora, split);
    }

    /// The same decoder, for reading only, as fast as this machine reads it: see [Packing]. Its numbers differ from
    /// those before by rounding. It makes no graph, and knows no weights by their names but those that are still
    /// there. The new decoder takes over the weights: this one is used up.
    public Decoder packed() {
        try (Packing packing = new Packing(config, compute, own)) {
            Packing.Packed places = packing.of(weights);
            program.close();
            rope.close();
            return new Decoder(config, own, places, compute, lora, split);
        }
    }

    /// The same decoder, whose plain numbers are float32 now, with such of another type, rounded to the nearest. The
    /// new decoder takes over the weights: this one is used up.
    public Decoder heldIn(FloatType type) {
        if (type == FloatType.FLOAT32) {
            return this;
        }
        Map<String, Weight> all = new LinkedHashMap<>();
        try (Program mapped = Program.resource(own, Decoder.class, "/programs/mapped.ts.py")) {
            weights.forEach((name, weight) -> all.put(name, weight.heldIn(values ->
                    mapped.withGraphIn(own, "rounded", Arg.of(values), Arg.of(type.number())).singletonOrThrow())));
        }
        program.close();
        rope.close();
        return new Decoder(config, own, all, compute, lora, split);
    }

    /// Another decoder, with other arrays in the place of those that may learn; the rest is shared. It has to be closed
    /// before this one.
    ///
    /// @param learning by the names of [#trainable]; they stay the caller's
    /// @param manager  parent of what it makes for itself
    public Decoder over(Map<String, NDArray> learning, NDManager manager) {
        Map<String, Weight> others = new LinkedHashMap<>();
        weights.forEach((name, weight) -> others.put(name, weight.over(name, learning)));
        return new Decoder(config, manager.newSubManager(), others, compute, lora, split);
    }

    /// @return what the factors beside the weights are, where some are
    public Optional<LoraConfig> lora() {
        return lora;
    }

    /// Writes `config.json`, `generation_config.json` and `model.safetensors`, each under a temporary name until it
    /// is whole.
    ///
    /// @param dtype F32 keeps every bit; BF16 and F16 round to nearest, ties to even
    public void save(Path folder, DType dtype) {
        DecoderFolder.save(this, folder, dtype);
    }

    public ModelConfig config() {
        return config;
    }

    /// @return the type of what flows through the layers
    public FloatType compute() {
        return compute;
    }

    /// @return every array of the weights under its Hugging Face name, always in the same order; a tied head appears
    ///         once, as the embedding. Plain weights are of the type they are held in; for those of other kinds see
    ///         [Weight#arrays]
    public Map<String, NDArray> weights() {
        return arrays;
    }

    /// @return what the weights take, and which are of few bits
    public HeldWeights held() {
        return HeldWeights.of(weights);
    }

    /// @return every weight under its Hugging Face name
    public Map<String, Weight> places() {
        return weights;
    }

    /// Says which weights learn nothing from now on.
    ///
    /// @param names among those of [#weights]
    public void freeze(Set<String> names) {
        frozen = Set.copyOf(names);
    }

    /// @return names of the weights that were frozen one by one
    public Set<String> frozen() {
        return frozen;
    }

    /// @return the arrays that a training may change, by name: all that were not frozen, or, where weights are adapted,
    ///         the factors alone; the rest is frozen then
    /// @throws IllegalArgumentException if there are none, for the weights are quantised
    public Map<String, NDArray> trainable() {
        boolean adapted = weights.values().stream().anyMatch(Weight.Adapted.class::isInstance);
        if (weights.values().stream().anyMatch(weight -> weight.base() instanceof Weight.Packed)) {
            throw new IllegalStateException("a packed decoder is for reading only");
        }
        if (!adapted && weights.values().stream().anyMatch(Weight.Quantised.class::isInstance)) {
            throw new IllegalArgumentException("student: weights that can learn; got quantised ones, which are frozen; "
                    + "load it without quantization, or train an adapter beside them: adapter: {lora: {}}");
        }
        Map<String, NDArray> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            if (!adapted || weight instanceof Weight.Adapted
                    || lora.filter(some -> SavedModules.has(some, name,
                            SavedModules.adapted(weights))).isPresent()) {
                all.putAll(weight.trainable(name));
            }
        });
        all.keySet().removeAll(frozen);
        return Collections.unmodifiableMap(all);
    }

    /// @param yes whether gradients are wanted of everything that may learn
    public void trainable(boolean yes) {
        trainable().values().forEach(weight -> Gradients.wanted(weight, yes));
    }

    /// @return what states are multiplied with, `states @ head^T`: `[vocab, hidden]`, the embedding itself where the
    ///         head is tied. The product is the logits but for the family's bound, [Scales#logitCap]; [#logits] knows
    ///         of it
    public NDArray head() {
        return arrays.get(WeightPlan.name(config, config.tiedHead() ? Part.EMBEDDING : Part.HEAD));
    }

    /// @return the table that turns tokens into states, `[vocab, hidden]`; the head itself where that is tied
    public NDArray embedding() {
        return arrays.get(WeightPlan.name(config, Part.EMBEDDING));
    }

    /// @param states final states, `[.., hidden]`
    /// @param graph  whether gradients will be asked for
    /// @return logits, `[.., vocab]`, float32, bounded where the family bounds them
    public NDArray logits(NDArray states, boolean graph) {
        return called("project", Graph.kept(graph), Arg.of(states), Arg.of(head)).singletonOrThrow();
    }

    /// @return the same with a graph that begins at the states, or nowhere: the head learns nothing of it
    NDArray frozenLogits(NDArray states) {
        List<NDArray> plain = head.stream().map(array -> {
            NDArray stopped = array.stopGradient();
            stopped.attach(states.getManager());
            return stopped;
        }).toList();
        return program.withGraph("project", Arg.of(states), Arg.of(plain)).singletonOrThrow();
    }

    /// @return the arrays that learn through the head, as [#pulledBack] adds up their gradients
    List<NDArray> trainableHead() {
        Collection<NDArray> learning = trainable().values();
        return head.stream().filter(array -> learning.stream().anyMatch(other -> other == array)).toList();
    }

    /// @param slope     gradient in the bounded logits, `[tokens, vocab]`
    /// @param gradients added to: those of [#trainableHead]
    /// @param owner     of the result
    /// @return gradient in the states, `[tokens, hidden]`
    NDArray pulledBack(NDArray slope, NDArray logits, NDArray states, List<NDArray> gradients, NDManager owner) {
        return program.runIn(owner, "pull_back", Arg.of(slope), Arg.of(logits), Arg.of(states), Arg.of(head),
                Arg.of(gradients)).singletonOrThrow();
    }

    /// A decoder with some layers of this one, each of the kind it was; its weights are copies.
    ///
    /// @param kept layers from 0, in the order of the new model
    /// @throws IllegalStateException if factors stand beside the weights
    public Decoder keeping(List<Integer> kept, NDManager manager) {
        if (lora.isPresent()) {
            throw new IllegalStateException("layers are taken of a model without factors; merge them first");
        }
        ModelConfig smaller = config.keeping(kept);
        Family family = Family.of(config.family()).orElseThrow();
        NDManager scope = manager.newSubManager();
        Map<String, Weight> copies = new LinkedHashMap<>();
        for (WeightPlan.Entry entry : WeightPlan.of(smaller).entries()) {
            copies.put(entry.name(), weights.get(family.inLayer(entry.name(), kept::get)).copy(scope));
        }
        return new Decoder(smaller, scope, copies, compute);
    }

    /// Runs the decoder over whole sequences of one length, none of them padded.
    ///
    /// @param ids `[batch, seq]`, int64
    public Signals forward(NDArray ids, Set<Tap> taps, boolean graph) {
        return forward(ids, whole(ids), taps, graph);
    }

    /// Runs the decoder over whole sequences. What comes out at a row's positions depends on that row alone.
    ///
    /// @param ids     `[batch, seq]`, int64, padded on the right with any id: under causal attention no real position
    ///                sees padding, and what comes out at padded positions means nothing
    /// @param lengths how many ids of each row are real, 1 to seq; ropes ask for it
    /// @param taps    what to hand out besides the final states
    /// @param graph   whether gradients will be asked for
    /// @throws IllegalArgumentException if the shape, the type or the length does not fit, or a tap names a layer the
    ///         model lacks
    public Signals forward(NDArray ids, int[] lengths, Set<Tap> taps, boolean graph) {
        int seq = checked(ids, lengths);
        NDManager step = ids.getManager();
        if (streamed.isPresent()) {
            return ChangedPass.run(this, new Rows(ids, lengths, Optional.empty()), taps, List.of(), graph);
        }
        List<Tap> order = ordered(taps, config.layers());
        Arg[] args = {
            Arg.of(ids), Arg.of(turns(seq, lengths, step)), Arg.of(outer), Arg.of(layers),
                    Arg.of(flags(order, config.layers()))
        };
        NDList out = graph ? program.withGraph("states", args) : program.run("states", args);
        Map<Tap, NDArray> tapped = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            tapped.put(order.get(i), out.get(i));
        }
        return new Signals(out.getLast(), tapped);
    }

    /// Runs the decoder over whole rows, which may lie end to end where nothing is looked at on the way.
    ///
    /// @return final states in the layout of the ids: `[batch, seq, hidden]`, or `[1, tokens, hidden]`
    /// @throws IllegalArgumentException as above, or if taps are asked of rows that lie end to end
    public Signals forward(Rows rows, Set<Tap> taps, List<Change> changes, boolean graph) {
        if (rows.endToEnd().isEmpty()) {
            return forward(rows.ids(), rows.lengths(), taps, changes, graph);
        }
        checked(rows, taps);
        if (!changes.isEmpty() || streamed.isPresent()) {
            return ChangedPass.run(this, rows, taps, changes, graph);
        }
        List<Arg> args = new ArrayList<>(List.of(Arg.of(rows.ids()), Arg.of(positions(rows))));
        args.addAll(places(rows.endToEnd().get(), rows.ids().getManager()));
        args.addAll(List.of(Arg.of(outer), Arg.of(layers)));
        return new Signals(called("states_end_to_end", Graph.kept(graph), args.toArray(Arg[]::new)).singletonOrThrow(),
                Map.of());
    }

    /// The same with nothing to look at.
    public Signals forward(Rows rows, boolean graph) {
        return forward(rows, Set.of(), List.of(), graph);
    }

    private static NDArray positions(Rows rows) {
        return rows.ids().getManager().create(rows.endToEnd().orElseThrow().positions()); // [tokens]
    }

    /// How rows lie end to end, as programs take it: turns, cells, groups, tables.
    private List<Arg> places(EndToEnd laid, NDManager step) {
        Rotations rotations = rotations(laid.positions(), laid.lengths(), step);
        long[] groups = laid.groups().stream().flatMapToLong(group -> LongStream.of(group.rows(), group.length()))
                .toArray();
        return List.of(Arg.of(step.create(rotations.index())), Arg.of(step.create(laid.cells())), Arg.of(groups),
                Arg.of(rotations.tables()));
    }

    /// @throws IllegalArgumentException as [#forward]
    void checked(Rows rows, Set<Tap> taps) {
        ordered(taps, config.layers());
        if (rows.endToEnd().isEmpty()) {
            checked(rows.ids(), rows.lengths());
            return;
        }
        require(rows.endToEnd().get().groups().getFirst().length());
        if (!taps.isEmpty()) {
            throw new IllegalArgumentException(
                    "taps %s: rows side by side; got rows end to end; read them with padding".formatted(taps));
        }
    }

    /// Runs the decoder with something changed between its layers; taps show the stream as it was changed. Without
    /// changes, as above.
    ///
    /// @param changes at most one that replaces a layer, for each
    /// @throws IllegalArgumentException as above, or if a change does not fit
    public Signals forward(NDArray ids, int[] lengths, Set<Tap> taps, List<Change> changes, boolean graph) {
        if (changes.isEmpty()) {
            return forward(ids, lengths, taps, graph);
        }
        checked(ids, lengths);
        ordered(taps, config.layers());
        return ChangedPass.run(this, new Rows(ids, lengths, Optional.empty()), taps, changes, graph);
    }

    /// The same over sequences of one length.
    public Signals forward(NDArray ids, Set<Tap> taps, List<Change> changes, boolean graph) {
        return forward(ids, whole(ids), taps, changes, graph);
    }

    /// @return whether a weight belongs to a layer; the others are embedding, last norm and head
    public boolean inLayer(String name) {
        return WeightPlan.of(config).entries().stream().anyMatch(entry -> entry.inLayer() && entry.name().equals(name));
    }

    /// @return what enters the first layer, `[batch, seq, hidden]`
    NDArray embedded(NDArray ids, boolean graph) {
        return embedded(ids, Graph.kept(graph));
    }

    NDArray embedded(NDArray ids, Graph graph) {
        return called("embedding_of_rows", graph, Arg.of(ids), Arg.of(outer)).singletonOrThrow();
    }

    NDArray embedded(Rows rows, Graph graph) {
        return rows.endToEnd().isEmpty() ? embedded(rows.ids(), graph)
                : called("embedding", graph, Arg.of(rows.ids()), Arg.of(positions(rows)), Arg.of(outer))
                        .singletonOrThrow();
    }

    /// @param rows  whose stream x is, in its layout
    /// @param those arrays of its layers
    Signals part(NDArray x, Rows rows, int first, int last, Set<Tap> taps, Graph graph, List<NDArray> those) {
        if (rows.endToEnd().isEmpty()) {
            return walked(x, first, last, graph, those, (from, begin, end, arrays) ->
                    part(from, rows.lengths(), begin, end, arrays, ChangedPass.inside(taps, begin, end), graph));
        }
        return walked(x, first, last, graph, those, (from, begin, end, arrays) -> {
            List<Arg> args = new ArrayList<>(List.of(Arg.of(from), Arg.of(begin), Arg.of(end)));
            args.addAll(places(rows.endToEnd().get(), x.getManager()));
            args.add(Arg.of(arrays));
            return new Signals(called("run_end_to_end", graph, args.toArray(Arg[]::new)).singletonOrThrow(), Map.of());
        });
    }

    /// @param x       `[batch, seq, hidden]`
    /// @param lengths how many positions of each row are real
    /// @param taps    of layers from `first` up to but without `last`
    /// @return the stream after those layers, as the states, and what was asked for
    Signals part(NDArray x, int[] lengths, int first, int last, Set<Tap> taps, Graph graph) {
        return walked(x, first, last, graph, layers, (from, begin, end, arrays) ->
                part(from, lengths, begin, end, arrays, ChangedPass.inside(taps, begin, end), graph));
    }

    /// Some layers, with arrays of which theirs are there.
    @FunctionalInterface
    private interface SomeLayers {
        Signals run(NDArray x, int first, int last, List<NDArray> arrays);
    }

    /// @param those arrays of the layers, where these are in memory
    private Signals walked(NDArray x, int first, int last, Graph graph, List<NDArray> those, SomeLayers some) {
        if (streamed.isEmpty()) {
            return some.run(x, first, last, those);
        }
        if (graph != Graph.NONE) {
            throw new IllegalStateException("layers that are read from disk make no graph");
        }
        Map<Tap, NDArray> tapped = new HashMap<>();
        AtomicReference<NDArray> stream = new AtomicReference<>(x); // [batch, seq, hidden]
        streamed.get().walk(first, last, (layer, arrays) -> {
            Signals one = some.run(stream.get(), layer, layer + 1, arrays);
            tapped.putAll(one.taps());
            if (layer > first) {
                stream.get().close();
            }
            stream.set(one.states());
        });
        return new Signals(stream.get(), tapped);
    }

    private Signals part(NDArray x, int[] lengths, int first, int last, List<NDArray> arrays, Set<Tap> taps,
            Graph graph) {
        NDManager step = x.getManager();
        int seq = Math.toIntExact(x.getShape().get(1));
        List<Tap> order = ordered(taps, config.layers());
        NDList out = called("run_span", graph, Arg.of(x), Arg.of(first), Arg.of(last),
                Arg.of(turns(seq, lengths, step)),
                Arg.of(arrays), Arg.of(flags(order, config.layers())));
        Map<Tap, NDArray> tapped = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            tapped.put(order.get(i), out.get(i));
        }
        return new Signals(out.getLast(), tapped);
    }

    /// One layer without gradients, whose arrays lie elsewhere.
    ///
    /// @param x      `[batch, seq, hidden]`
    /// @param arrays those of all layers, of which only this one's are read
    /// @return the stream behind it
    NDArray layer(NDArray x, int[] lengths, int layer, List<NDArray> arrays) {
        NDManager step = x.getManager();
        return program.run("run_span", Arg.of(x), Arg.of(layer), Arg.of(layer + 1),
                Arg.of(turns(Math.toIntExact(x.getShape().get(1)), lengths, step)), Arg.of(arrays),
                Arg.of(new boolean[0])).getLast();
    }

    /// @param states `[n, hidden]`
    /// @param places `[tokens]` int64
    /// @return those rows, `[tokens, hidden]`
    NDArray rows(NDArray states, NDArray places) {
        return program.run("select", Arg.of(states), Arg.of(places)).singletonOrThrow();
    }

    /// @return final states of a stream
    NDArray ended(NDArray x, boolean graph) {
        return called("finish", Graph.kept(graph), Arg.of(x), Arg.of(outer)).singletonOrThrow();
    }

    /// @return the stream with something changed
    NDArray changed(String method, Graph graph, NDArray... arrays) {
        return called(method, graph, Arrays.stream(arrays).map(Arg::of).toArray(Arg[]::new)).singletonOrThrow();
    }

    private NDList called(String method, Graph graph, Arg... args) {
        return switch (graph) {
            case KEPT -> program.withGraph(method, args);
            case BEGUN -> program.detached(method, args);
            case NONE -> program.run(method, args);
        };
    }

    /// The start of the way back through a part of the network: one number, whose gradient in `out` is `gradient` and
    /// in each signal its slope.
    NDArray joined(NDArray out, NDArray gradient, List<NDArray> signals, List<NDArray> slopes) {
        return program.withGraph("joined", Arg.of(out), Arg.of(gradient), Arg.of(signals), Arg.of(slopes))
                .singletonOrThrow();
    }

    /// @return the arrays of a layer, among them those of [#trainable]
    public List<NDArray> layer(int layer) {
        return layers.subList(layout.starts().get(layer), layout.ends().get(layer));
    }

    /// @return whether anything of a layer wants a gradient
    boolean learns(int layer) {
        return layers.subList(layout.starts().get(layer), layout.ends().get(layer)).stream()
                .anyMatch(Gradients::isWanted);
    }

    /// @return whether anything but the head wants a gradient; a head that is the embedding wants one in both places
    public boolean bodyLearns() {
        boolean tied = layout.place(Part.HEAD) == layout.place(Part.EMBEDDING);
        return Stream.concat(layers.stream(), outer.stream())
                .filter(array -> tied || head.stream().noneMatch(other -> other == array))
                .anyMatch(Gradients::isWanted);
    }

    /// @return whether anything of what turns tokens into states wants a gradient
    boolean embeddingLearns() {
        return Stream.of(Part.EMBEDDING, Part.POSITIONS).filter(part -> layout.place(part) >= 0)
                .anyMatch(part -> outer.subList(layout.place(part), layout.place(part) + layout.kind(part).arrays())
                        .stream().anyMatch(Gradients::isWanted));
    }

    /// Calls a method that continues rows, without gradients: `before`, then the rotations, the weights and the cache.
    ///
    /// @param manager of the results
    /// @param cache   arrays of all slabs
    NDList continued(String method, NDManager manager, List<Arg> before, List<NDArray> rotations,
            List<NDArray> cache) {
        requireInMemory();
        List<Arg> args = new ArrayList<>(before);
        args.addAll(List.of(Arg.of(rotations), Arg.of(outer), Arg.of(layers), Arg.of(cache)));
        return program.runIn(manager, method, args.toArray(Arg[]::new));
    }

    /// Calls a method without gradients: `before`, then the weights, then `behind`.
    ///
    /// @param manager of the results
    NDList inWeights(String method, NDManager manager, List<Arg> before, List<Arg> behind) {
        requireInMemory();
        List<Arg> args = new ArrayList<>(before);
        args.addAll(List.of(Arg.of(outer), Arg.of(layers)));
        args.addAll(behind);
        return program.runIn(manager, method, args.toArray(Arg[]::new));
    }

    /// Rotations of the positions that some calls read.
    ///
    /// @param tables cosines and sines of each rope, `[n, rotated]`
    /// @param index  where in them the positions asked for are
    record Rotations(List<NDArray> tables, long[] index) {}

    /// @param places  positions of the model's context; later ones turn anyhow
    /// @param lengths of the sequence whose frequencies hold at each
    Rotations rotations(long[] places, int[] lengths, NDManager step) {
        if (!config.steady()) {
            return new Rotations(RopeCache.at(config, program, step, places, lengths),
                    LongStream.range(0, places.length).toArray());
        }
        int last = (int) Arrays.stream(places).max().orElse(0);
        return new Rotations(tables(Math.min(config.context(), last + 1), step), places);
    }

    CacheSizes cacheSizes() {
        return CacheSizes.of(config, compute);
    }

    Program program() {
        return program;
    }

    /// @return the arrays of its layers, as its program takes them
    List<NDArray> layers() {
        return layers;
    }

    /// @return the same where factors leave out some of what they read
    List<NDArray> dropping(Change.Dropped dropped, NDManager scope) {
        return layout.dropping(dropped, scope);
    }

    /// @return a manager for what a generation keeps
    NDManager scope() {
        return own.newSubManager();
    }

    private static int[] whole(NDArray ids) {
        Shape shape = ids.getShape();
        int[] lengths = new int[shape.dimension() == 2 ? (int) shape.get(0) : 0];
        Arrays.fill(lengths, shape.dimension() == 2 ? (int) shape.get(1) : 0);
        return lengths;
    }

    int checked(NDArray ids, int[] lengths) {
        Shape shape = ids.getShape();
        if (shape.dimension() != 2 || shape.size() == 0 || ids.getDataType() != DataType.INT64) {
            throw new IllegalArgumentException(
                    "ids: int64 of shape [batch, seq], both at least 1; got %s %s".formatted(TypeName.of(ids), shape));
        }
        require(shape.get(1));
        if (lengths.length != shape.get(0)
                || Arrays.stream(lengths).anyMatch(length -> length < 1 || length > shape.get(1))) {
            throw new IllegalArgumentException("lengths: one for each of the %s rows, 1 to %s; got %s"
                    .formatted(shape.get(0), shape.get(1), Arrays.toString(lengths)));
        }
        return (int) shape.get(1);
    }

    private void require(long positions) {
        if (positions > config.context()) {
            throw new IllegalArgumentException(
                    "ids: at most %s positions, the model's context; got %s; cut the sequences".formatted(
                            config.context(), positions));
        }
    }

    /// Taps in the order in which the program returns them.
    static List<Tap> ordered(Set<Tap> taps, int layers) {
        for (Tap tap : taps) {
            if (tap.row() < 0 || tap.row() > layers || tap.row() == 0 && !(tap instanceof Tap.Embedding)) {
                throw new IllegalArgumentException("tap %s: layers are 0 to %s".formatted(tap, layers - 1));
            }
        }
        return taps.stream().sorted(Comparator.comparingInt(Tap::row).thenComparingInt(Tap::column)).toList();
    }

    /// @return which signals are asked for, as programs take it: 6 for the embedding and for each layer; empty where
    ///         none is
    static boolean[] flags(List<Tap> taps, int layers) {
        boolean[] flags = new boolean[taps.isEmpty() ? 0 : KINDS * (layers + 1)];
        taps.forEach(tap -> flags[KINDS * tap.row() + tap.column()] = true);
        return flags;
    }

    /// @return tables for rows of these lengths, padded to seq
    List<NDArray> turns(int seq, int[] lengths, NDManager step) {
        return Arrays.stream(lengths).allMatch(length -> length <= config.steadyUpTo())
                ? tables(seq, step)
                : RopeCache.ofWhole(config, program, step, seq, lengths);
    }

    private synchronized List<NDArray> tables(int positions, NDManager step) {
        if (positions > rope.positions()) {
            int longer = Math.min(config.context(), Math.max(positions, 2 * rope.positions()));
            RopeCache fresh = RopeCache.ofShort(config, program, own, longer);
            rope.close();
            rope = fresh;
        }
        return rope.first(positions, step);
    }

    @Override
    public void close() {
        streamed.ifPresent(StreamedLayers::close);
        program.close();
        own.close();
    }
}
