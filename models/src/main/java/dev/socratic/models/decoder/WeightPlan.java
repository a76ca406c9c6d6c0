package dev.socratic.models.decoder;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/// Names and shapes of a model's weights, in the order in which they are kept, trained and written.
final class WeightPlan {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String LAST_NORM = "model.norm.weight";
    static final String HEAD = "lm_head.weight";
    /// Weights of a layer, in the order the program takes them.
    static final int PER_LAYER = 9;

    private WeightPlan() {}

    /// @param norm whether it starts as ones instead of at random
    record Entry(String name, Shape shape, boolean norm) {
        long size() {
            return shape.size();
        }
    }

    static List<Entry> of(ModelConfig config) {
        long hidden = config.hidden();
        long queries = (long) config.attention().heads() * config.attention().dim();
        long keys = (long) config.attention().kvHeads() * config.attention().dim();
        List<Entry> plan = new ArrayList<>();
        plan.add(new Entry(EMBEDDING, new Shape(config.vocab(), hidden), false));
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "model.layers." + layer + ".";
            plan.add(new Entry(at + "input_layernorm.weight", new Shape(hidden), true));
            plan.add(new Entry(at + "self_attn.q_proj.weight", new Shape(queries, hidden), false));
            plan.add(new Entry(at + "self_attn.k_proj.weight", new Shape(keys, hidden), false));
            plan.add(new Entry(at + "self_attn.v_proj.weight", new Shape(keys, hidden), false));
            plan.add(new Entry(at + "self_attn.o_proj.weight", new Shape(hidden, queries), false));
            plan.add(new Entry(at + "post_attention_layernorm.weight", new Shape(hidden), true));
            plan.add(new Entry(at + "mlp.gate_proj.weight", new Shape(config.width(), hidden), false));
            plan.add(new Entry(at + "mlp.up_proj.weight", new Shape(config.width(), hidden), false));
            plan.add(new Entry(at + "mlp.down_proj.weight", new Shape(hidden, config.width()), false));
        }
        plan.add(new Entry(LAST_NORM, new Shape(hidden), true));
        if (!config.tiedHead()) {
            plan.add(new Entry(HEAD, new Shape(config.vocab(), hidden), false));
        }
        return plan;
    }
}
