package dev.socratic.models.gguf.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every kind of tokenizer on its way through a GGUF: texts are read as the same tokens.
class GgufTokenizerLaws {
    private static final List<String> TEXTS = List.of("Tom has 12 apples and buys 345 more.", "  a  b\n\n\tc ",
            "It's WE'LL see, e\u0301 caf\u00e9 \u4f60\u597d \ud83e\udd99", "x<|end|> y <think>z</think>", "CamelCase/path//to",
            "", " ");

    @TempDir
    Path folder;

    private Path model;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @BeforeEach
    void model() throws IOException {
        model = Files.createDirectories(folder.resolve("model"));
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(280),
                Stream.of("Tom has 12 apples and buys 3 more apples.")), model);
        weights(300);
    }

    private void weights(int vocab) {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(
                ModelConfig.llama(vocab, 8, 1, 2, 2, 8, 64, true, SpecialTokens.none()), 1, manager)) {
            decoder.save(model, DType.F32);
        }
    }

    private void change(Consumer<ObjectNode> tokenizer) throws IOException {
        Path file = model.resolve("tokenizer.json");
        ObjectNode json = Json.read(file, ObjectNode.class);
        tokenizer.accept(json);
        Files.writeString(file, Json.pretty(json));
    }

    private Path there(String name) {
        Path file = folder.resolve(name + ".gguf");
        GgufExport.run(model, file, GgmlType.F32);
        return file;
    }

    private void sameTokens(Path file) {
        Path back = folder.resolve("back");
        GgufImport.run(file, back, WeightType.LOSSLESS);
        try (Tokenizer one = Tokenizer.open(model); Tokenizer other = Tokenizer.open(back)) {
            for (String text : TEXTS) {
                assertArrayEquals(one.encode(text), other.encode(text), text);
                assertEquals(one.decode(one.encode(text), false), other.decode(other.encode(text), false), text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PreTokenizer.class)
    void everyWayToCutTextThatLlamaCppNamesComesBack(PreTokenizer pre) throws IOException {
        change(tokenizer -> {
            tokenizer.set("pre_tokenizer", pre.json());
            ((ObjectNode) tokenizer.get("model")).put("ignore_merges", pre.wholeWordsFirst());
            if (pre.composed()) {
                tokenizer.putObject("normalizer").put("type", "NFC");
            }
        });
        Path file = there("m");
        try (Gguf gguf = Gguf.open(file)) {
            assertEquals(pre.label(), gguf.metadata().requiredText("tokenizer.ggml.pre"));
            assertEquals("gpt2", gguf.metadata().requiredText("tokenizer.ggml.model"));
        }
        sameTokens(file);
    }

    @Test
    void sentencePiecesMergesComeBackFromTheirScores() throws IOException {
        Path pieces = Path.of("src", "test", "resources", "text", "byte_fallback", "tokenizer.json");
        Files.copy(pieces, model.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", "
                + "\"unk_token\": \"<unk>\", \"add_bos_token\": true}");
        Files.delete(model.resolve("special_tokens_map.json"));
        try (Tokenizer tokenizer = Tokenizer.open(model)) {
            weights(tokenizer.vocabularySize());
        }
        Path file = there("m");
        try (Gguf gguf = Gguf.open(file)) {
            assertEquals("llama", gguf.metadata().requiredText("tokenizer.ggml.model"));
            assertTrue(gguf.metadata().flag("tokenizer.ggml.add_space_prefix", false));
            assertTrue(gguf.metadata().flag("tokenizer.ggml.add_bos_token", false));
        }
        sameTokens(file);
        String processor = Json.read(folder.resolve("back/tokenizer.json"), ObjectNode.class).get("post_processor")
                .get("single").toString();
        assertEquals("[{\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]",
                processor);
    }

    @Test
    void aTokenizerThatLlamaCppHasNoNameForIsRefused() throws IOException {
        change(tokenizer -> tokenizer.set("pre_tokenizer",
                Json.mapper().createObjectNode().put("type", "ByteLevel").put("add_prefix_space", true)));
        refused("pre_tokenizer: a way to cut text that llama.cpp knows; got 'ByteLevel(add_prefix_space=true, "
                + "use_regex=true)'");
        change(tokenizer -> {
            tokenizer.set("pre_tokenizer", PreTokenizer.SMOLLM.json());
            tokenizer.putObject("normalizer").put("type", "Lowercase");
        });
        refused("pre_tokenizer: a way to cut text that llama.cpp knows; got 'Digits(individual_digits=true), "
                + "ByteLevel(add_prefix_space=false, use_regex=true)' after 'Lowercase'");
        change(tokenizer -> ((ObjectNode) tokenizer.get("model")).put("type", "WordPiece"));
        refused("model.type: BPE; got 'WordPiece'");
    }

    private void refused(String message) {
        assertEquals("%s: %s; llama.cpp has no name for this one, and would read texts otherwise".formatted(
                model.resolve("tokenizer.json"), message),
                assertThrows(DataException.class, () -> there("refused")).getMessage());
    }

    @Test
    void blanksThatLlamaCppWouldKeepAreTold() throws IOException {
        change(tokenizer -> ((ObjectNode) tokenizer.get("added_tokens").get(4)).put("rstrip", true));
        List<String> lines = GgufExport.run(model, folder.resolve("m.gguf"), GgmlType.F32).lines();
        assertTrue(lines.contains("llama.cpp keeps the blanks beside 1 control tokens, which tokenizer.json takes away"),
                lines::toString);
    }

    @Test
    void aModelIsCalledPhi3OnlyWhereBlanksGoAsThere() {
        FileTokens tokens = new FileTokens(model, 300);
        assertEquals("my-Phi 3-student", tokens.named("my-phi-3-student", GgufFamily.LLAMA));
        assertEquals("other", tokens.named("other", GgufFamily.PHI3));
    }

    @Test
    void aTokenBeyondTheEmbeddingIsRefused() {
        weights(260);
        DataException refusal = assertThrows(DataException.class, () -> there("m"));
        assertTrue(refusal.getMessage().startsWith(model.resolve("tokenizer.json") + ": ids below 260, the rows of the "
                + "embedding; got 26"), refusal.getMessage());
    }
}
