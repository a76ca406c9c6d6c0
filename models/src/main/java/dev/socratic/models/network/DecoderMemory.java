package dev.socratic.models.network;

import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.FloatType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What a decoder takes of a device's memory, told from its shape alone, in bytes: its weights, what a pass through it
/// makes and keeps, its cache. Nothing is loaded for it.
///
/// A pass is `states` of `decoder.ts.py` walked through as sizes ([DecoderTape]), so what a family keeps for its way
/// back is read off its own program.
public final class DecoderMemory {
    private final ModelConfig config;
    private final Held held;
    private final HeldPlaces places;

    /// How it is held.
    ///
    /// @param weights type of plain numbers
    /// @param compute what flows through the layers
    /// @param bits    in how few bits matrices are kept
    /// @param factors that learn in place of the weights
    /// @param learns  which weights learn, by name, where no factors do
    public record Held(FloatType weights, FloatType compute, Quantization bits, Optional<Factors> factors,
            Predicate<String> learns) {
        /// A model that only answers or teaches.
        public static Held reading(FloatType weights, FloatType compute, Quantization bits) {
            return new Held(weights, compute, bits, Optional.empty(), name -> false);
        }
    }

    /// Low-rank factors beside linear weights.
    ///
    /// @param rank    of each
    /// @param targets which modules have some
    /// @param dropped whether some of what they read is left out
    /// @param whole   which modules learn whole beside them, by name: copies, for the base stays what it is
    public record Factors(int rank, LoraTargets targets, boolean dropped, Predicate<String> whole) {}

    public DecoderMemory(ModelConfig config, Held held) {
        this.config = config;
        this.held = held;
        this.places = HeldPlaces.of(config, held);
    }

    public ModelConfig config() {
        return config;
    }

    /// @return bytes of all weights as they are held, and of factors beside them
    public long weights() {
        return all().mapToLong(place -> base(place) + 4 * factors(place)).sum() + copied();
    }

    /// What modules that learn whole beside factors take again; of a head that is the embedding they are all there is.
    private long copied() {
        Place head = places.outer(Part.HEAD);
        return held.factors().isEmpty() ? 0 : all().filter(Place::learns).mapToLong(DecoderMemory::base).sum()
                - (config.tiedHead() && head.learns() ? base(head) : 0);
    }

    /// @return numbers that learn
    public long learned() {
        return all().mapToLong(place -> (place.learns() ? place.numbers() + bias(place) : 0) + factors(place)).sum();
    }

    /// @return of those, numbers of the layers
    public long learnedInLayers() {
        return learnedArrays().stream().filter(Learned::inLayer).mapToLong(array -> array.copies() * array.numbers())
                .sum();
    }

    /// @return bytes of a model whose layers are read one after the other: what stands around them, and two
    public long streamed() {
        long layer = places.layers().stream().mapToLong(one -> one.values().stream()
                .mapToLong(place -> base(place) + Float.BYTES * factors(place)).sum()).max().orElse(0);
        return outer().mapToLong(place -> base(place) + Float.BYTES * factors(place)).sum() + 2 * layer;
    }

    /// @return numbers whose gradients come by two ways, one made by hand: a head that is the embedding
    public long learnedTwice() {
        return config.tiedHead() && held.factors().isEmpty() && places.outer(Part.EMBEDDING).learns()
                ? places.outer(Part.EMBEDDING).numbers() : 0;
    }

    /// @return of the numbers that learn, those of a head that is no embedding, whose gradient is made by hand alone
    public long learnedByHand() {
        Place head = places.outer(Part.HEAD);
        return (!config.tiedHead() || held.factors().isPresent()) && head.learns() ? head.numbers() : 0;
    }

    /// An array that learns, as an optimiser sees it.
    ///
    /// @param rows    of a matrix; of a vector its length
    /// @param columns of a matrix; of a vector 1
    /// @param copies  how many of this shape there are
    /// @param matrix  whether it is one
    /// @param inLayer whether it belongs to a layer
    public record Learned(long rows, long columns, long copies, boolean matrix, boolean inLayer) {
        /// @return numbers of one of them
        public long numbers() {
            return rows * columns;
        }
    }

    /// @return all that learns
    public List<Learned> learnedArrays() {
        List<Learned> all = new ArrayList<>();
        outer().forEach(place -> learned(place, false, all));
        places.layers().forEach(layer -> layer.values().forEach(place -> learned(place, true, all)));
        return all;
    }

    private static void learned(Place place, boolean inLayer, List<Learned> all) {
        if (place.learns()) {
            all.add(new Learned(place.out(), place.in(), place.copies(), place.in() > 1, inLayer));
            if (place.bias()) {
                all.add(new Learned(place.out(), 1, place.copies(), false, inLayer));
            }
        }
        if (place.rank() > 0) {
            all.add(new Learned(place.rank(), place.in(), place.copies(), true, inLayer));
            all.add(new Learned(place.out(), place.rank(), place.copies(), true, inLayer));
        }
    }

    /// @return bytes that making few bits of the largest matrix takes besides: it as float32, as the file has it, and
    ///         two arrays on the way; one matrix at a time
    public long quantising() {
        return all().filter(place -> place.scheme().isPresent())
                .mapToLong(place -> 4 * Float.BYTES * place.in() * place.out()).max().orElse(0);
    }

    private Stream<Place> all() {
        return Stream.concat(outer(), places.layers().stream().flatMap(layer -> layer.values().stream()));
    }

    /// Of a head that is the embedding, the factors alone, or its own numbers where it learns whole.
    private Stream<Place> outer() {
        return places.around().entrySet().stream().flatMap(entry ->
                entry.getKey() != Part.HEAD || !config.tiedHead() ? Stream.of(entry.getValue())
                        : entry.getValue().rank() > 0 ? Stream.of(entry.getValue().factorsOnly())
                        : held.factors().isPresent() && entry.getValue().learns() ? Stream.of(entry.getValue())
                        : Stream.empty());
    }

    private static long base(Place place) {
        return bias(place) * place.bytes() + place.scheme().map(scheme ->
                place.copies() * scheme.bytes(place.out(), place.in())).orElse(place.numbers() * place.bytes());
    }

    private static long bias(Place place) {
        return place.bias() ? place.copies() * place.out() : 0;
    }

    private static long factors(Place place) {
        return place.rank() * place.copies() * (place.in() + place.out());
    }

    /// What a pass takes besides the weights.
    ///
    /// @param states  bytes of the final states
    /// @param kept    bytes that wait for the way back once the states are there, these included
    /// @param forward most bytes on the way to them, with a graph
    /// @param back    most bytes on the way back, with the gradient it begins with
    /// @param reading most bytes on the way to the states without a graph
    public record Pass(long states, long kept, long forward, long back, long reading) {}

    /// @param rows of `seq` tokens each
    public Pass pass(int rows, int seq) {
        Tape tape = tape(rows, seq).whole();
        long states = stream(rows, seq);
        return graph() ? new Pass(states, tape.kept() + states, tape.forward(true), tape.back(), tape.forward(false))
                : new Pass(states, states, 0, 0, tape.forward(false));
    }

    /// The same where each layer is run again on the way back (`RecomputedPass`): the stream that entered each is kept,
    /// and one layer's graph at a time.
    ///
    /// @param elsewhere whether those streams wait elsewhere, but for two
    public Pass recomputed(int rows, int seq, boolean elsewhere) {
        long stream = stream(rows, seq);
        long streams = stream * (elsewhere ? 2 : config.layers() + 1);
        long reading = tape(rows, seq).whole().forward(false);
        long again = 0;
        for (int layer : kinds()) {
            Tape tape = tape(rows, seq).alone(layer, true);
            again = Math.max(again, Math.max(tape.forward(true) + stream, tape.back()));
        }
        // Norm and states behind the layers have their graph all along.
        long kept = streams + 3 * stream;
        return new Pass(stream, kept, Math.max(kept, streams + reading), kept + again, reading);
    }

    /// @return one layer of each kind there is
    private List<Integer> kinds() {
        Map<Map<Part, Place>, Integer> first = new LinkedHashMap<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            first.putIfAbsent(places.layers().get(layer), layer);
        }
        return List.copyOf(first.values());
    }

    private DecoderTape tape(int rows, int seq) {
        return new DecoderTape(places, held, rows, seq);
    }

    private boolean graph() {
        return all().anyMatch(place -> place.learns() || place.rank() > 0);
    }

    private long stream(int rows, int seq) {
        return (long) rows * seq * config.hidden() * held.compute().bytes();
    }

    /// @param rows      that are written side by side
    /// @param positions of each at the end
    /// @return bytes of keys and values
    public long cache(int rows, int positions) {
        CacheSizes sizes = CacheSizes.of(config, held.compute());
        return rows * sizes.bytes(sizes.capacity(positions));
    }
}
