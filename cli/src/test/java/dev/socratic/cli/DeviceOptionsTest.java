package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
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
        "run {}/recipe.yaml --out {}/run --device cuda"
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

    @Test
    void aTypeIsRefusedByName() {
        Shell.Result result = shell.line("doctor --dtype bf16");
        assertEquals(2, result.code(), result.toString());
        assertEquals("socratic: --dtype: auto, float32, bfloat16, float16; got 'bf16'; leave it out for float32\n",
                result.err());
    }
}
