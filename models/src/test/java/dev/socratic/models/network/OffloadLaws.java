package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers that stay on disk give the bits of layers in memory, in every family.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffloadLaws {
    private NDManager manager;

    static List<String> fixtures() {
        return FamilyFixture.names();
    }

    @BeforeAll
    void oneThread() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    void close() {
        manager.close();
    }

    /// Three batches, of rows as long as the context at most.
    private static List<Padded> batches(ModelConfig config) {
        SplittableRandom random = new SplittableRandom(3);
        List<Padded> batches = new ArrayList<>();
        for (int batch = 0; batch < 3; batch++) {
            List<long[]> rows = new ArrayList<>();
            for (int row = 0; row < 1 + batch; row++) {
                rows.add(random.longs(random.nextInt(1, Math.min(100, config.context())), 0, config.vocab()).toArray());
            }
            batches.add(Padded.of(rows, Padded.Side.RIGHT, 0));
        }
        return batches;
    }

    /// @return the numbers of all logits, batch after batch
    private static List<NDArray> logits(ForwardPass model, NDManager step) {
        List<NDArray> all = new ArrayList<>();
        model.states(batches(model.config()), step, (batch, states) -> {
            assertEquals(all.size(), batch);
            NDArray logits = model.logits(states);
            logits.attach(step);
            all.add(logits);
        });
        return all;
    }

    private void same(Path folder, FloatType type, Quantization quantization, long room) {
        try (NDManager step = manager.newSubManager();
                ForwardPass held = new ForwardPass.Resident(Decoder.load(folder, step, type, type, quantization));
                ForwardPass away = OffloadedPass.open(folder, step, type, type, quantization, room)) {
            List<NDArray> expected = logits(held, step);
            List<NDArray> got = logits(away, step);
            assertEquals(3, got.size());
            for (int i = 0; i < 3; i++) {
                assertTrue(expected.get(i).contentEquals(got.get(i)), "batch " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyFamily(String name) {
        same(FamilyFixture.ALL.resolve(name), FloatType.FLOAT32, Quantization.NONE, Long.MAX_VALUE);
    }

    /// Room for no batch: each goes through all layers alone. Matrices that lie as `[in, out]`, experts, layers of
    /// several kinds, ropes by length.
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2", "mixtral", "phi3_long"})
    void inFewerBitsAndInManyPasses(String name) {
        same(FamilyFixture.ALL.resolve(name), FloatType.BFLOAT16, Quantization.NONE, 0);
        same(FamilyFixture.ALL.resolve(name), FloatType.FLOAT32, Quantization.INT8, 0);
    }

    @Test
    void withAnAdapterBesideSomeOfThem(@TempDir Path folder) throws IOException {
        Path base = FamilyFixture.ALL.resolve("qwen2").toAbsolutePath();
        try (NDManager step = manager.newSubManager();
                Decoder decoder = Decoder.load(base, step).adapted(
                        LoraConfig.of(base.toString(), 4, 8, List.of()),
                        new LoraTargets.Matching(".*layers\\.[13]\\..*(q_proj|down_proj)"), 3)) {
            decoder.trainable().values().forEach(factor -> factor.addi(0.1f));
            decoder.save(folder, DType.F32);
        }
        assertTrue(Files.exists(folder.resolve("adapter_config.json")));
        same(folder, FloatType.FLOAT32, Quantization.NONE, 1 << 20);
    }

    @Test
    void whatDoesNotFitStaysOnDiskAndOneLineSaysSo() {
        Path folder = FamilyFixture.ALL.resolve("qwen2");
        long weights = ModelConfig.read(folder).parameters() * Float.BYTES;
        List<String> told = new ArrayList<>();
        assertEquals(Offload.NEVER, Offload.AUTO.decided(folder, Compute.CPU, weights * 2, told::add));
        assertEquals(Offload.NEVER, Offload.NEVER.decided(folder, Compute.CPU, weights / 4, told::add));
        assertEquals(List.of(), told);
        assertEquals(Offload.ALWAYS, Offload.AUTO.decided(folder, Compute.CPU, weights, told::add));
        assertEquals(Offload.ALWAYS, Offload.ALWAYS.decided(folder, Compute.CPU, weights * 2, told::add));
        assertEquals(2, told.size());
        long tokens = weights / Offload.STREAM_SHARE / ModelConfig.read(folder).hidden() / Float.BYTES;
        assertEquals(folder + ": weights of 0.00 GiB in float32, memory of 0.00 GiB: layers stay on disk and are read "
                + "one after the other, each once for up to " + tokens + " tokens", told.getFirst());
    }
}
