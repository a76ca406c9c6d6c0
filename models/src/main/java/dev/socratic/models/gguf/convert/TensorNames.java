package dev.socratic.models.gguf.convert;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the two formats call the same tensor: `blk.7.attn_q.weight` is `model.layers.7.self_attn.q_proj.weight`.
final class TensorNames {
    private static final Pattern LAYER = Pattern.compile("(?:blk|model\\.layers)\\.([0-9]{1,5})\\.(.+)");
    private static final Map<String, String> OUTSIDE = Map.of("token_embd", "model.embed_tokens",
            "output_norm", "model.norm", "output", "lm_head");

    private final Map<String, String> inLayer;

    TensorNames(GgufFamily family) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("attn_norm", "input_layernorm");
        names.put("attn_q", "self_attn.q_proj");
        names.put("attn_k", "self_attn.k_proj");
        names.put("attn_v", "self_attn.v_proj");
        names.put("attn_output", "self_attn.o_proj");
        names.put("ffn_norm", "post_attention_layernorm");
        names.put("ffn_gate", "mlp.gate_proj");
        names.put("ffn_up", "mlp.up_proj");
        names.put("ffn_down", "mlp.down_proj");
        switch (family) {
            case LLAMA, QWEN2, SMOLLM3 -> { }
            case QWEN3 -> normsOfHeads(names);
            case PHI3 -> {
                names.keySet().removeIf(name -> name.matches("attn_[qkv]|ffn_gate"));
                names.put("attn_qkv", "self_attn.qkv_proj");
                names.put("ffn_up", "mlp.gate_up_proj");
            }
            case GEMMA2 -> normsAround(names);
            case GEMMA3 -> {
                normsAround(names);
                normsOfHeads(names);
            }
        }
        inLayer = Map.copyOf(names);
    }

    private static void normsOfHeads(Map<String, String> names) {
        names.put("attn_q_norm", "self_attn.q_norm");
        names.put("attn_k_norm", "self_attn.k_norm");
    }

    private static void normsAround(Map<String, String> names) {
        names.put("post_attention_norm", "post_attention_layernorm");
        names.put("ffn_norm", "pre_feedforward_layernorm");
        names.put("post_ffw_norm", "post_feedforward_layernorm");
    }

    /// @param gguf name in a GGUF, with `.weight` or `.bias`
    /// @return the name in a folder; empty if the family has no such tensor
    Optional<String> folder(String gguf) {
        return translated(gguf, "model.layers.", OUTSIDE, inLayer);
    }

    /// @param folder name in a folder
    /// @return the name in a GGUF; empty if the family has no such tensor
    Optional<String> gguf(String folder) {
        return translated(folder, "blk.", turned(OUTSIDE), turned(inLayer));
    }

    private static Optional<String> translated(String name, String layers, Map<String, String> outside,
            Map<String, String> inLayer) {
        Matcher layer = LAYER.matcher(name);
        boolean inside = layer.matches();
        String rest = inside ? layer.group(2) : name;
        int dot = rest.lastIndexOf('.');
        String kind = dot < 0 ? "" : rest.substring(dot);
        if (!kind.equals(".weight") && !kind.equals(".bias")) {
            return Optional.empty();
        }
        return Optional.ofNullable((inside ? inLayer : outside).get(rest.substring(0, dot)))
                .map(found -> (inside ? layers + layer.group(1) + "." : "") + found + kind);
    }

    private static Map<String, String> turned(Map<String, String> names) {
        Map<String, String> turned = new LinkedHashMap<>();
        names.forEach((gguf, folder) -> turned.put(folder, gguf));
        return Map.copyOf(turned);
    }
}
