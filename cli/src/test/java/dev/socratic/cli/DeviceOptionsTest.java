package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the command line says of a device or a number type that it cannot compute on or in.
class DeviceOptionsTest {
    private static final String RECIPE = """
            name: small
            generate: {questions: {file: {path: "{}/q.jsonl"}}, teacher: {weights: {path: "{}/none"}}}
            compute: {device: cuda}
            """;

    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded").toAbsolutePath().normalize();

    /// A model in every place that a recipe has for one.
    private static final String SEVERAL = """
            name: several
            generate:
              questions: {file: {path: "{}/q.jsonl"}}
              teacher: {weights: {path: "{}/none", ATgenerate.teacher.weights}}
            curate: {failed_limit: 0.5}
            logits: [{name: a, teacher: "{}/none", ATlogits[0]}]
            train:
              - {name: s, student: {folder: "{}/none"}, budget: {steps: 1}, precision: float32, ATtrain[0]}
            eval:
              models:
                one: {weights: {path: "{}/none", ATeval.models.one.weights}}
                two: {student: {name: s, ATeval.models.two.student}}
              tasks: [{name: a, questions: {file: {path: "{}/q.jsonl"}}}]
            """;

    private static final String TYPES = """
            name: types
            eval:
              models:
                plain: {weights: {path: %1$s/base}}
                half: {weights: {path: %1$s/base, dtype: bfloat16}}
              tasks: [{name: a, questions: {file: {path: "{}/q.jsonl"}}, max_tokens: 4}]
            """;

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void files() {
        shell = new Shell(folder, Map.of())
                .file("t.yaml", "tasks: [{name: a, questions: {file: {path: \"{}/q.jsonl\"}}}]\n")
                .file("q.jsonl", "{\"id\": \"a\", \"question\": \"1 + 1?\", \"answer\": \"2\"}\n")
                .file("model/config.json", "{}")
                .file("recipe.yaml", RECIPE);
    }

    /// No word of it is silently computed on the processor, and what to set is said.
    @ParameterizedTest
    @ValueSource(strings = {
        "doctor --device cuda", "eval {}/model --tasks {}/t.yaml --out {}/run --device cuda",
        "run {}/recipe.yaml --out {}/run --device cuda", "inspect {}/model --check --device cuda",
        "merge {}/model {}/adapter --out {}/merged --device cuda", "serve {}/model --port 0 --device cuda",
        "logits --teacher {}/model --data {}/q.jsonl --device cuda"
    })
    @DisabledIfEnvironmentVariable(named = "PYTORCH_LIBRARY_PATH", matches = ".+",
            disabledReason = "another library than that of the class path")
    void aGpuThatWasAskedForIsNeverTheProcessor(String command) {
        Shell.Result result = shell.line(command);
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("--device: a libtorch for CUDA; got 'cuda', driver: "), result.toString());
        assertTrue(result.err().contains("library: libtorch 2.7.1 from the class path, for the processor, flavour: "
                + "cpu; set PYTORCH_LIBRARY_PATH to the lib folder of an installed torch 2.7.1"), result.toString());
    }

    @Test
    @DisabledIfEnvironmentVariable(named = "PYTORCH_LIBRARY_PATH", matches = ".+",
            disabledReason = "another library than that of the class path")
    void aRecipesDeviceIsNamedWhereItIsWrittenAndTheCommandLineGoesBefore() {
        Shell.Result result = shell.line("run {}/recipe.yaml --out {}/run");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("compute.device: a libtorch for CUDA; got 'cuda'"), result.toString());
        Shell.Result onProcessor = shell.line("run {}/recipe.yaml --out {}/run --device cpu");
        assertTrue(!onProcessor.err().contains("libtorch for CUDA"), onProcessor.toString());
    }

    /// Each model of a recipe may have a device of its own; what is wrong with any is said before anything runs, and
    /// the command line goes before all of them.
    @ParameterizedTest
    @ValueSource(strings = {
        "generate.teacher.weights", "logits[0]", "train[0]", "eval.models.one.weights", "eval.models.two.student"
    })
    void aModelsOwnDeviceIsNamedWhereItIsWritten(String place) {
        assumeTrue(System.getenv("PYTORCH_LIBRARY_PATH") == null, "another library than that of the class path");
        shell.file("several.yaml", SEVERAL.replace("AT" + place, "device: cuda").replaceAll(", AT[a-z.0\\[\\]]+", ""));
        Shell.Result result = shell.line("run {}/several.yaml --out {}/run");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains(place + ".device: a libtorch for CUDA; got 'cuda'"), result.toString());
        Shell.Result onProcessor = shell.line("run {}/several.yaml --out {}/run --device cpu");
        assertTrue(!onProcessor.err().contains("libtorch for CUDA"), onProcessor.toString());
    }

    /// The manifest says of each stage what it was computed in.
    @Test
    void modelsOfOneRecipeComputeInNumbersOfTheirOwn() throws Exception {
        shell.file("types.yaml", TYPES.formatted(EMBEDDED));
        Shell.Result result = shell.line("run {}/types.yaml --out {}/run");
        assertEquals(0, result.code(), result.toString());
        assertEquals(List.of("float32", "bfloat16"), types());
        assertEquals(0, shell.line("run {}/types.yaml --out {}/run --dtype float16").code());
        assertEquals(List.of("float16", "float16"), types());
    }

    private List<String> types() throws Exception {
        JsonNode stages = Json.read(Files.readString(shell.path("run/manifest.json")), JsonNode.class, "manifest")
                .path("stages");
        return Stream.of("eval/plain", "eval/half").map(stage -> stages.path(stage).path("versions").path("compute")
                .asText(stages.toString())).toList();
    }

    /// A model may overflow in float16 where it does not in float32: loading it says so.
    @Test
    void aCheckWithATypeRunsTheModelInIt() {
        Shell.Result result = shell.line("inspect " + EMBEDDED + "/base --check --dtype float16");
        assertEquals(0, result.code(), result.toString());
        assertTrue(result.out().contains("check: nothing wrong"), result.toString());
        assertTrue(result.out().contains("memory_to_run is the weights in float16"), result.toString());
    }

    @Test
    void aMergeComputesInFloat32AndSaysSo() {
        Shell.Result result = shell.line("merge {}/model {}/adapter --out {}/merged --dtype bfloat16");
        assertEquals(2, result.code(), result.toString());
        assertEquals("socratic: dtype: float32, in which a merge computes; got 'bfloat16'; write float32\n",
                result.err());
    }

    @Test
    void aTypeIsRefusedByName() {
        Shell.Result result = shell.line("doctor --dtype bf16");
        assertEquals(2, result.code(), result.toString());
        assertEquals("socratic: --dtype: auto, float32, bfloat16, float16; got 'bf16'; leave it out for float32\n",
                result.err());
    }
}
