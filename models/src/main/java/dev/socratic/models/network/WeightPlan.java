package dev.socratic.models.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Names and shapes of a model's weights, in the order in which they are kept, trained and written.
///
/// @param spans every place of the network, that of the head also where it is the embedding
/// @param tied  whether it is
record WeightPlan(List<Span> spans, boolean tied) {
    /// How a weight begins when nothing was learned yet.
    enum Start { NORMAL, ONES, ZEROS }

    /// @param inLayer whether it belongs to a layer
    record Entry(String name, Shape shape, Start start, boolean inLayer) {
        long size() {
            return shape.size();
        }
    }

    static WeightPlan of(ModelConfig config) {
        return new Builder(config).build();
    }

    /// @param part one outside the layers
    /// @return the name of its weight
    static String name(ModelConfig config, Part part) {
        return Family.of(config.family()).orElseThrow().name(part) + ".weight";
    }

    /// @param name of a weight
    /// @return whether it is the head of a model whose head is the embedding: what it adapts belongs to another
    static boolean sharesEmbedding(ModelConfig config, String name) {
        return config.tiedHead() && name.equals(name(config, Part.HEAD));
    }

    /// @return everything a checkpoint holds; a bias follows its weight
    List<Entry> entries() {
        return spans.stream().filter(span -> !tied || span.part() != Part.HEAD)
                .flatMap(span -> Stream.concat(Stream.of(span.weight()), span.bias().stream())).toList();
    }

    private static final class Builder {
        private final ModelConfig config;
        private final Family family;
        private final List<Span> spans = new ArrayList<>();
        private OptionalInt layer = OptionalInt.empty();

        Builder(ModelConfig config) {
            this.config = config;
            this.family = Family.of(config.family()).orElseThrow();
        }

        WeightPlan build() {
            long hidden = config.hidden();
            table(Part.EMBEDDING, config.vocab());
            if (family.has(Part.POSITIONS)) {
                table(Part.POSITIONS, config.positions());
            }
            for (int i = 0; i < config.layers(); i++) {
                layer = OptionalInt.of(i);
                layer();
            }
            layer = OptionalInt.empty();
            norm(Part.LAST_NORM, hidden);
            table(Part.HEAD, config.vocab());
            return new WeightPlan(List.copyOf(spans), config.tiedHead());
        }

        private void layer() {
            Attention attention = config.attention();
            long queries = (long) attention.heads() * attention.dim();
            long keys = (long) attention.kvHeads() * attention.dim();
            long hidden = config.hidden();
            boolean whole = attention.headNorm() == Attention.HeadNorm.WHOLE;
            norm(Part.BEFORE_ATTENTION, hidden);
            matrix(Part.QUERY, queries, hidden, attention.bias());
            matrix(Part.KEY, keys, hidden, attention.bias());
            matrix(Part.VALUE, keys, hidden, attention.bias());
            matrix(Part.QUERY_KEY_VALUE, queries + 2 * keys, hidden, attention.bias());
            matrix(Part.QUERY_KEY_VALUE_BY_HEAD, queries + 2 * keys, hidden, attention.bias());
            norm(Part.QUERY_NORM, whole ? queries : attention.dim());
            norm(Part.KEY_NORM, whole ? keys : attention.dim());
            matrix(Part.OUTPUT, hidden, queries, attention.outputBias());
            norm(Part.AFTER_ATTENTION, hidden);
            norm(Part.BEFORE_FEED_FORWARD, hidden);
            norm(Part.AFTER_FEED_FORWARD, hidden);
            if (config.pattern().get(layer.orElseThrow()).sparse()) {
                experts(config.feedForward().experts().orElseThrow());
            } else {
                boolean bias = config.feedForward().bias();
                matrix(Part.GATE, config.width(), hidden, bias);
                matrix(Part.UP, config.width(), hidden, bias);
                matrix(Part.GATE_UP, 2L * config.width(), hidden, bias);
                matrix(Part.DOWN, hidden, config.width(), bias);
            }
        }

        /// The program finds the three matrices of an expert one after the other, and the next expert after them.
        private void experts(FeedForward.Experts experts) {
            matrix(Part.ROUTER, experts.count(), config.hidden(), false);
            for (int expert = 0; expert < experts.count(); expert++) {
                for (Part part : List.of(Part.EXPERT_GATE, Part.EXPERT_UP, Part.EXPERT_DOWN)) {
                    Shape shape = part == Part.EXPERT_DOWN ? new Shape(config.hidden(), experts.width())
                            : new Shape(experts.width(), config.hidden());
                    put(part, family.name(part, layer.orElseThrow(), expert), shape, Start.NORMAL, Optional.empty(),
                            false);
                }
            }
        }

        /// Embedding, positions and head: rows of the stream's width, never transposed.
        private void table(Part part, long rows) {
            put(part, family.name(part), new Shape(rows, config.hidden()), Start.NORMAL, Optional.empty(), false);
        }

        private void norm(Part part, long size) {
            if (family.has(part)) {
                // What leaves a normed activation as it is.
                Start neutral = config.norm().kind() == Norm.Kind.RMS_PLUS_ONE ? Start.ZEROS : Start.ONES;
                put(part, name(part), new Shape(size), neutral,
                        config.norm().kind() == Norm.Kind.LAYER
                                ? Optional.of(new Shape(size))
                                : Optional.empty(), false);
            }
        }

        private void matrix(Part part, long out, long in, boolean bias) {
            if (family.has(part)) {
                boolean transposed = family.transposed();
                put(part, name(part), transposed ? new Shape(in, out) : new Shape(out, in), Start.NORMAL,
                        bias ? Optional.of(new Shape(out)) : Optional.empty(), transposed);
            }
        }

        private String name(Part part) {
            return layer.isPresent() ? family.name(part, layer.getAsInt()) : family.name(part);
        }

        private void put(Part part, String module, Shape shape, Start start, Optional<Shape> bias, boolean transposed) {
            boolean inLayer = layer.isPresent();
            spans.add(new Span(part, new Entry(module + ".weight", shape, start, inLayer),
                    bias.map(size -> new Entry(module + ".bias", size, Start.ZEROS, inLayer)), layer, transposed));
        }
    }
}
