package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.inspect.Inspection;
import dev.socratic.models.network.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind of adapter that PEFT saves (`bench/peers/models/adapter_fixtures.py`): the merged folder gives the
/// logits of PEFT's own model, or the
/// adapter is refused with the true reason.
class PeftKindsTest {
    private static final Path ALL = Path.of("src/test/resources/peft");

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    static List<String> kinds() throws IOException {
        try (Stream<Path> list = Files.list(ALL)) {
            return list.filter(one -> Files.exists(one.resolve("expected.safetensors")))
                    .map(one -> one.getFileName().toString()).sorted().toList();
        }
    }

    private static Path base(String name) {
        return ALL.resolve(Json.read(ALL.resolve(name).resolve(LoraConfig.NAME), JsonNode.class)
                .get("base_model_name_or_path").asText());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theMergedFolderGivesPeftsLogits(String name) {
        LoraMerge.merge(base(name), ALL.resolve(name), folder, Compute.CPU);
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager);
                Safetensors expected = Safetensors.open(ALL.resolve(name).resolve("expected.safetensors"))) {
            NDArray ids = expected.read("ids", manager).toType(DataType.INT64, true);
            NDArray logits = decoder.logits(decoder.forward(ids, Set.of(), false).states(), false);
            NDArray wanted = expected.read("logits", manager);
            assertEquals(wanted.getShape(), logits.getShape());
            float gap = wanted.sub(logits).abs().max().getFloat();
            assertTrue(gap <= 1e-5, "largest difference " + gap);
        }
        assertEquals(List.of(), Inspection.check(folder, Clock.systemUTC()).stream()
                .filter(defect -> !defect.check().equals("tokenizer")).toList());
        assertEquals(List.of(), Inspection.check(ALL.resolve(name), Clock.systemUTC()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"patterns", "save_both_tied", "replication"})
    void mergingTwiceGivesTheSameBytes(String name) throws IOException {
        LoraMerge.merge(base(name), ALL.resolve(name), folder.resolve("a"), Compute.CPU);
        LoraMerge.merge(base(name), ALL.resolve(name), folder.resolve("b"), Compute.CPU);
        try (Stream<Path> list = Files.list(folder.resolve("a"))) {
            for (Path file : list.toList()) {
                assertArrayEquals(Files.readAllBytes(file),
                        Files.readAllBytes(folder.resolve("b").resolve(file.getFileName())), file.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pissa|init_lora_weights: factors that left the base as it was: true, gaussian, eva, orthogonal or mica; "
                + "got 'pissa'; this start changed "
                + "the base's weights: save the adapter again with path_initial_model_for_weight_conversion, or "
                        + "merge it with PEFT",
        "olora|init_lora_weights: factors that left the base as it was: true, gaussian, eva, orthogonal or mica; "
                + "got 'olora'; this start changed "
                + "the base's weights: save the adapter again with path_initial_model_for_weight_conversion, or "
                        + "merge it with PEFT",
        "alora|alora_invocation_tokens: nothing, null or false; got [5,6]; the adapter acts only behind these "
                + "tokens, which no merged weight can: "
                + "merge it with PEFT",
        "lora_bias|lora_bias: nothing, null or false; got true; factors with biases: merge it with PEFT",
    })
    void whatNoMergedWeightCanBeIsRefusedByNameAndTheCheckSaysSo(String name, String message) {
        Path out = folder.resolve("out");
        String place = ALL.resolve(name).resolve(LoraConfig.NAME) + ": ";
        assertEquals(place + message, assertThrows(
                DataException.class, () -> LoraMerge.merge(base(name), ALL.resolve(name), out, Compute.CPU))
                        .getMessage());
        assertEquals(List.of("error weights: " + place + message),
                Inspection.check(ALL.resolve(name), Clock.systemUTC()).stream().map(Object::toString).toList());
        assertFalse(Files.exists(out));
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("adapter"));
        for (String file : List.of(LoraConfig.NAME, LoraAdapter.WEIGHTS)) {
            Files.copy(ALL.resolve(name).resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static void set(Path adapter, String field, String value) throws IOException {
        Path file = adapter.resolve(LoraConfig.NAME);
        ObjectNode config = Json.read(file, ObjectNode.class);
        config.set(field, Json.mapper().readTree(value));
        Files.writeString(file, Json.pretty(config));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lora_alpha|1e308|lora_alpha: a number up to 1000000; got 1E+308",
        "alpha_pattern|{\"q_proj\": 1e300}|alpha_pattern: patterns with a number each; got {'q_proj':1E+300}",
        "init_lora_weights|\"loftq\"|init_lora_weights: factors that left the base as it was: true, gaussian, eva, "
                + "orthogonal or mica; got 'loftq'",
        "bias|\"some\"|bias: none, all or lora_only; got 'some'",
        "task_type|\"SEQ_CLS\"|task_type: an adapter of a language model, CAUSAL_LM; got 'SEQ_CLS'",
        "use_dora|\"yes\"|use_dora: true or false; got 'yes'",
        "some_new_switch|true|some_new_switch: nothing, null or false; got true",
        "monteclora_config|{\"a\": 1}|monteclora_config: nothing, null or false; got {'a':1}",
        "arrow_config|{\"a\": 1}|arrow_config: nothing, null or false; got {'a':1}",
        "kasa_config|{\"a\": 1}|kasa_config: nothing, null or false; got {'a':1}",
        "use_qalora|true|use_qalora: nothing, null or false; got true",
        "modules_to_save|\"lm_head\"|modules_to_save: a list of names; got 'lm_head'",
        "layer_replication|[[0, 9, 1]]|layer_replication: pairs [from, to) of layers; got [[0,9,1]]",
        "trainable_token_indices|[-1]|trainable_token_indices: token ids; got [-1]",
        "rank_pattern|{\"q_proj\": 2.5}|rank_pattern: patterns with a number each; got {'q_proj':2.5}",
    })
    void aFieldThatCannotBeObeyedIsRefusedByName(String field, String value, String message) throws IOException {
        Path adapter = copy("regex");
        set(adapter, field, value);
        String said = assertThrows(DataException.class,
                () -> LoraMerge.merge(base("regex"), adapter, folder.resolve("out"), Compute.CPU)).getMessage();
        assertTrue(said.startsWith(adapter.resolve(LoraConfig.NAME) + ": " + message), said);
    }

    @Test
    void fieldsThatSayNothingOrConcernTrainingPass() throws IOException {
        Path adapter = copy("regex");
        set(adapter, "some_new_switch", "false");
        set(adapter, "another", "null");
        set(adapter, "lora_dropout", "0.3");
        set(adapter, "layers_to_transform", "[1]");
        set(adapter, "auto_mapping", "{\"parent_library\": \"x\"}");
        LoraMerge.merge(base("regex"), adapter, folder.resolve("out"), Compute.CPU);
        assertTrue(Files.exists(folder.resolve("out").resolve(Checkpoint.SINGLE)));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void anAdapterThatIsNoNumbersIsRefused(float number) throws IOException {
        Path adapter = copy("regex");
        rewrite(adapter, "v_proj.lora_A", number);
        String message = assertThrows(
                DataException.class, () -> LoraMerge.merge(base("regex"), adapter, folder.resolve("out"), Compute.CPU))
                        .getMessage();
        assertTrue(message.contains("self_attn.v_proj.lora_A.weight: finite numbers; got "), message);
        assertTrue(message.endsWith("the training went wrong: take an earlier checkpoint of the adapter"), message);
        assertEquals(1, Inspection.check(adapter, Clock.systemUTC()).size());
    }

    @Test
    void aSumBeyondTheRangeOfTheBasesTypeIsRefused() throws IOException {
        Path adapter = copy("regex");
        rewrite(adapter, "v_proj.lora_", 3e19f);
        String message = assertThrows(
                DataException.class, () -> LoraMerge.merge(base("regex"), adapter, folder.resolve("out"), Compute.CPU))
                        .getMessage();
        assertEquals(adapter.resolve(LoraAdapter.WEIGHTS) + ": model.layers.1.self_attn.v_proj.weight: a sum of "
                + "base and adapter in the range of "
                + "F32; got numbers beyond it; look at lora_alpha and the adapter's numbers; nothing was merged",
                        message);
        assertFalse(Files.exists(folder.resolve("out").resolve(Checkpoint.SINGLE)));
    }

    @Test
    void aBaseThatIsNoNumbersIsRefused() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("base"));
        Files.copy(base("regex").resolve("config.json"), broken.resolve("config.json"));
        try (NDManager manager = Engines.manager(); Safetensors file = Safetensors.open(
                base("regex").resolve(Checkpoint.SINGLE))) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            file.tensors().keySet().forEach(
                    name -> weights.put(name, name.equals("model.norm.weight") ? file.read(name, manager).mul(Float.NaN)
                    : file.read(name, manager)));
            SafetensorsWriter.write(broken.resolve(Checkpoint.SINGLE), weights, DType.BF16);
        }
        assertEquals(broken + ": model.norm.weight: finite numbers; got NaN or infinite ones; take an earlier "
                + "checkpoint, or another format of "
                        + "numbers (float16 ends at 65504); socratic inspect --check counts them",
                assertThrows(DataException.class,
                        () -> LoraMerge.merge(broken, ALL.resolve("regex"), folder.resolve("out"), Compute.CPU))
                                .getMessage());
    }

    private static void rewrite(Path adapter, String which, float number) {
        Path weights = adapter.resolve(LoraAdapter.WEIGHTS);
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> changed = new LinkedHashMap<>();
            try (Safetensors file = Safetensors.open(weights)) {
                file.tensors().keySet().forEach(
                        name -> changed.put(name, name.contains(which) ? file.read(name, manager).mul(0).add(number)
                        : file.read(name, manager)));
            }
            SafetensorsWriter.write(weights, changed, DType.F32);
        }
    }

    @Test
    void anAdapterOfAnotherBaseIsToldWhichItWants() {
        String message = assertThrows(DataException.class,
                () -> LoraMerge.merge(base("gpt2"), ALL.resolve("regex"), folder.resolve("out"), Compute.CPU))
                        .getMessage();
        assertTrue(message.startsWith(ALL.resolve("regex").resolve(LoraAdapter.WEIGHTS)
                + ": model.layers.1.self_attn.q_proj.weight: a base with "
                + "such a weight of shape [16, 16]; got none; give the model the adapter was trained on: base_llama"),
                        message);
    }

    @Test
    void modulesThatWereTrainedWholeButAreNotThereAreMissed() throws IOException {
        Path adapter = copy("regex");
        set(adapter, "modules_to_save", "[\"lm_head\"]");
        assertEquals(adapter.resolve(LoraAdapter.WEIGHTS) + ": lm_head: its tensors, for modules_to_save names it; "
                + "got none; fetch the adapter again",
                assertThrows(DataException.class, () -> LoraAdapter.open(adapter)).getMessage());
    }

    /// Trainers put the tokenizer and template an adapter was trained with beside it.
    @Test
    void theAdaptersTokenizerAndTemplateCountAndEverythingElseOfTheBaseTravels() throws IOException {
        Path from = Files.createDirectories(folder.resolve("base"));
        for (String file : List.of("config.json", "generation_config.json", Checkpoint.SINGLE)) {
            Files.copy(base("regex").resolve(file), from.resolve(file));
        }
        Files.createDirectories(from.resolve("additional_chat_templates"));
        for (String file : List.of("LICENSE", "tokenizer.model", "vocab.json", "merges.txt", "tokenizer_config.json",
                "chat_template.jinja",
                "additional_chat_templates/tool_use.jinja", "model.gguf", "pytorch_model.bin",
                        "preprocessor_config.json")) {
            Files.writeString(from.resolve(file), file.endsWith("json") ? "{}" : "base " + file);
        }
        Path adapter = copy("regex");
        List<String> kept = LoraMerge.merge(from, adapter, folder.resolve("plain"), Compute.CPU);
        assertEquals(List.of("of the base: LICENSE, additional_chat_templates/tool_use.jinja, chat_template.jinja, "
                + "config.json, "
                + "generation_config.json, merges.txt, preprocessor_config.json, tokenizer.model, "
                        + "tokenizer_config.json, vocab.json"), kept);

        Files.writeString(adapter.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 23}}, "
                + "\"added_tokens\": []}");
        Files.writeString(adapter.resolve("chat_template.jinja"), "adapter");
        Files.writeString(adapter.resolve("training_args.bin"), "x");
        List<String> notes = LoraMerge.merge(from, adapter, folder.resolve("own"), Compute.CPU);
        assertEquals(List.of("of the adapter's folder: chat_template.jinja, tokenizer.json",
                "of the base: LICENSE, additional_chat_templates/tool_use.jinja, config.json, generation_config.json, "
                        + "preprocessor_config.json"), notes);
        assertEquals("adapter", Files.readString(folder.resolve("own/chat_template.jinja")));
        assertFalse(Files.exists(folder.resolve("own/tokenizer.model")),
                "half a tokenizer of the base beside the adapter's would be read by some");

        Files.writeString(from.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 23}}, \"added_tokens\": "
                + "[]}");
        Files.writeString(adapter.resolve("tokenizer.json"),
                "{\"model\": {\"vocab\": {\"a\": 23}}, \"added_tokens\": [{\"id\": 22, \"content\": \"<end>\"}]}");
        Files.writeString(adapter.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"<end>\"}}");
        notes = LoraMerge.merge(from, adapter, folder.resolve("same"), Compute.CPU);
        assertTrue(Files.exists(folder.resolve("same/tokenizer.model")),
                "the same vocabulary, so its file is true of the adapter's too");
        assertEquals("generation_config.json ends an answer at the adapter's eos_token too: eos_token_id [1,22]",
                notes.getLast());
        assertEquals("[1,22]", Json.read(folder.resolve("same/generation_config.json"), JsonNode.class)
                .get("eos_token_id").toString());

        Files.writeString(adapter.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 23}}, "
                + "\"added_tokens\": [{\"id\": 24}]}");
        assertEquals(adapter.resolve("tokenizer.json") + ": ids below 24, the rows of the merged embedding; got "
                + "24; the adapter was trained with a "
                        + "larger embedding: save it with save_embedding_layers=True, or remove this file",
                assertThrows(DataException.class,
                        () -> LoraMerge.merge(from, adapter, folder.resolve("more"), Compute.CPU))
                        .getMessage());
    }

    @Test
    void whatChangesInTheConfigIsSaid() {
        assertEquals("config.json is the base's but for what the adapter changed: tie_word_embeddings false",
                LoraMerge.merge(base("save_head_tied"), ALL.resolve("save_head_tied"), folder.resolve("a"), Compute.CPU)
                        .getLast());
        assertEquals("config.json is the base's but for what the adapter changed: vocab_size 26",
                LoraMerge.merge(base("resized_untied"), ALL.resolve("resized_untied"), folder.resolve("b"), Compute.CPU)
                        .getLast());
        assertEquals("config.json is the base's but for what the adapter changed: num_hidden_layers 3",
                LoraMerge.merge(base("replication"), ALL.resolve("replication"), folder.resolve("c"), Compute.CPU)
                        .getLast());
    }
}
