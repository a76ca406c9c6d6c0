package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @TempDir
    Path folder;

    private void index(String map) throws Exception {
        Files.writeString(folder.resolve(Checkpoint.INDEX),
                "{\"metadata\":{\"total_size\":8},\"weight_map\":{" + map + "}}");
    }

    private void shards(NDManager manager) {
        SafetensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"), Map.of("a", manager.create(1f)),
                DType.F32);
        SafetensorsWriter.write(folder.resolve("model-00002-of-00002.safetensors"), Map.of("b", manager.create(2f)),
                DType.F32);
    }

    @Test
    void shardsAreReadThroughTheirIndex() throws Exception {
        try (NDManager manager = Engines.manager()) {
            shards(manager);
            index("\"b\":\"model-00002-of-00002.safetensors\",\"a\":\"model-00001-of-00002.safetensors\"");
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                assertEquals(java.util.Set.of("a", "b"), checkpoint.tensors().keySet());
                assertEquals(1f, checkpoint.read("a", manager).getFloat());
                assertEquals(2f, checkpoint.read("b", manager).getFloat());
                assertThrows(DataException.class, () -> checkpoint.read("c", manager));
            }
        }
    }

    @Test
    void anIndexThatReachesOutOfItsFolderIsRefused() throws Exception {
        index("\"a\":\"../secret.safetensors\",\"b\":\"/etc/x.safetensors\",\"c\":\"model.bin\",\"d\":7");
        DataException refusal = assertThrows(DataException.class, () -> Checkpoint.open(folder));
        assertEquals(4, refusal.problems().size());
        assertEquals(folder.resolve(Checkpoint.INDEX)
                + ": the plain name of a .safetensors file next to the index; got '../secret.safetensors'",
                        refusal.problems().get(0).toString());
    }

    @Test
    void aTensorThatItsShardLacksIsNamed() throws Exception {
        try (NDManager manager = Engines.manager()) {
            shards(manager);
            index("\"a\":\"model-00002-of-00002.safetensors\"");
            DataException refusal = assertThrows(DataException.class, () -> Checkpoint.open(folder));
            assertEquals(folder.resolve(Checkpoint.INDEX)
                    + ": tensor 'a' in model-00002-of-00002.safetensors; got none there; fetch the shard again",
                            refusal.getMessage());
        }
    }

    @Test
    void aFolderWithoutWeightsIsSaid() {
        DataException refusal = assertThrows(DataException.class, () -> Checkpoint.open(folder));
        assertEquals(
                folder + ": a model folder with model.safetensors or model.safetensors.index.json; got neither; "
                        + "give the folder of a model",
                refusal.getMessage());
    }
}
