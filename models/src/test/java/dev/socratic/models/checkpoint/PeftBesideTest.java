package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters as PEFT saved them, beside their base as they are: the logits of PEFT's own model
/// (`bench/peers/models/adapter_fixtures.py`).
class PeftBesideTest {
    private static final Path PEFT = Path.of("src/test/resources/peft");

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bias_all", "embed_untied", "head_untied", "lora_embed_tied", "lora_head_tied", "patterns",
            "regex", "rslora_dora", "save_both_tied", "save_both_untied", "save_embed_tied", "save_head_tied",
            "save_norms"})
    void theyComputeWhatPeftComputes(String name) {
        try (NDManager manager = Engines.manager(); Decoder beside = Decoder.load(PEFT.resolve(name), manager);
                Decoder packed = Decoder.loadPacked(PEFT.resolve(name), manager, Compute.CPU);
                Safetensors expected = Safetensors.open(PEFT.resolve(name).resolve("expected.safetensors"))) {
            NDArray ids = expected.read("ids", manager).toType(DataType.INT64, true);
            NDArray logits = beside.logits(beside.forward(ids, Set.of(), false).states(), false); // [2, seq, vocab]
            float[] theirs = expected.read("logits", manager).toFloatArray();
            assertArrayEquals(theirs, logits.toFloatArray(), 2e-5f);
            assertArrayEquals(theirs, packed.logits(packed.forward(ids, Set.of(), false).states(), false)
                    .toFloatArray(), 5e-5f);
        }
    }
}
