package dev.socratic.models.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that once passed the check, hung it, or were read as something else.
class BrokenFoldersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    Path folder;

    @BeforeEach
    void good() {
        ModelFolders.good(folder);
    }

    private List<String> check() {
        return Inspection.check(folder, CLOCK).stream()
                .map(defect -> defect.toString().replace(folder + "/", "").replace(folder + ": ", "")).toList();
    }

    private static Map<String, List<Long>> with(String name, List<Long> shape) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>(ModelFolders.shapes());
        shapes.put(name, shape);
        return shapes;
    }

    private DataException loading() {
        try (NDManager manager = Engines.manager()) {
            return assertThrows(DataException.class, () -> Decoder.load(folder, manager).close());
        }
    }

    @Test
    void filesWithoutATensorAreNoModel() {
        ModelFolders.weights(folder, Map.of(), Map.of(), ModelFolders.ALL);
        assertEquals(List.of("error weights: files with tensors; got none in [model.safetensors]; fetch the "
                + "weights again"),
                check());
    }

    @Test
    void anEmptyConfigIsNoConfig() {
        ModelFolders.text(folder.resolve("config.json"), "{}");
        assertEquals("error config: config.json: model_type: the family of the model; got nothing; take "
                + "config.json from where the model "
                + "was published", check().getFirst());
    }

    @Test
    void aHeadWithOtherNumbersThanTheEmbeddingItIsTiedToIsSaid() {
        ModelFolders.weights(folder, with("lm_head.weight", List.of(ModelFolders.VOCAB, ModelFolders.HIDDEN)),
                Map.of(), ModelFolders.ALL);
        assertEquals(List.of("warning weights: lm_head.weight: the numbers of model.embed_tokens.weight, for "
                + "tie_word_embeddings is true; got "
                + "others; nothing reads them, here and in transformers: write tie_word_embeddings: false if this "
                        + "head is meant, or remove it"),
                check());
    }

    @Test
    void aHeadThatIsACopyOfTheEmbeddingIsHarmless() {
        Map<String, Float> same = Map.of("lm_head.weight", 0.5f, EMBEDDING, 0.5f);
        ModelFolders.weights(folder, with("lm_head.weight", List.of(ModelFolders.VOCAB, ModelFolders.HIDDEN)), same,
                ModelFolders.ALL);
        assertEquals(List.of(), check());
    }

    /// `safetensors.torch.save_model` keeps one of two names of the same numbers.
    @Test
    void aTiedModelThatKeptOnlyTheHeadsNameLoads() {
        float[] wanted;
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager)) {
            wanted = decoder.weights().get("model.norm.weight").toFloatArray();
        }
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        ModelFolders.shapes().forEach((name, shape) ->
                shapes.put(name.equals(EMBEDDING) ? "lm_head.weight" : name, shape));
        ModelFolders.weights(folder, shapes, Map.of(), ModelFolders.ALL);
        assertEquals(List.of(), check());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager)) {
            assertArrayEquals(wanted, decoder.weights().get("model.norm.weight").toFloatArray());
            assertEquals(ModelFolders.VOCAB, decoder.head().getShape().get(0));
        }
    }

    @Test
    void shardsWithoutTheirIndexAreNamed() throws Exception {
        ModelFolders.weights(folder, ModelFolders.shapes(), Map.of(), 8_000);
        Files.delete(folder.resolve(Checkpoint.INDEX));
        String wanted = folder + ": model.safetensors.index.json beside its shards; got "
                + "[model-00001-of-00002.safetensors, "
                + "model-00002-of-00002.safetensors] without it; fetch the index too: it says which shard "
                + "holds what";
        assertEquals(wanted, loading().getMessage());
        assertTrue(Inspection.check(folder, CLOCK).getFirst().toString().endsWith(wanted));
    }

    @Test
    void aThousandUnexpectedTensorsAreAFewLines() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>(ModelFolders.shapes());
        for (int i = 0; i < 1_000; i++) {
            shapes.put("extra" + "x".repeat(i % 7) + i + ".weight", List.of(1L));
        }
        ModelFolders.weights(folder, shapes, Map.of(), ModelFolders.ALL);
        List<String> lines = check();
        assertEquals(5, lines.size(), lines.toString());
        assertTrue(lines.getLast().contains("995 more like this"), lines.getLast());
        List<String> thrown = loading().getMessage().lines().toList();
        assertEquals(20, thrown.size());
        assertTrue(thrown.getLast().endsWith("980 more like this; the model computes something that this version "
                + "does not"), thrown.getLast());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void weightsThatAreNoNumbersDoNotLoad(float number) {
        ModelFolders.weights(folder, ModelFolders.shapes(), Map.of("model.layers.1.mlp.down_proj.weight", number),
                ModelFolders.ALL);
        assertEquals(folder + ": model.layers.1.mlp.down_proj.weight: finite numbers; got NaN or infinite ones; "
                + "take an earlier checkpoint, or "
                + "another format of numbers (float16 ends at 65504); socratic inspect --check counts them",
                        loading().getMessage());
    }

    @Test
    void paddingAndCuttingThatTheTokenizersFileAsksForIsSaid() {
        Path file = folder.resolve("tokenizer.json");
        ObjectNode tokenizer = Json.read(file, ObjectNode.class);
        tokenizer.putObject("truncation").put("direction", "Right").put("max_length", 7)
                .put("strategy", "LongestFirst").put("stride", 0);
        ObjectNode padding = tokenizer.putObject("padding").put("direction", "Right").put("pad_id", 0)
                .put("pad_type_id", 0)
                .put("pad_token", "<|pad|>").putNull("pad_to_multiple_of");
        padding.putObject("strategy").put("Fixed", 1L << 33);
        ModelFolders.json(file, tokenizer);
        assertEquals(List.of("error tokenizer: tokenizer.json: padding: null, or BatchLongest; got every text "
                + "padded to 8589934592; write null: "
                        + "other tools would pad each text, also in training",
                "warning tokenizer: tokenizer.json: truncation: null; got texts cut after 7 tokens; write null: "
                        + "other tools would cut prompts "
                        + "and rows there"), check());
        padding.putObject("strategy").put("Fixed", 64);
        ModelFolders.json(file, tokenizer);
        assertTrue(check().getFirst().startsWith("warning tokenizer: tokenizer.json: padding: "), check().toString());
    }

    @Test
    void aPaddingTokenOfMinusOneIsNoneAndOneBeyondTheEmbeddingIsAnError() {
        Map<String, Object> config = ModelFolders.config();
        config.put("pad_token_id", -1);
        ModelFolders.json(folder.resolve("config.json"), config);
        assertEquals(List.of(), check());
        config.put("pad_token_id", 400);
        ModelFolders.json(folder.resolve("config.json"), config);
        assertEquals("error config: config.json: pad_token_id: an id below 400, the rows of the embedding; got "
                + "400; take the tokenizer's id, or "
                + "null where there is none", check().getFirst());
    }

    @ParameterizedTest
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ValueSource(strings = {"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json", "chat_template.jinja", "model.safetensors"})
    void pipesAndDevicesAreNoFilesOfAModel(String name) throws Exception {
        Files.deleteIfExists(folder.resolve(name));
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start().waitFor());
        refused(name);
        Files.delete(folder.resolve(name));
        Files.createSymbolicLink(folder.resolve(name), Path.of("/dev/zero"));
        refused(name);
    }

    private void refused(String name) {
        List<String> lines = assertTimeoutPreemptively(Duration.ofSeconds(20), this::check);
        assertTrue(lines.stream().anyMatch(
                line -> line.startsWith("error") && line.contains(name) && line.contains("file")), lines.toString());
    }
}
