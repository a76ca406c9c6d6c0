package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.TypeName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// An encoder, mostly with a head that fills in masked tokens: BERT (Devlin et al. 2018, arXiv:1810.04805) and its
/// relatives.
/// Every position sees every other that is not padding.
///
/// Weights are float32 and live, with the program, in a manager of the encoder's own until [#close]; what a pass
/// makes belongs to the manager of the ids it was given.
public final class Encoder implements AutoCloseable {
    private final EncoderConfig config;
    private final NDManager own;
    private final Program program;
    private final Map<String, NDArray> weights;
    private final List<NDArray> outer;
    private final List<NDArray> layers;

    private Encoder(EncoderConfig config, NDManager own, Map<String, NDArray> weights) {
        this.config = config;
        this.own = own;
        this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        List<WeightPlan.Entry> plan = EncoderPlan.of(config);
        // Of a body the head's places are held by empty arrays, for the program finds the rest by its place.
        this.outer = plan.stream().filter(entry -> !entry.inLayer()).map(entry ->
                Optional.ofNullable(weights.get(entry.name())).orElseGet(() -> own.create(new Shape(0)))).toList();
        this.layers = plan.stream().filter(WeightPlan.Entry::inLayer).map(entry -> weights.get(entry.name())).toList();
        this.program = Program.resources(own, Encoder.class,
                List.of("/programs/layer.ts.py", "/programs/encoder.ts.py"),
                source -> Constants.fill(source, Map.of(
                "epsilon", Constants.number(config.epsilon()), "activation", "" + config.activation().ordinal(),
                "layers", "" + config.layers(), "dim", "" + config.hidden() / config.heads(), "first_position",
                "" + config.firstPosition(),
                "token_types", "" + config.tokenTypes())));
    }

    /// An encoder with random weights: norms change nothing, biases are zeros, everything else is normal with
    /// deviation `initializerRange`. The same seed gives the same weights on every machine.
    public static Encoder random(EncoderConfig config, long seed, NDManager manager) {
        NDManager own = manager.newSubManager();
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (WeightPlan.Entry entry : EncoderPlan.of(config)) {
            weights.put(entry.name(), switch (entry.start()) {
                case ONES -> own.ones(entry.shape());
                case ZEROS -> own.zeros(entry.shape());
                case NORMAL -> Initial.array(seed, entry, config.initializerRange(), own);
            });
        }
        return new Encoder(config, own, weights);
    }

    /// An encoder with some layers of this one, and with its embedding and head; its weights are copies.
    ///
    /// @param kept layers from 0, in the order of the new model
    public Encoder keeping(List<Integer> kept, NDManager manager) {
        EncoderConfig smaller = config.withLayers(kept.size());
        Family family = Family.encoder(config.family()).orElseThrow();
        NDManager scope = manager.newSubManager();
        Map<String, NDArray> copies = new LinkedHashMap<>();
        for (WeightPlan.Entry entry : EncoderPlan.of(smaller)) {
            NDArray copy = weights.get(family.inLayer(entry.name(), kept::get)).stopGradient().duplicate();
            copy.attach(scope);
            copies.put(entry.name(), copy);
        }
        return new Encoder(smaller, scope, copies);
    }

    /// @param folder a Hugging Face folder with `config.json` and safetensors
    /// @throws dev.socratic.core.error.DataException with everything that is missing, damaged, of another shape or
    ///         not supported
    public static Encoder load(Path folder, NDManager manager) {
        return load(folder, manager, EncoderPlan::of);
    }

    /// The same of a folder whose encoder has no head, as sentence encoders have none: [#logits] and [#save] are not
    /// for it.
    public static Encoder body(Path folder, NDManager manager) {
        return load(folder, manager, EncoderPlan::body);
    }

    private static Encoder load(Path folder, NDManager manager,
            Function<EncoderConfig, List<WeightPlan.Entry>> plan) {
        EncoderConfig config = EncoderConfig.read(folder);
        NDManager own = manager.newSubManager();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Family family = Family.encoder(config.family()).orElseThrow();
            return new Encoder(config, own,
                    new StoredWeights(folder, family, checkpoint).read(plan.apply(config), FloatType.FLOAT32, own));
        } catch (RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    /// Writes `config.json` and `model.safetensors`, each under a temporary name until it is whole.
    ///
    /// @param dtype F32 keeps every bit; BF16 and F16 round to nearest, ties to even
    public void save(Path folder, DType dtype) {
        AtomicFiles.write(folder.resolve(ConfigJson.NAME), config.text(DecoderFolder.torchName(dtype)));
        CheckpointWriter.write(folder, weights, dtype, CheckpointWriter.SHARD_BYTES);
    }

    public EncoderConfig config() {
        return config;
    }

    /// @return every weight under its Hugging Face name; the head's matrix is the embedding
    public Map<String, NDArray> weights() {
        return weights;
    }

    /// @return what ids are looked up in, and what the head multiplies with: `[vocab, hidden]`
    public NDArray embedding() {
        return weights.get(Family.encoder(config.family()).orElseThrow().name(Part.EMBEDDING) + ".weight");
    }

    /// @param yes whether gradients of all weights are wanted
    public void trainable(boolean yes) {
        weights.values().forEach(weight -> Gradients.wanted(weight, yes));
    }

    /// Runs the encoder.
    ///
    /// @param ids     `[batch, seq]`, int64, padded on the right with any id
    /// @param lengths `[batch]`, int64: how many ids of each row are real
    /// @param taps    what to hand out besides the final states; see [Tap]. Layers count from 0
    /// @param graph   whether gradients will be asked for
    /// @return states after the last layer, `[batch, seq, hidden]`
    /// @throws IllegalArgumentException if the shape, the type or the length does not fit, or a tap names a layer the
    ///         model lacks
    public Signals forward(NDArray ids, NDArray lengths, Set<Tap> taps, boolean graph) {
        if (ids.getShape().dimension() != 2 || ids.size() == 0 || ids.getDataType() != DataType.INT64) {
            throw new IllegalArgumentException(
                    "ids: int64 of shape [batch, seq], both at least 1; got %s %s".formatted(TypeName.of(ids),
                            ids.getShape()));
        }
        if (ids.getShape().get(1) > config.context()) {
            throw new IllegalArgumentException(
                    "ids: at most %s positions, the model's context; got %s; cut the sequences"
                    .formatted(config.context(), ids.getShape().get(1)));
        }
        List<Tap> order = Decoder.ordered(taps, config.layers());
        Arg[] args = {
            Arg.of(ids), Arg.of(lengths), Arg.of(outer), Arg.of(layers),
                    Arg.of(Decoder.flags(order, config.layers()))
        };
        NDList out = graph ? program.withGraph("states", args) : program.run("states", args);
        Map<Tap, NDArray> tapped = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            tapped.put(order.get(i), out.get(i));
        }
        return new Signals(out.getLast(), tapped);
    }

    /// @param states final states, `[.., hidden]`
    /// @return what stands at a masked place, as logits, `[.., vocab]`
    public NDArray logits(NDArray states, boolean graph) {
        Arg[] args = {Arg.of(states), Arg.of(outer)};
        return (graph ? program.withGraph("logits", args) : program.run("logits", args)).singletonOrThrow();
    }

    /// @return the same with a graph that begins at the states, or nowhere: the head learns nothing of it
    NDArray frozenLogits(NDArray states) {
        List<NDArray> plain = outer.stream().map(array -> {
            NDArray stopped = array.stopGradient();
            stopped.attach(states.getManager());
            return stopped;
        }).toList();
        return program.withGraph("logits", Arg.of(states), Arg.of(plain)).singletonOrThrow();
    }

    @Override
    public void close() {
        program.close();
        own.close();
    }
}
