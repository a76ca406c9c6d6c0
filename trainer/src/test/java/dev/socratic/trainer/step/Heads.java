package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Heads of given numbers: those of a decoder whose last matrix they are.
public final class Heads {
    private Heads() {}

    /// @param weight `[vocab, hidden]`
    /// @param cap    bound of the logits; 0 has none
    public static Head of(NDArray weight, double cap, NDManager manager) {
        Decoder decoder = Decoder.random(config(weight.getShape().get(0), weight.getShape().get(1), cap), 1, manager);
        weight.copyTo(decoder.head());
        return Head.of(decoder);
    }

    /// A Gemma 2, which bounds its logits.
    private static ModelConfig config(long vocab, long hidden, double cap) {
        try {
            Path folder = Files.createTempDirectory("head");
            Files.writeString(folder.resolve("config.json"), """
                    {"model_type": "gemma2", "vocab_size": %s, "hidden_size": %s, "intermediate_size": 8,
                     "num_hidden_layers": 1, "num_attention_heads": 1, "num_key_value_heads": 1, "head_dim": 2,
                     "max_position_embeddings": 16, "query_pre_attn_scalar": 2, "sliding_window": 8,
                     "final_logit_softcapping": %s}""".formatted(vocab, hidden, cap == 0 ? "null" : "" + cap));
            return ModelConfig.read(folder);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
