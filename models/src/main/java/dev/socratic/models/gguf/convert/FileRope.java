package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.Problem;
import dev.socratic.models.gguf.MetadataValue;
import dev.socratic.models.network.Layer;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.Rope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How positions turn, as a GGUF says it: keys, and tensors with a factor for each pair.
final class FileRope {
    private static final String REMEDY = "a GGUF of this model would compute something else";

    private final ModelConfig config;
    private final GgufFamily family;
    private final Map<String, MetadataValue> values;
    private final List<Problem> problems;

    FileRope(ModelConfig config, GgufFamily family, Map<String, MetadataValue> values, List<Problem> problems) {
        this.config = config;
        this.family = family;
        this.values = values;
        this.problems = problems;
    }

    /// @return the rope of the layers without a window, or of all
    private static Rope everywhere(ModelConfig config) {
        return config.pattern().stream().filter(layer -> layer.window() == 0).map(Layer::rope)
                .filter(rope -> !(rope instanceof Rope.None)).findFirst()
                .or(() -> config.pattern().stream().map(Layer::rope).filter(rope -> !(rope instanceof Rope.None))
                        .findFirst())
                .orElse(new Rope.None());
    }

    void add() {
        Rope rope = everywhere(config);
        switch (rope) {
            case Rope.None ignored -> refuse("no positions at all");
            case Rope.Plain(double theta) -> theta(theta);
            case Rope.Linear(double theta, double factor) -> {
                theta(theta);
                text("scaling.type", "linear");
                real("scaling.factor", factor);
            }
            case Rope.Llama3 scaled -> {
                theta(scaled.theta());
                requireLlama("llama3");
            }
            case Rope.Yarn yarn -> yarn(yarn);
            case Rope.LongRope longRope -> longRope(longRope);
            case Rope.Dynamic ignored -> refuse("dynamic");
        }
        if (family == GgufFamily.GEMMA3) {
            local(rope);
        }
    }

    /// The layers with a window of Gemma 3, which turn plainly.
    private void local(Rope rope) {
        Rope near = config.pattern().stream().filter(layer -> layer.window() > 0).map(Layer::rope).findFirst()
                .orElse(rope);
        if (near instanceof Rope.Plain(double theta)) {
            real("freq_base_swa", theta);
        } else {
            refuse("other than plain positions in layers with a window");
        }
    }

    private void yarn(Rope.Yarn yarn) {
        double usual = yarn.factor() <= 1 ? 1 : 0.1 * Math.log(yarn.factor()) + 1;
        if (!yarn.truncate() || Math.abs(yarn.magnitude() - usual) > 1e-6) {
            refuse("yarn with an attention_factor of its own or without truncation");
        }
        theta(yarn.theta());
        text("scaling.type", "yarn");
        real("scaling.factor", yarn.factor());
        values.put(key("scaling.original_context_length"), MetadataValue.Whole.of(yarn.original()));
        real("scaling.yarn_beta_fast", yarn.fast());
        real("scaling.yarn_beta_slow", yarn.slow());
    }

    private void longRope(Rope.LongRope rope) {
        theta(rope.theta());
        if (family == GgufFamily.PHI3) {
            text("scaling.type", "longrope");
            real("scaling.attn_factor", rope.magnitude());
            values.put(key("scaling.original_context_length"), MetadataValue.Whole.of(rope.original()));
        } else if (!rope.near().equals(rope.far()) || rope.magnitude() != 1) {
            refuse("longrope");
        } else {
            requireLlama("longrope");
        }
    }

    private void requireLlama(String kind) {
        if (family != GgufFamily.LLAMA && family != GgufFamily.SMOLLM3) {
            refuse(kind);
        }
    }

    /// @return tensors with a number for each pair of a head, by name
    static Map<String, float[]> tensors(ModelConfig config, GgufFamily family) {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        switch (everywhere(config)) {
            case Rope.Llama3 scaled -> {
                double[] factors = Llama3Factors.of(scaled.theta(), config.attention().rotated(), scaled.factor(),
                        scaled.low(), scaled.high(), scaled.original());
                float[] narrow = new float[factors.length];
                for (int i = 0; i < factors.length; i++) {
                    narrow[i] = (float) factors[i];
                }
                tensors.put(FolderRope.LLAMA3, narrow);
            }
            case Rope.LongRope rope -> {
                if (family == GgufFamily.PHI3) {
                    tensors.put(FolderRope.LONG, floats(rope.far()));
                    tensors.put(FolderRope.SHORT, floats(rope.near()));
                } else {
                    tensors.put(FolderRope.LLAMA3, floats(rope.near()));
                }
            }
            case Rope.None ignored -> { }
            case Rope.Plain ignored -> { }
            case Rope.Linear ignored -> { }
            case Rope.Dynamic ignored -> { }
            case Rope.Yarn ignored -> { }
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static float[] floats(List<Double> numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    private void theta(double theta) {
        real("freq_base", theta);
    }

    private void refuse(String kind) {
        problems.add(new Problem("rope_scaling", "positions as llama.cpp computes the family", kind, REMEDY));
    }

    private String key(String name) {
        return family.architecture() + ".rope." + name;
    }

    private void real(String name, double value) {
        values.put(key(name), MetadataValue.Real.of(value));
    }

    private void text(String name, String value) {
        values.put(key(name), new MetadataValue.Text(value));
    }
}
