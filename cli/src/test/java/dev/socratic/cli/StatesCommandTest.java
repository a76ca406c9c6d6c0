package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatesCommandTest {
    @TempDir
    Path folder;

    @Test
    void rowsOfTheFileAreTheTextsInTheirOrderAndTheListBesideItNamesThem() throws Exception {
        Path teacher = ServedFixture.teacher(folder.resolve("model"));
        Shell shell = new Shell(folder, Map.of()).file("rows.jsonl", """
                {"id": "long", "text": "Tom has 3 apples and buys 4 more apples."}
                {"id": "empty", "text": ""}
                {"id": "short", "text": "Anna has 12 pears."}
                """);
        Shell.Result result = shell.run("states", "{}/model", "--data", "{}/rows.jsonl", "--out", "{}/s.safetensors",
                "--pool", "last", "--threads", "1");
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains("2 texts, 16 numbers each, in {}/s.safetensors; 1 empty ones left out, 0 cut"),
                result::toString);
        try (NDManager step = Engines.manager(); Decoder decoder = Decoder.load(teacher, step);
                Tokenizer tokenizer = Tokenizer.open(teacher);
                Safetensors file = Safetensors.open(folder.resolve("s.safetensors"))) {
            NDArray states = file.read("states", step);
            long[] ids = tokenizer.encode("Anna has 12 pears.");
            assertArrayEquals(decoder.forward(step.create(new long[][] {ids}), Set.of(), false).states()
                    .get("0, -1").toFloatArray(), states.get(1).toFloatArray(), 1e-5f);
            assertEquals("{\"row\":1,\"id\":\"short\",\"tokens\":" + ids.length + ",\"cut\":false}",
                    Files.readAllLines(folder.resolve("s.safetensors.jsonl")).getLast());
        }
        Shell.Result refused = shell.run("states", "{}/model", "--data", "{}/rows.jsonl", "--out", "{}/t.safetensors",
                "--pool", "max");
        assertEquals(2, refused.code(), refused::toString);
        assertTrue(refused.err().contains("--pool: mean, last or first; got 'max'; leave it out for the mean"),
                refused::toString);
    }
}
