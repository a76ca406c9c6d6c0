package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.gguf.Metadata;
import dev.socratic.models.gguf.TensorRows;
import java.util.OptionalLong;

/// How positions turn, as `config.json` says it. The factors of Llama 3 and of LongRoPE are tensors in a GGUF.
final class FolderRope {
    static final String LLAMA3 = "rope_freqs.weight";
    static final String SHORT = "rope_factors_short.weight";
    static final String LONG = "rope_factors_long.weight";
    private static final double NEAR = 1e-5;

    private final Gguf gguf;
    private final Metadata metadata;
    private final String prefix;
    private final GgufFamily family;
    private final int dim;

    FolderRope(Gguf gguf, GgufFamily family, int dim) {
        this.gguf = gguf;
        this.metadata = gguf.metadata();
        this.prefix = family.architecture() + ".rope.";
        this.family = family;
        this.dim = dim;
    }

    void write(ObjectNode json) {
        double theta = FolderConfig.shortest(metadata.real(prefix + "freq_base").orElse(10_000));
        json.put("rope_theta", theta);
        share(json);
        if (family == GgufFamily.GEMMA3) {
            json.put("rope_local_base_freq",
                    FolderConfig.shortest(metadata.real(prefix + "freq_base_swa").orElse(10_000)));
        }
        if (gguf.tensors().containsKey(LLAMA3)) {
            perPair(json, theta, factors(LLAMA3));
        } else if (gguf.tensors().containsKey(LONG) || gguf.tensors().containsKey(SHORT)) {
            longRope(json);
        } else {
            scaling(json);
        }
    }

    /// How much of a head turns.
    private void share(ObjectNode json) {
        long turning = metadata.whole(prefix + "dimension_count").orElse(dim);
        if (turning != dim && family != GgufFamily.PHI3 || turning < 2 || turning > dim) {
            throw new DataException(metadata.file() + ": " + prefix + "dimension_count",
                    "%s, the width of a head".formatted(dim), "" + turning, "take another model of the family");
        }
        if (family == GgufFamily.PHI3) {
            json.put("partial_rotary_factor", (double) turning / dim);
        }
    }

    private void scaling(ObjectNode json) {
        String kind = metadata.text(prefix + "scaling.type").orElse("none");
        double factor = FolderConfig.shortest(metadata.real(prefix + "scaling.factor")
                .orElse(metadata.real(prefix + "scale_linear").orElse(0)));
        switch (kind) {
            case "none" -> {
                if (factor > 0 && factor != 1) {
                    json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
                } else {
                    json.putNull("rope_scaling");
                }
            }
            case "linear" -> json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
            case "yarn" -> {
                ObjectNode yarn = json.putObject("rope_scaling").put("rope_type", "yarn").put("factor", factor);
                original().ifPresent(length -> yarn.put("original_max_position_embeddings", length));
                metadata.real(prefix + "scaling.yarn_beta_fast").ifPresent(beta ->
                        yarn.put("beta_fast", FolderConfig.shortest(beta)));
                metadata.real(prefix + "scaling.yarn_beta_slow").ifPresent(beta ->
                        yarn.put("beta_slow", FolderConfig.shortest(beta)));
            }
            case String other -> throw new DataException(metadata.file() + ": " + prefix + "scaling.type",
                    "a way to stretch positions that this version knows", "'%s'".formatted(other),
                    "known: none, linear, yarn, and factors as tensors (Llama 3, LongRoPE)");
        }
    }

    private OptionalLong original() {
        return metadata.whole(prefix + "scaling.original_context_length");
    }

    /// Llama 3's own four numbers where they make these factors; otherwise the factors themselves.
    private void perPair(ObjectNode json, double theta, float[] factors) {
        double most = 1;
        for (float factor : factors) {
            most = Math.max(most, FolderConfig.shortest(factor));
        }
        ObjectNode scaling = json.putObject("rope_scaling");
        if (fits(Llama3Factors.of(theta, dim, most), factors)) {
            scaling.put("rope_type", "llama3").put("factor", most).put("low_freq_factor", Llama3Factors.LOW)
                    .put("high_freq_factor", Llama3Factors.HIGH)
                    .put("original_max_position_embeddings", Llama3Factors.ORIGINAL);
            return;
        }
        scaling.put("rope_type", "longrope").put("attention_factor", 1.0);
        list(scaling.putArray("short_factor"), factors);
        list(scaling.putArray("long_factor"), factors);
        scaling.put("original_max_position_embeddings", json.path("max_position_embeddings").asInt());
    }

    private static boolean fits(double[] expected, float[] factors) {
        for (int i = 0; i < factors.length; i++) {
            if (!(Math.abs(expected[i] - factors[i]) <= NEAR * expected[i])) {
                return false;
            }
        }
        return true;
    }

    private void longRope(ObjectNode json) {
        int positions = json.path("max_position_embeddings").asInt();
        long original = original().orElse(positions);
        json.put("original_max_position_embeddings", original);
        ObjectNode scaling = json.putObject("rope_scaling").put("type", "longrope");
        list(scaling.putArray("short_factor"), factors(SHORT));
        list(scaling.putArray("long_factor"), factors(LONG));
        double stretch = (double) positions / original;
        double usual = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
        double given = metadata.real(prefix + "scaling.attn_factor").orElse(usual);
        if (Math.abs(given - usual) > NEAR * usual) {
            scaling.put("attention_factor", FolderConfig.shortest(given));
        }
    }

    private float[] factors(String name) {
        TensorRows rows = gguf.rows(name);
        long expected = metadata.whole(prefix + "dimension_count").orElse(dim) / 2;
        if (rows.tensor().rows() != 1 || rows.width() != expected) {
            throw new DataException(metadata.file() + ": " + name,
                    "one number for each of the %s pairs of a head".formatted(expected),
                    rows.tensor().shape().toString(), "convert the model again");
        }
        float[] factors = new float[rows.width()];
        rows.read(0, factors);
        return factors;
    }

    private static void list(ArrayNode to, float[] numbers) {
        for (float number : numbers) {
            to.add(FolderConfig.shortest(number));
        }
    }
}
