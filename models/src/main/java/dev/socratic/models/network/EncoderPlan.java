package dev.socratic.models.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/// Names and shapes of an encoder's weights, in the order in which its program takes them.
final class EncoderPlan {
    private final EncoderConfig config;
    private final Family family;
    private final List<WeightPlan.Entry> entries = new ArrayList<>();

    private EncoderPlan(EncoderConfig config) {
        this.config = config;
        this.family = Family.encoder(config.family()).orElseThrow();
    }

    static List<WeightPlan.Entry> of(EncoderConfig config) {
        return new EncoderPlan(config).build(true);
    }

    /// The same without the head.
    static List<WeightPlan.Entry> body(EncoderConfig config) {
        return new EncoderPlan(config).build(false);
    }

    private List<WeightPlan.Entry> build(boolean head) {
        long hidden = config.hidden();
        put(family.name(Part.EMBEDDING) + ".weight", false, config.vocab(), hidden);
        put(family.name(Part.POSITIONS) + ".weight", false, config.positions(), hidden);
        pair(family.name(Part.EMBEDDING_NORM), false, hidden);
        if (head) {
            pair(family.name(Part.HEAD_DENSE), false, hidden, hidden);
            pair(family.name(Part.HEAD_NORM), false, hidden);
            put(family.name(Part.HEAD_BIAS) + ".bias", false, config.vocab());
        }
        if (config.tokenTypes() > 0) {
            put(family.name(Part.TOKEN_TYPES) + ".weight", false, config.tokenTypes(), hidden);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            pair(family.name(Part.QUERY, layer), true, hidden, hidden);
            pair(family.name(Part.KEY, layer), true, hidden, hidden);
            pair(family.name(Part.VALUE, layer), true, hidden, hidden);
            pair(family.name(Part.OUTPUT, layer), true, hidden, hidden);
            pair(family.name(Part.AFTER_ATTENTION, layer), true, hidden);
            pair(family.name(Part.UP, layer), true, config.width(), hidden);
            pair(family.name(Part.DOWN, layer), true, hidden, config.width());
            pair(family.name(Part.AFTER_FEED_FORWARD, layer), true, hidden);
        }
        return entries;
    }

    private void pair(String name, boolean inLayer, long... shape) {
        put(name + ".weight", inLayer, shape);
        put(name + ".bias", inLayer, shape[0]);
    }

    private void put(String name, boolean inLayer, long... shape) {
        WeightPlan.Start start = name.endsWith(".bias") ? WeightPlan.Start.ZEROS : shape.length == 1
                ? WeightPlan.Start.ONES : WeightPlan.Start.NORMAL;
        entries.add(new WeightPlan.Entry(name, new Shape(shape), start, inLayer));
    }
}
