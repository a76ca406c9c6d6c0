package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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

    private void fails(String line, String error) {
        Shell.Result result = shell().line(line);
        assertEquals(ExitCode.FAILED, result.code(), result::toString);
        assertEquals(error, result.err());
    }
}
