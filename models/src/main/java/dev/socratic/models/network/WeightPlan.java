package dev.socratic.models.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Names and shapes of a model's weights, in the order in which they are kept, trained and written, and where the
/// program finds each.
///
/// A bias follows its weight. Weights outside the layers come in one list, those of the layers in another; a place
/// counts from the beginning of the list, or of the layer.
///
/// @param outer  places outside the layers
/// @param inner  places in a layer, the same in each that has the part
/// @param starts where each layer begins
record WeightPlan(List<Entry> entries, Map<Part, Integer> outer, Map<Part, Integer> inner, List<Integer> starts) {
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

    private static final class Builder {
        private final ModelConfig config;
        private final Family family;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<Part, Integer> outer = new EnumMap<>(Part.class);
        private final Map<Part, Integer> inner = new EnumMap<>(Part.class);
        private final List<Integer> starts = new ArrayList<>();
        private int outside;
        private int inside;
        private int layer;

        Builder(ModelConfig config) {
            this.config = config;
            this.family = Family.of(config.family()).orElseThrow();
        }

        WeightPlan build() {
            outside(Part.EMBEDDING, new Shape(config.vocab(), config.hidden()), Start.NORMAL);
            if (family.has(Part.POSITIONS)) {
                outside(Part.POSITIONS, new Shape(config.positions(), config.hidden()), Start.NORMAL);
            }
            for (layer = 0; layer < config.layers(); layer++) {
                starts.add(inside);
                layer();
            }
            outside(Part.LAST_NORM, new Shape(config.hidden()), neutral());
            if (config.norm().kind() == Norm.Kind.LAYER) {
                entries.add(
                        new Entry(family.name(Part.LAST_NORM) + ".bias", new Shape(config.hidden()), Start.ZEROS,
                                false));
                outside++;
            }
            if (config.tiedHead()) {
                outer.put(Part.HEAD, outer.get(Part.EMBEDDING));
            } else {
                outside(Part.HEAD, new Shape(config.vocab(), config.hidden()), Start.NORMAL);
            }
            return new WeightPlan(List.copyOf(entries), outer, inner, List.copyOf(starts));
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
            if (config.pattern().get(layer).sparse()) {
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
                    boolean down = part == Part.EXPERT_DOWN;
                    put(family.name(part, layer, expert) + ".weight",
                            down ? new Shape(config.hidden(), experts.width()) : new Shape(experts.width(),
                                    config.hidden()), Start.NORMAL);
                }
            }
        }

        private void outside(Part part, Shape shape, Start start) {
            outer.put(part, outside++);
            entries.add(new Entry(family.name(part) + ".weight", shape, start, false));
        }

        private void norm(Part part, long size) {
            if (family.has(part)) {
                inner.put(part, inside - starts.getLast());
                put(family.name(part, layer) + ".weight", new Shape(size), neutral());
                if (config.norm().kind() == Norm.Kind.LAYER) {
                    put(family.name(part, layer) + ".bias", new Shape(size), Start.ZEROS);
                }
            }
        }

        private void matrix(Part part, long out, long in, boolean bias) {
            if (family.has(part)) {
                inner.put(part, inside - starts.getLast());
                put(family.name(part, layer) + ".weight", family.transposed() ? new Shape(in, out) : new Shape(out, in),
                        Start.NORMAL);
                if (bias) {
                    put(family.name(part, layer) + ".bias", new Shape(out), Start.ZEROS);
                }
            }
        }

        private void put(String name, Shape shape, Start start) {
            entries.add(new Entry(name, shape, start, true));
            inside++;
        }

        /// What leaves a normed activation as it is.
        private Start neutral() {
            return config.norm().kind() == Norm.Kind.RMS_PLUS_ONE ? Start.ZEROS : Start.ONES;
        }
    }
}
