package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models between GGUF and folders, through the command line.
class GgufCommandsTest {
    private static final Path SMALL = Path.of("..", "models", "src", "test", "resources", "gguf", "small_llama.gguf")
            .toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Shell shell() {
        return new Shell(folder, Map.of());
    }

    @Test
    void importWritesAFolderThatChecksAndRuns() {
        Shell.Result imported = shell().line("import " + SMALL + " --out {}/m");
        assertEquals(ExitCode.DONE, imported.code(), imported::toString);
        assertEquals("{}/m\n", imported.out());
        assertEquals("import: 2 tensors of F16 as F16\nimport: 27 tensors of F32 as F32\n", imported.err());
        Shell.Result check = shell().line("inspect {}/m --check --json");
        assertEquals(ExitCode.DONE, check.code(), check::toString);
        assertEquals(true, Json.read(check.out(), JsonNode.class, "inspect").get("runs").asBoolean());
        Shell.Result json = shell().line("import " + SMALL + " --out {}/n --type bfloat16 --json");
        assertEquals("{\"folder\":\"{}/n\",\"family\":\"llama\",\"tensors\":29,\"bytes\":65088}",
                Json.read(json.out(), JsonNode.class, "import").toString());
    }

    @Test
    void whatIsNoGgufIsOneLineWithPlaceAndRemedy() throws Exception {
        shell().file("text.gguf", "not a model at all, but longer than a header");
        fails("import {}/text.gguf --out {}/m", "socratic: {}/text.gguf: a GGUF file with 'GGUF' as its first bytes; got "
                + "something else; the file is damaged or not GGUF; fetch or write it again\n");
        byte[] whole = Files.readAllBytes(SMALL);
        Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length - 4000));
        Shell.Result cut = shell().line("import {}/cut.gguf --out {}/m");
        assertEquals(ExitCode.FAILED, cut.code());
        assertTrue(cut.err().matches("socratic: \\{}/cut.gguf: a GGUF file with the [0-9]+ bytes of '.*' from byte "
                + "[0-9]+ on; got a file of [0-9]+ bytes; the file is damaged or not GGUF; fetch or write it again\n"),
                cut::toString);
        fails("import {}/none.gguf --out {}/m", "socratic: {}/none.gguf: a file that exists; got none there; check the "
                + "path\n");
        assertTrue(shell().files().stream().noneMatch(file -> file.startsWith("m/")), "nothing was written");
    }

    @Test
    void exportWritesAGgufThatComesBackAsTheSameModel() throws Exception {
        assertEquals(ExitCode.DONE, shell().line("import " + SMALL + " --out {}/a/m --type float32").code());
        Shell.Result exported = shell().line("export {}/a/m --to gguf --out {}/a.gguf");
        assertEquals("{}/a.gguf\n", exported.out(), exported::toString);
        assertEquals("export: 30 tensors as F32\n", exported.err());
        assertEquals(ExitCode.DONE, shell().line("import {}/a.gguf --out {}/b/m").code());
        for (String name : new String[] {"tokenizer.json", "config.json", "chat_template.jinja",
                "generation_config.json", "tokenizer_config.json", "special_tokens_map.json"}) {
            assertArrayEquals(bytes("a/m/" + name), bytes("b/m/" + name), name);
        }
        assertEquals(ExitCode.DONE, shell().line("export {}/b/m --to gguf --out {}/b.gguf").code());
        assertArrayEquals(bytes("a.gguf"), bytes("b.gguf"));
        Shell.Result small = shell().line("export {}/a/m --to gguf --type q8_0 --out {}/q.gguf --json");
        assertEquals("{\"file\":\"{}/q.gguf\",\"family\":\"llama\",\"tensors\":30,\"bytes\":38508}",
                Json.read(small.out(), JsonNode.class, "export").toString());
        assertTrue(small.err().contains("export: 2 tensors as F16 in place of Q8_0, whose blocks of 32 do not fill rows "
                + "of 48\n"), small::toString);
    }

    @Test
    void exportAsAFolderKeepsOrChangesTheType() throws Exception {
        assertEquals(ExitCode.DONE, shell().line("import " + SMALL + " --out {}/m --type bfloat16").code());
        assertEquals(ExitCode.DONE, shell().line("export {}/m --to hf --out {}/same").code());
        assertArrayEquals(bytes("m/tokenizer.json"), bytes("same/tokenizer.json"));
        JsonNode wide = Json.read(shell().line("export {}/m --to hf --type f32 --out {}/wide --json").out(),
                JsonNode.class, "export");
        assertEquals("{\"folder\":\"{}/wide\"}", wide.toString());
        JsonNode types = Json.read(shell().line("inspect {}/wide --json").out(), JsonNode.class, "x").get("types");
        assertEquals(29, types.get("F32").get("tensors").asInt(), types::toString);
        assertTrue(Files.size(folder.resolve("same/model.safetensors"))
                < Files.size(folder.resolve("wide/model.safetensors")));
    }

    @Test
    void whatCannotBeExportedIsOneLine() {
        assertEquals(ExitCode.DONE, shell().line("import " + SMALL + " --out {}/m").code());
        Shell.Result type = shell().line("export {}/m --to hf --type q8_0 --out {}/x");
        assertEquals(ExitCode.USAGE, type.code(), type::toString);
        assertEquals("socratic: --type: a type a folder is written in; got 'q8_0'; known: f32, f16, bf16\n", type.err());
        Path gpt2 = SMALL.getParent().resolveSibling("families").resolve("gpt2");
        Shell.Result family = shell().line("export " + gpt2 + " --to gguf --out {}/x.gguf");
        assertEquals(ExitCode.FAILED, family.code());
        assertTrue(family.err().endsWith("model_type: a family that is written as GGUF; got 'gpt2'; known: llama, qwen2, "
                + "qwen3, gemma2, gemma3_text, phi3, smollm3, mistral\n"), family::toString);
    }

    @Test
    void anAdapterIsMergedIntoWhatIsExported() throws Exception {
        Path adapters = SMALL.getParent().resolveSibling("adapters");
        Path plain = folder.resolve("plain");
        Files.createDirectories(plain);
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(adapters.resolve("plain").resolve(name), plain.resolve(name));
        }
        ObjectNode config = Json.read(plain.resolve("adapter_config.json"), ObjectNode.class);
        config.put("base_model_name_or_path", adapters.resolve("base_llama").toString());
        Files.writeString(plain.resolve("adapter_config.json"), Json.pretty(config));
        Shell.Result done = shell().line("export {}/plain --to hf --out {}/whole");
        assertEquals(ExitCode.DONE, done.code(), done::toString);
        Shell.Result typed = shell().line("export {}/plain --to hf --type bf16 --out {}/short");
        assertEquals(ExitCode.DONE, typed.code(), typed::toString);
        assertTrue(shell().files().stream().noneMatch(file -> file.contains(".merged")), "the merged folder is gone");
        assertTrue(shell().files().contains("short/model.safetensors"));
    }

    private byte[] bytes(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name));
    }

    private void fails(String line, String error) {
        Shell.Result result = shell().line(line);
        assertEquals(ExitCode.FAILED, result.code(), result::toString);
        assertEquals(error, result.err());
    }
}
