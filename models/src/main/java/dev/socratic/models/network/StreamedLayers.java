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

/// The layers of a decoder as they lie in its checkpoint: read one after the other, each for as long as it computes,
/// while the next is read already. What is no layer is in memory.
final class StreamedLayers implements AutoCloseable {
    private final ModelConfig config;
    private final LayerReader reader;
    private final Optional<DecoderFolder.Factors> factors;
    private final Map<String, Weight> kinds;
    private final NDManager own;
    private final NDArray nothing;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    /// @param kinds every weight by its name: those around the layers, and of each layer what stands for the kind of
    ///              its own, whose numbers are gone
    /// @param own   owner of what stays in memory
    private StreamedLayers(ModelConfig config, LayerReader reader, Optional<DecoderFolder.Factors> factors,
            Map<String, Weight> kinds, NDManager own) {
        this.config = config;
        this.reader = reader;
        this.factors = factors;
        this.kinds = kinds;
        this.own = own;
        this.nothing = own.zeros(new Shape(1));
    }

    /// @return a decoder whose layers are read so, whenever it runs; it closes them
    static Decoder decoder(Path folder, NDManager manager, FloatType held, FloatType compute,
            Quantization quantization) {
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
                return decoder.reading(new StreamedLayers(config, reader, factors, kinds, own));
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

    /// What runs a layer.
    @FunctionalInterface
    interface Visitor {
        /// @param arrays of all layers, as the program takes them, of which only this one's are there; gone after the
        ///               call
        void visit(int layer, List<NDArray> arrays);
    }

    /// Reads layers from `first` up to but without `last`, in their order.
    void walk(int first, int last, Visitor visitor) {
        CompletableFuture<Arrays> coming = coming(first);
        try {
            for (int layer = first; layer < last; layer++) {
                try (Arrays arrays = joined(coming)) {
                    coming = layer + 1 < last ? coming(layer + 1) : CompletableFuture.completedFuture(arrays);
                    visitor.visit(layer, arrays.all());
                }
            }
        } finally {
            coming.handle((arrays, failed) -> arrays).thenAccept(arrays -> Optional.ofNullable(arrays)
                    .ifPresent(Arrays::close)).join();
        }
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
                    .filter(span -> span.layer().orElse(-1) == layer).flatMap(StreamedLayers::entries).toList(),
                    owner));
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
    }
}
