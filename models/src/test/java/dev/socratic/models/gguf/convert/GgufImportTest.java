package dev.socratic.models.gguf.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small Llama whose GGUF was written from the weights beside it, laid out as llama.cpp's converter does.
class GgufImportTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "gguf");
    private static final Path GGUF = FOLDER.resolve("small_llama.gguf");

    @TempDir
    Path out;

    @Test
    void theWeightsAreThoseTheFileWasMadeOf() {
        GgufImport.run(GGUF, out, WeightType.LOSSLESS);
        try (Safetensors made = Safetensors.open(out.resolve("model.safetensors"));
                Safetensors from = Safetensors.open(FOLDER.resolve("small_llama.safetensors"))) {
            assertEquals(from.tensors().keySet(), Set.copyOf(made.tensors().keySet()));
            from.tensors().keySet().forEach(name -> {
                boolean half = name.contains("down_proj");
                assertEquals(half ? DType.F16 : DType.F32, made.tensors().get(name).dtype(), name);
                if (!half) {
                    assertArrayEquals(bytes(from, name), bytes(made, name), name);
                }
            });
        }
    }

    @Test
    void theConfigSaysWhatTheMetadataSay() {
        GgufImport.run(GGUF, out, WeightType.BFLOAT16);
        JsonNode config = Json.read(out.resolve("config.json"), JsonNode.class);
        assertEquals("llama", config.get("model_type").asText());
        assertEquals("bfloat16", config.get("torch_dtype").asText());
        assertEquals(1e-5, config.get("rms_norm_eps").asDouble());
        assertEquals(263, config.get("vocab_size").asInt());
        assertEquals(128, config.get("max_position_embeddings").asInt());
        assertEquals("{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,"
                + "\"original_max_position_embeddings\":8192}", config.get("rope_scaling").toString());
        assertEquals(true, config.get("attention_bias").asBoolean());
        assertFalse(config.get("tie_word_embeddings").asBoolean());
        assertEquals("{\"bos_token_id\":259,\"eos_token_id\":260}",
                Json.read(out.resolve("generation_config.json"), JsonNode.class).toString());
    }

    @Test
    void theTokenizerMergesCutsAndKnowsItsTokens() throws IOException {
        GgufImport.run(GGUF, out, WeightType.LOSSLESS);
        try (Tokenizer tokenizer = Tokenizer.open(out)) {
            assertEquals(" the<|im_end|><tool>\u00e9", tokenizer.decode(tokenizer.encode(" the<|im_end|><tool>\u00e9"),
                    false));
            assertArrayEquals(new long[] {258, 259, 261, 1, 2}, tokenizer.encode(" the<|im_start|><tool>\"#"));
            assertEquals("", tokenizer.token(262), "an id that fills up the embedding is no token");
        }
        assertEquals("{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}",
                Files.readString(out.resolve("chat_template.jinja")));
    }

    @Test
    void aFolderWithAModelIsLeftAlone() {
        GgufImport.run(GGUF, out, WeightType.LOSSLESS);
        assertEquals(out + ": a folder without a model; got one with model.safetensors; choose another folder, or remove "
                + "that file",
                assertThrows(DataException.class, () -> GgufImport.run(GGUF, out, WeightType.LOSSLESS)).getMessage());
    }

    @Test
    void whatIsNotKnownIsRefusedByNameBeforeAnyWeightIsWritten() throws IOException {
        refused("llama", "bloom", ": general.architecture: a family this version converts; got 'bloom'; known: llama, "
                + "qwen2, qwen3, gemma2, gemma3, phi3, smollm3");
        refused("llama-bpe", "voodoo-x1", ": tokenizer.ggml.pre: a way to cut text that this version knows; got "
                + "'voodoo-x1'; known: gpt-2, ");
        refused("gpt2", "bert", ": tokenizer.ggml.model: a kind of tokenizer this version converts; got 'bert'; known: ");
        refused("blk.1.ffn_up.weight", "blk.1.ffn_xx.weight", ": blk.1.ffn_xx.weight: a tensor that the family llama "
                + "has; got another; the model computes something that this version does not");
        refused("blk.1.ffn_up.weight", "blk.7.ffn_up.weight", ": model.layers.1.mlp.up_proj.weight: a tensor of shape ");
    }

    /// @param other as long as what it stands for
    private void refused(String text, String other, String message) throws IOException {
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        byte[] to = other.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String whole = Files.readString(GGUF, StandardCharsets.ISO_8859_1);
        int at = whole.indexOf(text, whole.indexOf(text.equals("llama") ? "general.architecture" : text));
        bytes.writeBytes(whole.substring(0, at - 8).getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(to.length);
        bytes.write(new byte[7]);
        bytes.writeBytes(to);
        int end = at + from.length;
        byte[] rest = whole.substring(end).getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(rest);
        // Data begins at a multiple of 32, so what the name grew by goes into its padding where it fits.
        Path file = Files.write(Files.createTempDirectory(out, "bad").resolve("bad.gguf"), bytes.toByteArray());
        Path folder = Files.createTempDirectory(out, "folder");
        String got = assertThrows(DataException.class, () -> GgufImport.run(file, folder, WeightType.LOSSLESS))
                .getMessage();
        assertEquals(file + message, got.substring(0, Math.min(got.length(), (file + message).length())));
        assertFalse(Files.exists(folder.resolve("model.safetensors")));
    }

    private static byte[] bytes(Safetensors file, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.blocks(name, block -> {
            byte[] part = new byte[block.remaining()];
            block.get(part);
            out.writeBytes(part);
        });
        return out.toByteArray();
    }
}
