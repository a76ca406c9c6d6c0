package dev.socratic.models.inspect;

import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A small model folder with nothing wrong, written without a tensor engine, for tests to break.
final class ModelFolders {
    static final long HIDDEN = 8;
    static final long WIDTH = 16;
    static final long VOCAB = 400;
    static final long ALL = 1 << 20;

    private ModelFolders() {}

    static Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("vocab_size", VOCAB);
        config.put("hidden_size", HIDDEN);
        config.put("intermediate_size", WIDTH);
        config.put("num_hidden_layers", 2);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 1);
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", 64);
        config.put("rms_norm_eps", 1e-5);
        config.put("tie_word_embeddings", true);
        config.put("eos_token_id", 4);
        config.put("pad_token_id", 0);
        return config;
    }

    /// Shapes by name, in the usual order.
    static Map<String, List<Long>> shapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of(VOCAB, HIDDEN));
        for (int layer = 0; layer < 2; layer++) {
            String at = "model.layers." + layer + ".";
            shapes.put(at + "input_layernorm.weight", List.of(HIDDEN));
            shapes.put(at + "self_attn.q_proj.weight", List.of(HIDDEN, HIDDEN));
            shapes.put(at + "self_attn.k_proj.weight", List.of(4L, HIDDEN));
            shapes.put(at + "self_attn.v_proj.weight", List.of(4L, HIDDEN));
            shapes.put(at + "self_attn.o_proj.weight", List.of(HIDDEN, HIDDEN));
            shapes.put(at + "post_attention_layernorm.weight", List.of(HIDDEN));
            shapes.put(at + "mlp.gate_proj.weight", List.of(WIDTH, HIDDEN));
            shapes.put(at + "mlp.up_proj.weight", List.of(WIDTH, HIDDEN));
            shapes.put(at + "mlp.down_proj.weight", List.of(HIDDEN, WIDTH));
        }
        shapes.put("model.norm.weight", List.of(HIDDEN));
        return shapes;
    }

    static void good(Path folder) {
        json(folder.resolve("config.json"), config());
        json(folder.resolve("generation_config.json"), Map.of("eos_token_id", 4));
        weights(folder, shapes(), Map.of(), ALL);
        try (Stream<Path> tokenizer = Files.list(Path.of("src/test/resources/text/embedded"))) {
            for (Path file : tokenizer.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// @param constant numbers of which some tensors consist
    static void weights(Path folder, Map<String, List<Long>> shapes, Map<String, Float> constant, long shardBytes) {
        SplittableRandom random = new SplittableRandom(5);
        CheckpointWriter.write(folder, shapes.entrySet().stream().map(entry -> {
            int count = (int) (long) entry.getValue().stream().reduce(1L, (a, b) -> a * b);
            ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                float number = random.nextFloat() + 0.1f;
                bytes.putFloat(constant.getOrDefault(entry.getKey(), number));
            }
            return new Outgoing(entry.getKey(), DType.F32, entry.getValue(), out -> out.write(bytes.array()));
        }).toList(), shardBytes);
    }

    static void json(Path file, Object value) {
        text(file, Json.pretty(value));
    }

    static void text(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Replaces text in a file, and fails if there was none.
    static void replace(Path file, String old, String with) {
        try {
            String text = Files.readString(file);
            if (!text.contains(old)) {
                throw new IllegalArgumentException(file + " has no " + old);
            }
            Files.writeString(file, text.replace(old, with));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
