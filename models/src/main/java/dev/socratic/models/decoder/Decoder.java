package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A decoder: weights in float32, and the program that runs them.
///
/// Weights, rope table and program live in a manager of the decoder's own until [#close]; what a forward pass makes belongs to the manager
/// of the ids it was given.
public final class Decoder implements AutoCloseable {
    private final ModelConfig config;
    private final NDManager own;
    private final Program program;
    private final Map<String, NDArray> weights;
    private final List<NDArray> layers;
    private final NDArray epsilon;
    private RopeCache rope;

    Decoder(ModelConfig config, NDManager own, Map<String, NDArray> weights) {
        this.config = config;
        this.own = own;
        this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        this.layers = WeightPlan.of(config).stream()
                .filter(entry -> entry.name().startsWith("model.layers."))
                .map(entry -> this.weights.get(entry.name()))
                .toList();
        this.program = Program.resources(own, Decoder.class, List.of("/programs/decoder.ts.py", "/programs/sampler.ts.py"));
        this.epsilon = own.create(config.normEpsilon());
        this.rope = RopeCache.of(config, own, Math.min(config.context(), 512));
    }

    /// A decoder with random weights: norms are ones, everything else normal with deviation `initializerRange`. The same seed gives the same
    /// weights on every machine.
    public static Decoder random(ModelConfig config, long seed, NDManager manager) {
        NDManager own = manager.newSubManager();
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (WeightPlan.Entry entry : WeightPlan.of(config)) {
            weights.put(entry.name(), entry.norm() ? own.ones(entry.shape()) : normal(config, seed, entry, own));
        }
        return new Decoder(config, own, weights);
    }

    private static NDArray normal(ModelConfig config, long seed, WeightPlan.Entry entry, NDManager own) {
        float[] values = Initial.normal(seed, entry.name(), Math.toIntExact(entry.size()), config.initializerRange());
        try (NDArray borrowed = own.create(values, entry.shape())) {
            return borrowed.duplicate(); // into native memory: what is created from Java stays in a Java buffer
        }
    }

    /// A decoder from a Hugging Face folder: `config.json` and `model.safetensors`, whole or in shards.
    ///
    /// @throws dev.socratic.core.error.DataException with everything that is missing, damaged, of another shape or not supported
    public static Decoder load(Path folder, NDManager manager) {
        return DecoderFolder.load(folder, manager);
    }

    /// Writes `config.json`, `generation_config.json` and `model.safetensors`, each under a temporary name until it is whole.
    ///
    /// @param dtype F32 keeps every bit; BF16 and F16 round to nearest, ties to even
    public void save(Path folder, DType dtype) {
        DecoderFolder.save(this, folder, dtype);
    }

    public ModelConfig config() {
        return config;
    }

    /// @return every weight under its Hugging Face name, float32, always in the same order; a tied head appears once, as the embedding
    public Map<String, NDArray> weights() {
        return weights;
    }

    /// @param yes whether gradients of all weights are wanted
    public void trainable(boolean yes) {
        weights.values().forEach(weight -> JniUtils.attachGradient((PtNDArray) weight, yes));
    }

    /// @return what turns states into logits, `logits = states @ head^T`: `[vocab, hidden]`, the embedding itself where the head is tied
    public NDArray head() {
        return weights.get(config.tiedHead() ? WeightPlan.EMBEDDING : WeightPlan.HEAD);
    }

    /// Runs the decoder over whole sequences.
    ///
    /// @param ids   `[batch, seq]`, int64, padded on the right with any id: under causal attention no real position sees padding, and what
    ///              comes out at padded positions means nothing
    /// @param taps  what to hand out besides the final states
    /// @param graph whether gradients will be asked for
    /// @throws IllegalArgumentException if the shape, the type or the length does not fit, or a tap names a layer the model lacks
    public Signals forward(NDArray ids, Set<Tap> taps, boolean graph) {
        int seq = checked(ids);
        NDManager step = ids.getManager();
        List<Tap> order = ordered(taps);
        RopeCache table = rope(seq);
        NDArray cos = table.cos().get(":" + seq);
        NDArray sin = table.sin().get(":" + seq);
        cos.attach(step);
        sin.attach(step);
        Arg[] args = {
            Arg.of(ids), Arg.of(cos), Arg.of(sin), Arg.of(weights.get(WeightPlan.EMBEDDING)), Arg.of(weights.get(WeightPlan.LAST_NORM)),
            Arg.of(layers), Arg.of(epsilon), Arg.of(table(order, step))
        };
        NDList out = graph ? program.withGraph("states", args) : program.run("states", args);
        Map<Tap, NDArray> tapped = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            tapped.put(order.get(i), out.get(i));
        }
        return new Signals(out.getLast(), tapped);
    }

    /// How likely given tokens are after given states.
    ///
    /// @param states  final states, `[tokens, hidden]`
    /// @param targets the token that follows each, `[tokens]`, int64
    /// @return log probabilities in nats, float32, and whether each target was the likeliest, bool; both `[tokens]`, owned by the manager of
    ///         the states
    public NDList score(NDArray states, NDArray targets) {
        return program.run("score", Arg.of(states), Arg.of(targets), Arg.of(head()));
    }

    /// Calls a generation method without gradients: `before`, then the rope table, the weights and epsilon, then `after`.
    NDList continued(String method, NDManager manager, int positions, List<Arg> before, List<NDArray> cache) {
        RopeCache table = rope(positions);
        List<Arg> args = new ArrayList<>(before);
        args.addAll(List.of(Arg.of(table.cos()), Arg.of(table.sin()), Arg.of(weights.get(WeightPlan.EMBEDDING)),
                Arg.of(weights.get(WeightPlan.LAST_NORM)), Arg.of(head()), Arg.of(layers), Arg.of(epsilon), Arg.of(cache)));
        return program.runIn(manager, method, args.toArray(Arg[]::new));
    }

    Program program() {
        return program;
    }

    /// @return a manager for what a generation keeps
    NDManager scope() {
        return own.newSubManager();
    }

    private int checked(NDArray ids) {
        Shape shape = ids.getShape();
        if (shape.dimension() != 2 || shape.size() == 0 || ids.getDataType() != DataType.INT64) {
            throw new IllegalArgumentException(
                    "ids: int64 of shape [batch, seq], both at least 1; got %s %s".formatted(ids.getDataType(), shape));
        }
        if (shape.get(1) > config.context()) {
            throw new IllegalArgumentException(
                    "ids: at most %d positions, the model's context; got %d; cut the sequences".formatted(config.context(), shape.get(1)));
        }
        return (int) shape.get(1);
    }

    /// Taps in the order in which the program returns them.
    private List<Tap> ordered(Set<Tap> taps) {
        for (Tap tap : taps) {
            if (tap.row() < 0 || tap.row() > config.layers() || tap.row() == 0 && !(tap instanceof Tap.Embedding)) {
                throw new IllegalArgumentException("tap %s: layers are 0 to %d".formatted(tap, config.layers() - 1));
            }
        }
        return taps.stream().sorted(Comparator.comparingInt(Tap::row).thenComparingInt(Tap::column)).toList();
    }

    /// @return `[layers + 1, kinds]`
    private NDArray table(List<Tap> taps, NDManager manager) {
        boolean[][] table = new boolean[config.layers() + 1][6];
        taps.forEach(tap -> table[tap.row()][tap.column()] = true);
        return manager.create(table);
    }

    private synchronized RopeCache rope(int seq) {
        if (seq > rope.positions()) {
            RopeCache longer = RopeCache.of(config, own, Math.min(config.context(), Math.max(seq, 2 * rope.positions())));
            rope.close();
            rope = longer;
        }
        return rope;
    }

    @Override
    public void close() {
        program.close();
        own.close();
    }
}
