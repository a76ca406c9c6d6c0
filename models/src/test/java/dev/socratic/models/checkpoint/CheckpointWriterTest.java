package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private final NDManager manager = Engines.manager();

    @TempDir
    Path folder;

    @AfterEach
    void free() {
        manager.close();
    }

    /// Five tensors of 24 bytes in F32, the i-th full of `base + i`.
    private Map<String, NDArray> weights(float base) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (String name : List.of("e", "d", "c", "b", "a")) {
            weights.put(name, manager.full(new Shape(2, 3), base + weights.size()));
        }
        return weights;
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private float first(String name) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.read(name, manager).toFloatArray()[0];
        }
    }

    @Test
    void smallWeightsAreOneFileWithoutAnIndex() throws IOException {
        CheckpointWriter.write(folder, weights(0), DType.F32, 120);
        assertEquals(Set.of("model.safetensors"), files());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(List.of("e", "d", "c", "b", "a"), List.copyOf(checkpoint.tensors().keySet()));
        }
    }

    @Test
    void largeWeightsFillOneShardAfterTheOtherAndTheIndexKnowsWhere() throws IOException {
        CheckpointWriter.write(folder, weights(0), DType.F32, 50);
        assertEquals(
                Set.of("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                "model.safetensors.index.json"), files());
        JsonNode index = Json.read(folder.resolve(Checkpoint.INDEX), JsonNode.class);
        assertEquals(120, index.path("metadata").path("total_size").asInt());
        assertEquals("{\"a\":\"model-00003-of-00003.safetensors\",\"b\":\"model-00002-of-00003.safetensors\","
                + "\"c\":\"model-00002-of-00003.safetensors\",\"d\":\"model-00001-of-00003.safetensors\","
                + "\"e\":\"model-00001-of-00003.safetensors\"}", index.path("weight_map").toString());
        try (Safetensors shard = Safetensors.open(folder.resolve("model-00002-of-00003.safetensors"))) {
            assertEquals(List.of("c", "b"), List.copyOf(shard.tensors().keySet()));
            assertEquals(Map.of("format", "pt"), shard.metadata());
        }
        assertEquals(4f, first("a"));
        String hash = Hashes.ofFolder(folder);
        CheckpointWriter.write(folder, weights(0), DType.F32, 50);
        assertEquals(hash, Hashes.ofFolder(folder));
    }

    @Test
    void aTensorLargerThanAShardHasOneOfItsOwn() throws IOException {
        CheckpointWriter.write(folder, weights(0), DType.BF16, 1);
        assertEquals(6, files().size());
        assertEquals(2f, first("c"));
    }

    @Test
    void anArrayUnderTwoNamesIsWrittenOnceUnderTheFirst() {
        Map<String, NDArray> weights = weights(0);
        weights.put("lm_head.weight", weights.get("e"));
        CheckpointWriter.write(folder, weights, DType.F32, 50);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(Set.of("a", "b", "c", "d", "e"), checkpoint.tensors().keySet());
        }
    }

    @Test
    void otherWeightsReplaceTheOldOnesAndLeaveNoFileBehind() throws IOException {
        for (long shard : new long[] {50, 1000, 30, 50, 50}) {
            float base = 10 * shard;
            CheckpointWriter.write(folder, weights(base), DType.F32, shard);
            assertEquals(base + 2, first("c"), "shards of " + shard);
            assertEquals(shard == 1000 ? 1 : shard == 50 ? 4 : 6, files().size(), "shards of " + shard);
        }
    }

    /// The disk fills up at the n-th tensor, over weights of every kind: what can be opened afterwards is all old or
    /// all new.
    @Test
    void aFailureAnywhereLeavesTheOldWeightsOrNone() {
        for (long old : new long[] {1000, 50, 30}) {
            for (long shard : new long[] {1000, 50, 30}) {
                for (int tensor : new int[] {0, 3}) {
                    CheckpointWriter.write(folder, weights(0), DType.F32, old);
                    List<Outgoing> failing = new ArrayList<>(Outgoing.of(weights(100), DType.F32));
                    Outgoing last = failing.get(tensor);
                    failing.set(tensor, new Outgoing(last.name(), last.dtype(), last.shape(), out -> {
                        throw new IOException("No space left on device");
                    }));
                    assertThrows(SocraticException.class, () -> CheckpointWriter.write(folder, failing, shard));
                    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                        for (String name : List.of("e", "d", "c", "b", "a")) {
                            assertTrue(checkpoint.read(name, manager).toFloatArray()[0] < 10, "a mixture");
                        }
                    } catch (DataException none) {
                        assertTrue(none.getMessage().contains("model.safetensors.index.json beside its shards; got "),
                                none.getMessage());
                        assertTrue(old == shard, "only shards of the same names may cost the old weights");
                    }
                }
            }
        }
    }

    @Test
    void aBodyOfAnotherSizeThanAnnouncedIsABugThatIsCaught() throws IOException {
        Outgoing wrong = new Outgoing("a", DType.F32, List.of(2L), out -> out.write(new byte[7]));
        assertEquals("tensor 'a': 8 bytes for F32 of shape [2]; got 7", assertThrows(IllegalStateException.class,
                () -> CheckpointWriter.write(folder, List.of(wrong), 100)).getMessage());
        assertEquals(Set.of(), files());
        Outgoing right = new Outgoing("a", DType.U8, List.of(1L), out -> out.write(1));
        assertEquals("tensors: each name once; got 'a' twice", assertThrows(IllegalArgumentException.class,
                () -> CheckpointWriter.write(folder, List.of(right, right), 100)).getMessage());
        assertFalse(Files.exists(folder.resolve(Checkpoint.SINGLE)));
    }

    @Test
    void bytesAreCopiedFromFileToFileWhateverTheirType() throws IOException {
        List<Outgoing> odd = List.of(
                new Outgoing("q", DType.F8_E4M3, List.of(3L), out -> out.write(new byte[] {1, 2, -1})),
                new Outgoing("i", DType.I64, List.of(), out -> out.write(new byte[] {1, 0, 0, 0, 0, 0, 0, 9})));
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        SafetensorsWriter.write(first, odd);
        try (Safetensors read = Safetensors.open(first)) {
            SafetensorsWriter.write(second, List.of(Outgoing.copied(read, "q"), Outgoing.copied(read, "i")));
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }
}
