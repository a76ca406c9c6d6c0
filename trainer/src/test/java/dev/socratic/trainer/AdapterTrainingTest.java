package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraMerge;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Trainings whose student is an adapter beside a base.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdapterTrainingTest {
    private static final String REST = """
            data: {word_problems: {count: 48, seed: 1, form: direct}}
            budget: {steps: {n: 12}}
            batch_tokens: 800
            micro_tokens: 512
            max_seq: 256
            window: 16
            checkpoint_every: 4
            optimizer: {learning_rate: 0.02}
            dtype: float32
            """;

    @TempDir
    static Path folder;

    private Path base;

    @BeforeAll
    void aBase() {
        base = folder.resolve("base");
        run("""
                name: base
                student: {random: {hidden: 16, layers: 2, heads: 2, kv_heads: 1, width: 32, context: 256}}
                tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}
                """ + REST, base, Progress.SILENT);
    }

    private String adapted(String adapter) {
        return "name: low\nstudent: {folder: {path: \"%s\"}}\nadapter: %s\n".formatted(base, adapter) + REST
                + "evaluate: {source: {word_problems: {count: 8, seed: 2, form: direct}}, every: 5}\n";
    }

    private static StageReport run(String yaml, Path stage, Progress progress) {
        try {
            StageContext context = new StageContext(Files.createDirectories(stage), progress, Clock.systemUTC(), 1);
            return TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class), context, Compute.CPU);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void onlyTheFactorsLearnAndTheFolderIsThatOfAnAdapter() throws IOException {
        String before = Hashes.ofFile(base.resolve("model.safetensors"));
        Path stage = folder.resolve("only");
        StageReport report = run(adapted("{lora: {r: 4, alpha: 8}}"), stage, Progress.SILENT);
        assertEquals(before, Hashes.ofFile(base.resolve("model.safetensors")));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors", "config.json", "tokenizer.json",
                "generation_config.json", "README.md", "metrics.jsonl")) {
            assertTrue(Files.isRegularFile(stage.resolve(name)), name);
        }
        assertFalse(Files.exists(stage.resolve("model.safetensors")));
        JsonNode config = Json.read(stage.resolve("adapter_config.json"), JsonNode.class);
        assertEquals(base.toString(), config.path("base_model_name_or_path").textValue());
        assertEquals(List.of("down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"),
                Json.mapper().convertValue(config.path("target_modules"), List.class));
        // q and o: 16 to 16, k and v: 16 to 8, gate and up: 16 to 32, down: 32 to 16; of rank 4, in two layers
        long numbers = 2 * 4 * (2 * (16 + 16) + 2 * (16 + 8) + 3 * (16 + 32));
        assertEquals(numbers, report.notes().get("trainable_parameters"));
        String card = Files.readString(stage.resolve("README.md"));
        assertTrue(card.startsWith("---\nlibrary_name: peft\n"), card);
        assertTrue(card.contains("| adapter | LoRA of rank 4, alpha 8.0, beside down_proj, gate_proj, k_proj, o_proj, "
                + "q_proj, up_proj, v_proj; 2,048 numbers learned, the base model stayed as it is |"), card);
    }

    private static double loss(String line) {
        return Double.parseDouble(line.replaceAll(".*\"loss\":([^,}]*).*", "$1"));
    }

    @Test
    void aCheckpointHoldsNothingOfTheBase() {
        Path stage = folder.resolve("checkpoint");
        run(adapted("{lora: {r: 2, targets: {modules: [q_proj, lm_head]}}}"), stage, Progress.SILENT);
        Path step = stage.resolve("checkpoints/step_00000012");
        try (Safetensors weights = Safetensors.open(step.resolve("weights.safetensors"));
                Safetensors optimizer = Safetensors.open(step.resolve("optimizer.safetensors"))) {
            Set<String> learned = Set.of("model.layers.0.self_attn.q_proj.lora_A.weight",
                    "model.layers.0.self_attn.q_proj.lora_B.weight", "model.layers.1.self_attn.q_proj.lora_A.weight",
                    "model.layers.1.self_attn.q_proj.lora_B.weight", "lm_head.lora_A.weight", "lm_head.lora_B.weight");
            assertEquals(learned, weights.tensors().keySet());
            assertEquals(3 * learned.size(), optimizer.tensors().size());
        }
    }

    @Test
    void aRunStoppedAtAnyStepAndRepeatedEndsAsAnUndisturbedOne() {
        String yaml =
                adapted("{lora: {r: 2, alpha: 4, use_rslora: true, use_dora: true, "
                        + "targets: {modules: [v_proj, up_proj, lm_head]}}}");
        Path calm = folder.resolve("calm");
        run(yaml, calm, Progress.SILENT);
        for (int stop : new int[] {2, 7}) {
            Path stage = folder.resolve("stopped_" + stop);
            assertThrows(TrainStageTest.Stopped.class, () -> run(yaml, stage, new TrainStageTest.StopAfter(stop)));
            run(yaml, stage, Progress.SILENT);
            assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stage), "stopped after step " + stop);
        }
    }

    /// The head is the embedding here: it gets factors of its own, and merged it is untied, as PEFT merges it.
    @Test
    void whatWasLearnedIsTheSameLoadedAndMerged() throws IOException {
        Path stage = folder.resolve("merging");
        run(adapted("{lora: {r: 4, alpha: 8, targets: {matching: \".*(_proj|lm_head)\"}}}"), stage, Progress.SILENT);
        List<String> losses = Files.readString(stage.resolve("metrics.jsonl")).lines()
                .filter(line -> line.contains("\"loss\"")).toList();
        assertTrue(loss(losses.getLast()) < loss(losses.getFirst()) - 0.1, losses.toString());
        LoraMerge.merge(base, stage, folder.resolve("merged"), Compute.CPU);
        try (NDManager manager = Engines.manager();
                Decoder plain = Decoder.load(base, manager);
                Decoder beside = Decoder.load(stage, manager);
                Decoder merged = Decoder.load(folder.resolve("merged"), manager)) {
            NDArray ids = manager.create(new long[][] {{5, 6, 7, 8, 9, 40, 50}});
            float[] one = logits(beside, ids).toFloatArray();
            assertArrayEquals(one, logits(merged, ids).toFloatArray(), 2e-5f);
            assertTrue(logits(plain, ids).sub(logits(beside, ids)).abs().max().getFloat() > 0.05);
            assertTrue(beside.places().containsKey("lm_head.weight"));
        }
    }

    private static NDArray logits(Decoder decoder, NDArray ids) {
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false); // [batch, seq, vocab]
    }

    /// QLoRA from end to end: what is learned beside the rounded base lowers its loss, and goes on byte for byte.
    @ParameterizedTest
    @ValueSource(strings = {"int8", "nf4"})
    void factorsLearnBesideABaseOfFewBits(String bits) throws IOException {
        String yaml = adapted("{lora: {r: 4, alpha: 8, base: %s, targets: {matching: \".*(_proj|lm_head)\"}}}"
                .formatted(bits));
        Path calm = folder.resolve("few_" + bits);
        run(yaml, calm, Progress.SILENT);
        List<String> losses = Files.readString(calm.resolve("metrics.jsonl")).lines()
                .filter(line -> line.contains("\"loss\"")).toList();
        assertTrue(loss(losses.getLast()) < loss(losses.getFirst()) - 0.1, losses.toString());
        assertTrue(Files.readString(calm.resolve("README.md"))
                .contains("the base model stayed as it is, read in " + bits));
        Path stage = folder.resolve("few_stopped_" + bits);
        assertThrows(TrainStageTest.Stopped.class, () -> run(yaml, stage, new TrainStageTest.StopAfter(7)));
        run(yaml, stage, Progress.SILENT);
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stage));
    }

    /// The embedding and a norm, which adapters elsewhere leave alone, and other ranks by name.
    @Test
    void modulesThatLearnWholeAndFactorsOfTheEmbeddingGoOnAndAreSaved() throws IOException {
        String yaml = adapted("{lora: {r: 2, alpha: 4, targets: {modules: [q_proj, down_proj, embed_tokens]}, "
                + "modules_to_save: [lm_head, norm], rank_pattern: {\"layers.1.*q_proj\": 3}, "
                + "alpha_pattern: {down_proj: 8}}}");
        Path calm = folder.resolve("whole_calm");
        run(yaml, calm, Progress.SILENT);
        Path stage = folder.resolve("whole_stopped");
        assertThrows(TrainStageTest.Stopped.class, () -> run(yaml, stage, new TrainStageTest.StopAfter(7)));
        run(yaml, stage, Progress.SILENT);
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stage));
        try (Safetensors written = Safetensors.open(calm.resolve("adapter_model.safetensors"))) {
            String prefix = "base_model.model.";
            assertTrue(written.tensors().keySet().containsAll(Set.of(prefix + "lm_head.weight",
                    prefix + "model.norm.weight", prefix + "model.embed_tokens.lora_embedding_A")));
            assertEquals(List.of(3L, 16L), written.tensors()
                    .get(prefix + "model.layers.1.self_attn.q_proj.lora_A.weight").shape());
        }
        JsonNode config = Json.read(calm.resolve("adapter_config.json"), JsonNode.class);
        assertEquals("[\"lm_head\",\"norm\"]", config.path("modules_to_save").toString());
        LoraMerge.merge(base, calm, folder.resolve("whole_merged"), Compute.CPU);
        try (NDManager manager = Engines.manager(); Decoder beside = Decoder.load(calm, manager);
                Decoder merged = Decoder.load(folder.resolve("whole_merged"), manager)) {
            NDArray ids = manager.create(new long[][] {{5, 6, 7, 8, 9, 40, 50}});
            assertArrayEquals(logits(beside, ids).toFloatArray(), logits(merged, ids).toFloatArray(), 2e-5f);
        }
    }

    @Test
    void anAdapterGoesOnFromItsFolderTeachesAndIsAReference() {
        Path first = folder.resolve("first");
        run(adapted("{lora: {r: 4, alpha: 8}}"), first, Progress.SILENT);
        String more = adapted("{lora: {r: 4, alpha: 8}}").replace("path: \"%s\"".formatted(base),
                "path: \"%s\"".formatted(first));
        Path second = folder.resolve("second");
        run(more, second, Progress.SILENT);
        assertEquals(base.toString(), Json.read(second.resolve("adapter_config.json"), JsonNode.class)
                .path("base_model_name_or_path").textValue());
        Path taught = folder.resolve("taught");
        run(adapted("{lora: {r: 2}}") + "objective: word_kd\nteacher: \"%s\"\n".formatted(second), taught,
                Progress.SILENT);
        try (NDManager manager = Engines.manager(); Decoder one = Decoder.load(first, manager);
                Decoder two = Decoder.load(second, manager)) {
            NDArray ids = manager.create(new long[][] {{5, 6, 7, 8, 9, 40, 50}});
            assertTrue(logits(one, ids).sub(logits(two, ids)).abs().max().getFloat() > 0.01);
        }
    }

    @Test
    void anAdaptersFolderIsNeverTakenForAWholeModel() {
        Path first = folder.resolve("asked");
        run(adapted("{lora: {r: 4, alpha: 8}}"), first, Progress.SILENT);
        String whole = adapted("{lora: {}}").replace("adapter: {lora: {}}\n", "")
                .replace("path: \"%s\"".formatted(base), "path: \"%s\"".formatted(first));
        assertEquals(("adapter: a word on the adapter that the student's folder holds; got nothing; write "
                + "adapter: {lora: {r: 4, alpha: 8.0}} to go on with it, or merge it into its base first: socratic "
                + "merge %s %s --out DIR").formatted(base, first), refused(whole));
        assertEquals("adapter.lora: r 4, alpha 8.0, use_rslora false and use_dora false, as in the student's folder; "
                + "got r 2, alpha 8.0, use_rslora false and use_dora false; write these, or merge that adapter into "
                + "its base first: socratic merge", refused(whole.replace("data:", "adapter: {lora: {r: 2}}\ndata:")));
        run(whole.replace("data:", "adapter: {lora: {r: 4, alpha: 8}}\ndata:"), folder.resolve("went_on"),
                Progress.SILENT);
        LoraMerge.merge(base, first, folder.resolve("asked_merged"), Compute.CPU);
        run(whole.replace(first.toString(), folder.resolve("asked_merged").toString()), folder.resolve("whole"),
                Progress.SILENT);
    }

    /// What is left out hangs on the step, not on where a run began, and a layer that is run again reads what it read.
    @Test
    void dropoutIsDrawnAgainAsItWasAndOnlyWhileTheFactorsLearn() {
        String lora = "{lora: {r: 2, lora_dropout: 0.3}}";
        Path calm = folder.resolve("dropped");
        run(adapted(lora), calm, Progress.SILENT);
        assertEquals(0.3, Json.read(calm.resolve("adapter_config.json"), JsonNode.class).path("lora_dropout")
                .asDouble());
        Path stopped = folder.resolve("dropped_stopped");
        assertThrows(TrainStageTest.Stopped.class, () -> run(adapted(lora), stopped, new TrainStageTest.StopAfter(6)));
        run(adapted(lora), stopped, Progress.SILENT);
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stopped));
        Path again = folder.resolve("dropped_recomputed");
        run(adapted(lora) + "memory: {recompute: layers}\n", again, Progress.SILENT);
        assertEquals(Hashes.ofFile(calm.resolve("adapter_model.safetensors")),
                Hashes.ofFile(again.resolve("adapter_model.safetensors")));
        Path without = folder.resolve("not_dropped");
        run(adapted("{lora: {r: 2}}"), without, Progress.SILENT);
        assertNotEquals(Hashes.ofFile(calm.resolve("adapter_model.safetensors")),
                Hashes.ofFile(without.resolve("adapter_model.safetensors")));
        String on = adapted("{lora: {r: 2}}").replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(
                calm));
        assertEquals("adapter.lora.dropout: 0.3, as in the student's folder; got 0.0; write it", refused(on));
        assertTrue(refused(adapted("{lora: {dropout: 0.1, targets: {modules: [q_proj, lm_head]}}}")).startsWith(
                "adapter.lora.dropout: 0 with factors of embedding or head, which read everything; got 0.1 and factors "
                        + "of lm_head.weight"));
    }

    /// A copy of the base that has biases at its projections, all 0.
    private Path biased() throws IOException {
        Path there = Files.createDirectories(folder.resolve("biased"));
        try (Stream<Path> files = Files.list(base)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, there.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path config = there.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"attention_bias\" : false",
                "\"attention_bias\" : true"));
        try (NDManager manager = Engines.manager(); Safetensors plain = Safetensors.open(base.resolve(
                "model.safetensors"))) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            plain.tensors().keySet().forEach(name -> {
                all.put(name, plain.read(name, manager));
                if (name.matches(".*self_attn.*_proj.weight")) {
                    all.put(name.replace(".weight", ".bias"), manager.zeros(new Shape(
                            plain.tensors().get(name).shape().getFirst())));
                }
            });
            SafetensorsWriter.write(there.resolve("model.safetensors"), all, DType.F32);
        }
        return there;
    }

    @Test
    void biasesThatLearnBesideFactorsGoOnAndAreSavedAndMerged() throws IOException {
        Path biased = biased();
        String yaml = adapted("{lora: {r: 2, bias: lora_only, targets: {modules: [q_proj]}}}").replace(base.toString(),
                biased.toString());
        Path calm = folder.resolve("bias_calm");
        run(yaml, calm, Progress.SILENT);
        Path stage = folder.resolve("bias_stopped");
        assertThrows(TrainStageTest.Stopped.class, () -> run(yaml, stage, new TrainStageTest.StopAfter(7)));
        run(yaml, stage, Progress.SILENT);
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stage));
        assertEquals("lora_only", Json.read(calm.resolve("adapter_config.json"), JsonNode.class).path("bias").asText());
        try (Safetensors written = Safetensors.open(calm.resolve("adapter_model.safetensors"));
                NDManager manager = Engines.manager()) {
            List<String> biases = written.tensors().keySet().stream().filter(name -> name.endsWith(".bias")).toList();
            assertEquals(List.of("base_model.model.model.layers.0.self_attn.q_proj.base_layer.bias",
                    "base_model.model.model.layers.1.self_attn.q_proj.base_layer.bias"), biases);
            assertTrue(written.read(biases.getFirst(), manager).abs().max().getFloat() > 1e-3);
        }
        LoraMerge.merge(biased, calm, folder.resolve("bias_merged"), Compute.CPU);
        try (NDManager manager = Engines.manager(); Decoder beside = Decoder.load(calm, manager);
                Decoder merged = Decoder.load(folder.resolve("bias_merged"), manager)) {
            NDArray ids = manager.create(new long[][] {{5, 6, 7, 8, 9, 40, 50}});
            assertArrayEquals(logits(beside, ids).toFloatArray(), logits(merged, ids).toFloatArray(), 2e-5f);
        }
        assertEquals("adapter.lora.bias: lora_only, as in the student's folder; got none; write it", refused(
                adapted("{lora: {r: 2, targets: {modules: [q_proj]}}}").replace(base.toString(), calm.toString())));
    }

    private String refused(String yaml) {
        return assertThrows(ConfigException.class, () -> run(yaml, folder.resolve("refused"), Progress.SILENT))
                .problems().getFirst().toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {lora: {r: 0}} | r must be at least 1; got 0
            {lora: {alpha: 0}} | alpha: a number above 0; got 0.0; 2 r is usual
            {lora: {dropout: 1}} | dropout: a share from 0 to below 1; got 1.0
            {lora: {lora_dropout: -0.1}} | dropout: a share from 0 to below 1; got -0.1
            {lora: {bias: all}} | biases of the student, or none; got all, and it has no biases; write bias: none
            {lora: {modules_to_save: [lm_hed]}} | got 'lm_hed'; write 'lm_head'
            {lora: {modules_to_save: [q_proj]}} | 'q_proj', which is one of the targets too; write it in one of the two
            {lora: {base: int8, modules_to_save: [lm_head]}} | 'lm_head.weight', of few bits; write base: nf4
            {lora: {rank_pattern: {q_proj: 0}}} | rank_pattern.q_proj must be at least 1; got 0
            {lora: {alpha_pattern: {q_proj: 0}}} | alpha_pattern.q_proj: a number above 0; got 0.0
            {lora: {targets: {modules: [q_prj]}}} | 'q_prj'; known: all_linear, or some of: down_proj
            {lora: {use_dora: true, targets: {modules: [embed_tokens]}}} | linear modules alone; got the embedding too
            {lora: {targets: {matching: 'layers'}}} | linear modules of the student, or its embedding; got Matching
            """)
    void whatCannotBeObeyedIsRefusedByName(String adapter, String said) {
        String message = refused(adapted(adapter));
        assertTrue(message.contains(said), message);
    }

    @Test
    void aStudentWithoutWeightsOfItsOwnOrWithAnothersLayersHasNoAdapter() {
        String random = adapted("{lora: {}}").replaceAll("student: .*",
                "student: {layers_of: {path: \"%s\", keep: {first: {n: 1}}}}".formatted(base));
        assertEquals("adapter: a student with weights of its own to stand beside; got a student that begins "
                + "otherwise; write student: {folder: {path: <base>}}", refused(random));
        assertTrue(refused(adapted("{lora: {}}") + "objective: theseus\nteacher: \"%s\"\n".formatted(base))
                .startsWith("adapter: an objective that leaves the layers where they are; got 'theseus'"));
    }
}
