package dev.socratic.models.network;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Every place of a decoder and how it is held, told before anything is loaded.
///
/// @param around places outside the layers; the head also where it is the embedding
/// @param layers places of each layer
record HeldPlaces(ModelConfig config, Map<Part, Place> around, List<Map<Part, Place>> layers) {
    /// @param held how it is held
    static HeldPlaces of(ModelConfig config, DecoderMemory.Held held) {
        Map<Part, Place> around = new EnumMap<>(Part.class);
        Map<Integer, Map<Part, Place>> layers = new HashMap<>();
        for (Span span : WeightPlan.of(config).spans()) {
            Map<Part, Place> home = span.layer().isEmpty() ? around
                    : layers.computeIfAbsent(span.layer().getAsInt(), ignored -> new EnumMap<>(Part.class));
            home.merge(span.part(), place(span, held), Place::oneMore);
        }
        return new HeldPlaces(config, around, IntStream.range(0, config.layers()).mapToObj(layers::get).toList());
    }

    private static Place place(Span span, DecoderMemory.Held held) {
        boolean matrix = span.weight().shape().dimension() == 2;
        int rank = held.factors().filter(some -> span.product()
                && some.targets().match(span.module(), span.part() == Part.HEAD))
                .map(DecoderMemory.Factors::rank).orElse(0);
        Optional<Weight.Scheme> scheme = Quantiser.scheme(held.bits(), span);
        boolean learns = scheme.isEmpty() && held.factors().map(some -> some.whole().test(span.module()))
                .orElseGet(() -> held.learns().test(span.weight().name()));
        return new Place(matrix ? span.out() : span.weight().size(), matrix ? span.in() : 1, 1,
                span.bias().isPresent(), scheme, held.weights().bytes(), rank, learns);
    }

    boolean has(Part part) {
        return around.containsKey(part);
    }

    boolean has(Part part, int layer) {
        return layers.get(layer).containsKey(part);
    }

    Place outer(Part part) {
        return around.get(part);
    }

    Place in(Part part, int layer) {
        return layers.get(layer).get(part);
    }
}
