package dev.socratic.models.network;

import dev.socratic.models.engine.FloatType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the program's names with a dollar sign stand for, so that one program serves every architecture and pays
/// nothing for what a model lacks.
final class Constants {
    private static final Pattern NAME = Pattern.compile("\\$([a-z_]+)");

    private Constants() {}

    /// @param source the program with names
    /// @return the program with numbers
    /// @param type what flows through the layers
    /// @param split whether its layers lie on several devices
    static String fill(String source, ModelConfig config, Layout layout, FloatType type, boolean split) {
        Map<String, String> values = of(config, layout, type);
        values.put("split", flag(split));
        return fill(source, values);
    }

    /// @param values what each name stands for
    static String fill(String source, Map<String, String> values) {
        return NAME.matcher(source).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalStateException(
                        "the program asks for $%s, which the architecture does not define".formatted(found.group(1)));
            }
            return value;
        });
    }

    private static Map<String, String> of(ModelConfig config, Layout layout, FloatType type) {
        Map<String, String> values = new LinkedHashMap<>();
        Family family = Family.of(config.family()).orElseThrow();
        values.put("type", "" + type.number());
        values.put("half", flag(type != FloatType.FLOAT32));
        values.put("wide", flag(family.wide()));
        for (Part part : Part.values()) {
            values.put(part.label(), "" + layout.place(part));
            values.put(part.label() + "_kind", "" + layout.kind(part).number());
        }
        norms(config, values);
        attention(config.attention(), values);
        feedForward(config.feedForward(), values);
        Scales scales = config.scales();
        // Where the scale is the width's root the reference keeps it in a tensor of the computed type.
        values.put("embedding_scale",
                number(family.scaledEmbedding() ? type.round(scales.embedding()) : scales.embedding()));
        values.put("residual_scale", number(scales.residual()));
        values.put("logit_divisor", number(scales.logits()));
        values.put("logit_cap", number(scales.logitCap()));
        values.put("parallel", flag(config.parallel()));
        values.put("layers", "" + config.layers());
        values.put("window", "" + config.window());
        values.put("windowed", list(config.pattern().stream().map(layer -> layer.window() > 0 ? 1 : 0).toList()));
        List<Rope> ropes = config.ropes();
        values.put("ropes", list(config.pattern().stream().map(layer -> ropes.indexOf(layer.rope())).toList()));
        values.put("sparse", list(config.pattern().stream().map(layer -> layer.sparse() ? 1 : 0).toList()));
        values.put("starts", list(layout.starts()));
        values.put("ends", list(layout.ends()));
        values.put("expert_span", "" + layout.expert());
        return values;
    }

    private static void norms(ModelConfig config, Map<String, String> values) {
        values.put("epsilon", number(config.norm().epsilon()));
        values.put("layer_norm", flag(config.norm().kind() == Norm.Kind.LAYER));
        values.put("norm_plus_one", flag(config.norm().kind() == Norm.Kind.RMS_PLUS_ONE));
        values.put("heads_normed", flag(config.attention().headNorm() == Attention.HeadNorm.HEAD));
        values.put("wholes_normed", flag(config.attention().headNorm() == Attention.HeadNorm.WHOLE));
    }

    private static void attention(Attention attention, Map<String, String> values) {
        values.put("dim", "" + attention.dim());
        values.put("rotated", "" + attention.rotated());
        values.put("queries", "" + attention.heads() * attention.dim());
        values.put("keys", "" + attention.kvHeads() * attention.dim());
        values.put("divisor", number(attention.divisor()));
        values.put("kv_heads", "" + attention.kvHeads());
        values.put("scale", attention.multiplier() == 0 ? "None" : number(attention.multiplier()));
        values.put("soft_cap", number(attention.softCap()));
    }

    private static void feedForward(FeedForward feedForward, Map<String, String> values) {
        values.put("activation", "" + feedForward.activation().ordinal());
        values.put("gated", flag(feedForward.gated()));
        values.put("experts", "" + feedForward.experts().map(FeedForward.Experts::count).orElse(0));
        values.put("experts_per_token", "" + feedForward.experts().map(FeedForward.Experts::perToken).orElse(0));
        values.put("shares_renormalized",
                flag(feedForward.experts().map(FeedForward.Experts::renormalized).orElse(false)));
    }

    static String number(double value) {
        return Double.toString(value);
    }

    private static String flag(boolean value) {
        return value ? "True" : "False";
    }

    private static String list(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
