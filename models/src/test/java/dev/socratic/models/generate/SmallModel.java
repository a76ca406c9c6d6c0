package dev.socratic.models.generate;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A whole model folder with random weights and a small vocabulary of its own.
final class SmallModel {
    private SmallModel() {}

    static void write(Path folder, int vocab, int context) throws IOException {
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(vocab),
                Stream.of("Tom has 12 apples and buys 3 more apples.")), folder);
        try (NDManager manager = Engines.manager(); Tokenizer tokenizer = Tokenizer.open(folder)) {
            SpecialTokens special = new SpecialTokens(OptionalLong.empty(),
                    List.of(tokenizer.id("<|end|>").orElseThrow()), tokenizer.id("<|pad|>"));
            ModelConfig loud = ModelConfig.llama(vocab, 32, 2, 4, 2, 48, context, true, special)
                    .withInitializerRange(0.3);
            try (Decoder decoder = Decoder.random(loud, 11, manager)) {
                decoder.save(folder, DType.F32);
            }
        }
    }
}
