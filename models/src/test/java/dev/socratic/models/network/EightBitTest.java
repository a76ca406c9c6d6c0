package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints in 8 bits, against torch (`bench/peers/models/checkpoint_fixtures.py`).
class EightBitTest {
    private static final Path FIXTURES = Path.of("src/test/resources/eight_bit");
    private static final String DOWN = "model.layers.0.mlp.down_proj.weight";

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp8_block", "fp8_tensor", "fp8_row", "int8_row", "int8_bitsandbytes", "gptq", "awq",
        "compressed_4", "nf4", "fp4"})
    void weightsAreReadWithTheirScale(String name) {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(FIXTURES.resolve(name), manager);
                Safetensors expected = Safetensors.open(FIXTURES.resolve(name).resolve("expected.safetensors"))) {
            assertEquals(0, gap(expected.read("weight", manager), decoder.weights().get(DOWN)), 1e-7f);
            NDArray states = decoder.forward(manager.create(new long[][] {{3, 1, 4, 1, 5, 9, 2, 6}}), Set.of(), false)
                    .states();
            assertEquals(0, gap(expected.read("logits", manager), decoder.logits(states, false)), 1e-4f);
            decoder.trainable(true);
        }
    }

    private static float gap(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }

    /// A copy without some tensors, and with others added.
    private void copy(String name, Predicate<String> kept, List<Outgoing> more) throws Exception {
        Files.copy(FIXTURES.resolve(name).resolve("config.json"), folder.resolve("config.json"));
        try (Checkpoint checkpoint = Checkpoint.open(FIXTURES.resolve(name))) {
            List<Outgoing> tensors = new ArrayList<>();
            checkpoint.tensors().keySet().stream().filter(kept)
                    .forEach(tensor -> tensors.add(Outgoing.copied(checkpoint.file(tensor), tensor)));
            tensors.addAll(more);
            CheckpointWriter.write(folder, tensors, 1 << 20);
        }
    }

    private List<String> refusal() {
        try (NDManager manager = Engines.manager()) {
            return assertThrows(DataException.class, () -> Decoder.load(folder, manager).close()).problems().stream()
                    .map(Object::toString).toList();
        }
    }

    @Test
    void eightBitsAreNeverReadWithoutTheirScale() throws Exception {
        copy("fp8_row", name -> !name.endsWith("down_proj.weight_scale"), List.of());
        assertEquals(
                List.of(folder + ": " + DOWN
                        + ": a scale for its 8 bits, model.layers.0.mlp.down_proj.weight_scale; got none; "
                + "fetch the weights again, or take the model before it was quantised"), refusal());
        ObjectNode config = (ObjectNode) Json.read(folder.resolve("config.json"),
                com.fasterxml.jackson.databind.JsonNode.class);
        config.remove("quantization_config");
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        assertEquals(1, refusal().size(), "the other scales say it too");
    }

    @Test
    void numbersCountedFromAPointOfTheirOwnAreRefused() throws Exception {
        copy("int8_row", name -> true,
                List.of(new Outgoing("model.layers.0.mlp.down_proj.weight_zero_point", DType.I8, List.of(1L),
                        out -> out.write(3))));
        assertEquals(
                List.of(folder + ": " + DOWN
                        + ": 8 bits counted from 0; got a weight_zero_point; take the model before it was quantised"),
                                refusal());
    }

    @Test
    void blocksOfFourBitsWithoutTheirScalesAreRefused() throws Exception {
        copy("nf4", name -> !name.endsWith("down_proj.weight.nested_absmax"), List.of());
        assertEquals(List.of(folder + ": " + DOWN + ": codes with scales and zeros of their groups, as bitsandbytes "
                + "writes them; got no fitting nested_absmax; take the model before it was quantised"), refusal());
    }

    @Test
    void blocksOfFourBitsThatSayNothingOfTheirShapeAreRefused() throws Exception {
        String state = DOWN + ".quant_state.bitsandbytes__nf4";
        copy("nf4", name -> !name.equals(state), List.of(new Outgoing(state, DType.U8, List.of(2L),
                out -> out.write(new byte[] {'{', '}'}))));
        assertEquals(List.of(folder + ": " + state + ": JSON with the shape of a matrix, blocksize, dtype and, of nested "
                + "scales, nested_blocksize and nested_offset; got none; fetch the weights again"), refusal());
    }

    @Test
    void codesWithoutTheirZerosAreRefused() throws Exception {
        copy("gptq", name -> !name.endsWith("down_proj.qzeros"), List.of());
        assertEquals(List.of(folder + ": " + DOWN + ": codes with scales and zeros of their groups, as gptq writes "
                + "them; got no fitting qzeros; take the model before it was quantised"), refusal());
    }

    @Test
    void aScaleOfAnotherShapeIsRefused() throws Exception {
        copy("int8_row", name -> !name.equals("model.layers.0.mlp.down_proj.weight_scale"),
                List.of(new Outgoing("model.layers.0.mlp.down_proj.weight_scale", DType.F32, List.of(3L, 1L),
                        out -> out.write(new byte[12]))));
        assertEquals(
                List.of(folder + ": " + DOWN
                        + "_scale: one number, one a row, or one a block of weight_block_size, for a weight of "
                        + "shape [32, 40]; got F32 of shape [3, 1]; "
                + "take the model before it was quantised"), refusal());
    }

    @Test
    void aModelQuantisedInAWayOfItsOwnIsOneLine() throws Exception {
        copy("fp8_row", name -> !name.contains("_proj"), List.of());
        Files.writeString(folder.resolve("config.json"),
                Files.readString(folder.resolve("config.json")).replace("compressed-tensors", "gptq"));
        assertEquals(
                List.of(folder.resolve("config.json")
                        + ": quantization_config: weights of 8 bits with a scale beside them, GPTQ, AWQ (GEMM), "
                        + "compressed-tensors, or not quantised; "
                + "got 'gptq' with other tensors; take the model before it was quantised"), refusal());
    }

    @Test
    void roundedNumbersWithoutAnyScaleAreReadAsTheyAre() throws Exception {
        copy("fp8_tensor", name -> !name.endsWith("_scale"), List.of());
        ObjectNode config = (ObjectNode) Json.read(folder.resolve("config.json"),
                com.fasterxml.jackson.databind.JsonNode.class);
        config.remove("quantization_config");
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(folder, manager);
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(0, gap(checkpoint.read(DOWN, manager), decoder.weights().get(DOWN)));
            Map<String, TensorInfo> tensors = checkpoint.tensors();
            assertTrue(tensors.get(DOWN).dtype() == DType.F8_E4M3);
        }
    }
}
