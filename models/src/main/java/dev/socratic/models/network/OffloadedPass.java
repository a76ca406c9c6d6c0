package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// A decoder whose layers stay in the checkpoint. Many batches go through the first layer, then all of them through the
/// second, so that each layer is read once for all; while one computes, the next is read.
///
/// In memory at a time: embedding, last norm and head; two layers; the factors of an adapter; the streams of as many
/// batches as [#room] holds, `tokens x hidden` numbers; and the activations of one batch in one layer. What does not
/// fit into the room is read in further passes over the layers.
final class OffloadedPass implements ForwardPass {
    private final ModelConfig config;
    private final LayerReader reader;
    private final Optional<DecoderFolder.Factors> factors;
    private final Map<String, Weight> kinds;
    private final Decoder decoder;
    private final NDManager own;
    private final NDArray nothing;
    private final long room;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    /// @param own   owner of what stays in memory, closed with this
    /// @param kinds every weight by its name: those around the layers, and of each layer what stands for the kind of
    ///              its own, whose numbers are gone
    private OffloadedPass(ModelConfig config, LayerReader reader, Optional<DecoderFolder.Factors> factors,
            Map<String, Weight> kinds, Decoder decoder, NDManager own, long room) {
        this.config = config;
        this.reader = reader;
        this.factors = factors;
        this.kinds = kinds;
        this.decoder = decoder;
        this.own = own;
        this.nothing = own.zeros(new Shape(1));
        this.room = room;
    }

    /// @param room bytes of the streams between the layers; a single batch may take more
    static OffloadedPass open(Path folder, NDManager manager, FloatType held, FloatType compute,
            Quantization quantization, long room) {
        Path base = AdapterFolder.is(folder) ? AdapterFolder.base(folder) : folder;
        ModelConfig config = ConfigJson.read(base.resolve(ConfigJson.NAME));
        NDManager own = manager.newSubManager();
        try {
            LayerReader reader = new LayerReader(base, config, held, quantization, own);
            Optional<DecoderFolder.Factors> factors = AdapterFolder.is(folder)
                    ? Optional.of(DecoderFolder.factors(folder, config, own)) : Optional.empty();
            WeightPlan plan = WeightPlan.of(config);
            Map<String, Weight> kinds = reader.read(plan.entries().stream().filter(entry -> !entry.inLayer()).toList(),
                    own);
            try (NDManager passing = own.newSubManager()) {
                layers(plan, reader, passing, kinds);
                Decoder decoder = new Decoder(config, own, adapted(config, kinds, factors), compute,
                        factors.map(DecoderFolder.Factors::lora));
                return new OffloadedPass(config, reader, factors, kinds, decoder, own, room);
            }
        } catch (RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    /// A part is of the same kind in every layer: the first stands for all.
    private static void layers(WeightPlan plan, LayerReader reader, NDManager passing, Map<String, Weight> kinds) {
        Map<Part, List<Weight>> first = new EnumMap<>(Part.class);
        for (Span span : plan.spans().stream().filter(span -> span.layer().isPresent()).toList()) {
            List<WeightPlan.Entry> entries = entries(span).toList();
            List<Weight> weights = first.computeIfAbsent(span.part(), part ->
                    List.copyOf(reader.read(entries, passing).values()));
            for (int i = 0; i < entries.size(); i++) {
                kinds.put(entries.get(i).name(), weights.get(i));
            }
        }
    }

    private static Stream<WeightPlan.Entry> entries(Span span) {
        return Stream.concat(Stream.of(span.weight()), span.bias().stream());
    }

    private static Map<String, Weight> adapted(ModelConfig config, Map<String, Weight> weights,
            Optional<DecoderFolder.Factors> factors) {
        return factors.map(some -> new LowRank(config).beside(weights, some.pairs())).orElse(weights);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public NDArray logits(NDArray states) {
        return decoder.logits(states, false);
    }

    @Override
    public void states(List<Padded> batches, NDManager manager, Reader taker) {
        for (int from = 0, to; from < batches.size(); from = to) {
            to = from + 1;
            for (long bytes = bytes(batches.get(from)); to < batches.size(); to++) {
                bytes += bytes(batches.get(to));
                if (bytes > room) {
                    break;
                }
            }
            try (NDManager pass = manager.newSubManager()) {
                together(batches.subList(from, to), from, pass, taker);
            }
        }
    }

    private long bytes(Padded batch) {
        return (long) batch.rows() * batch.seq() * config.hidden() * decoder.compute().bytes();
    }

    private void together(List<Padded> batches, int first, NDManager pass, Reader taker) {
        List<NDArray> streams = new ArrayList<>();
        for (Padded batch : batches) {
            try (NDManager step = pass.newSubManager()) {
                streams.add(kept(decoder.embedded(batch.array(step), false), pass)); // [batch, seq, hidden]
            }
        }
        CompletableFuture<Arrays> coming = coming(0);
        try {
            for (int layer = 0; layer < config.layers(); layer++) {
                try (Arrays arrays = joined(coming)) {
                    coming = layer + 1 < config.layers() ? coming(layer + 1)
                            : CompletableFuture.completedFuture(arrays);
                    for (int i = 0; i < streams.size(); i++) {
                        streams.set(i, through(layer, arrays, streams.get(i), batches.get(i).lengths(), pass));
                    }
                }
            }
        } finally {
            coming.handle((arrays, failed) -> arrays).thenAccept(arrays -> Optional.ofNullable(arrays)
                    .ifPresent(Arrays::close)).join();
        }
        for (int i = 0; i < streams.size(); i++) {
            try (NDManager step = pass.newSubManager()) {
                NDArray stream = streams.get(i);
                stream.attach(step);
                taker.read(first + i, decoder.ended(stream, false));
            }
        }
    }

    private NDArray through(int layer, Arrays arrays, NDArray stream, int[] lengths, NDManager pass) {
        try (NDManager step = pass.newSubManager()) {
            stream.attach(step);
            return kept(decoder.layer(stream, lengths, layer, arrays.all()), pass); // [batch, seq, hidden]
        }
    }

    private static NDArray kept(NDArray array, NDManager owner) {
        array.attach(owner);
        return array;
    }

    /// The arrays of one layer, in the list in which the program finds those of all: every other place holds nothing.
    private record Arrays(NDManager owner, List<NDArray> all) implements AutoCloseable {
        @Override
        public void close() {
            owner.close();
        }
    }

    private CompletableFuture<Arrays> coming(int layer) {
        return CompletableFuture.supplyAsync(() -> read(layer), ahead);
    }

    private static Arrays joined(CompletableFuture<Arrays> coming) {
        try {
            return coming.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException ours ? ours : failed;
        }
    }

    private Arrays read(int layer) {
        NDManager owner = own.newSubManager();
        try {
            Map<String, Weight> weights = new LinkedHashMap<>(kinds);
            weights.putAll(reader.read(WeightPlan.of(config).spans().stream()
                    .filter(span -> span.layer().orElse(-1) == layer).flatMap(OffloadedPass::entries).toList(), owner));
            Layout layout = Layout.of(config, adapted(config, weights, factors), owner);
            List<NDArray> all = new ArrayList<>(Collections.nCopies(layout.layers().size(), nothing));
            for (int i = layout.starts().get(layer); i < layout.ends().get(layer); i++) {
                all.set(i, layout.layers().get(i));
            }
            return new Arrays(owner, all);
        } catch (RuntimeException failed) {
            owner.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        ahead.close();
        reader.close();
        decoder.close();
    }
}
