package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `socratic logits` in a process that the system gives a quarter of the weights, everything counted: heap, stacks,
/// libraries' data and every private mapping.
@Tag("slow")
class OffloadedTeacherTest {
    private static final int LAYERS = 84;

    @TempDir
    Path folder;

    @Test
    void aQuarterOfTheWeightsIsEnoughForAStore() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Files.exists(Path.of("/proc/self/status")),
                "the limit is bash's ulimit -d, which only Linux counts mappings for");
        long weights = teacher();
        Files.writeString(folder.resolve("rows.jsonl"), """
                {"messages": [{"role": "user", "content": "Tom has 3 apples."}, {"role": "assistant", "content": "3"}]}
                {"messages": [{"role": "user", "content": "Anna has 12."}, {"role": "assistant", "content": "12"}]}
                """);
        assertNotEquals(0, run(weights / 4, "never"), "held in memory it must fail, or the limit limits nothing");
        assertEquals(0, run(weights / 4, "always"), () -> log("always"));
        assertTrue(log("always").contains("layers stay on disk"), () -> log("always"));
        assertTrue(Files.exists(folder.resolve("always").resolve("index.bin")));
    }

    /// 84 layers of 768 with the numbers of one, in shards, written without ever being in memory.
    ///
    /// @return bytes of the weights in float32
    private long teacher() throws IOException {
        Path teacher = Files.createDirectories(folder.resolve("teacher"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(ServedFixture.EMBEDDED.resolve(name), teacher.resolve(name));
        }
        ModelConfig config = ModelConfig.llama(1032, 768, 1, 12, 12, 2048, 256, true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(config, 1, manager)) {
            decoder.save(teacher, DType.BF16);
            Map<String, NDArray> weights = new LinkedHashMap<>();
            decoder.weights().forEach((name, array) -> {
                for (int layer = 0; layer < (decoder.inLayer(name) ? LAYERS : 1); layer++) {
                    weights.put(name.replace("layers.0.", "layers." + layer + "."), array.reshape(array.getShape()));
                }
            });
            CheckpointWriter.write(teacher, weights, DType.BF16, 32 << 20);
        }
        ObjectNode json = Json.read(teacher.resolve("config.json"), ObjectNode.class);
        Files.writeString(teacher.resolve("config.json"), Json.pretty(json.put("num_hidden_layers", LAYERS)));
        return ModelConfig.read(teacher).parameters() * Float.BYTES;
    }

    private int run(long limit, String offload) throws Exception {
        List<String> command = List.of("/bin/bash", "-c", "ulimit -d " + limit / 1024 + "; exec \"$@\"", "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "dev.socratic.cli.Main", "logits", "--teacher", folder.resolve("teacher").toString(), "--data",
                folder.resolve("rows.jsonl").toString(), "--out", folder.resolve(offload).toString(), "--report-rows",
                "0", "--threads", "1", "--encoding", "{top_k: {k: 12}}", "--set", "max_seq=200", "--offload", offload);
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve(offload + ".log").toFile()).start();
        assertTrue(process.waitFor(5, TimeUnit.MINUTES));
        return process.exitValue();
    }

    private String log(String offload) {
        try {
            return Files.readString(folder.resolve(offload + ".log"));
        } catch (IOException failed) {
            return failed.toString();
        }
    }
}
