package dev.socratic.trainer.plan.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was foretold against what a training took, each in a process of its own: the largest resident size since the
/// models' loading began, within a tenth. `mvn -B -pl trainer -am test -Dgroups=slow -DexcludedGroups=none
/// -Dtest=MemoryGridTest -Dsurefire.failIfNoSpecifiedTests=false`; a few minutes on two cores.
///
/// The process's own share is measured in it, after a training of next to nothing. Large arrays are mapped one by one
/// (`MALLOC_MMAP_THRESHOLD_=65536`), so that what is given back is gone: what glibc keeps otherwise of what was given
/// back, a fifth to as much again, no formula says.
@Tag("slow")
class MemoryGridTest {
    private static final Path STATUS = Path.of("/proc/self/clear_refs");

    /// Families, what learns, objectives, shapes of micro-batches, number types, optimisers, switches.
    static final List<MeasuredCase> GRID = List.of(
            sft("qwen2", 256, 4, 1024, 4, 512, ""),
            sft("qwen2", 256, 4, 1024, 1, 2048, ""),
            sft("qwen2", 256, 4, 1024, 16, 128, ""),
            sft("qwen2", 256, 2, 16_384, 4, 256, ""),
            sft("qwen2", 640, 6, 1024, 2, 128, ""),
            sft("qwen3", 256, 4, 1024, 4, 512, ""),
            sft("olmo2", 256, 4, 1024, 4, 512, ""),
            sft("phi3", 256, 4, 1024, 4, 512, ""),
            sft("gpt2", 256, 4, 1024, 4, 512, ""),
            sft("gpt_neox", 256, 4, 1024, 4, 512, ""),
            sft("gemma2", 256, 4, 1024, 4, 512, ""),
            sft("smollm3", 256, 4, 1024, 4, 512, ""),
            sft("qwen2", 384, 4, 1024, 4, 512, "precision: bfloat16"),
            sft("qwen3", 384, 4, 1024, 4, 512, "precision: bfloat16"),
            sft("qwen2", 512, 6, 4096, 4, 256, "adapter: {lora: {r: 8}}"),
            sft("qwen2", 512, 6, 4096, 4, 256, "adapter: {lora: {r: 8, base: int8}}"),
            sft("qwen2", 512, 6, 4096, 4, 256, "adapter: {lora: {r: 8, base: nf4}}"),
            sft("qwen2", 256, 8, 1024, 4, 512, "memory: {recompute: layers}"),
            sft("olmo2", 256, 8, 1024, 4, 512, "memory: {recompute: layers}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "memory: {recompute: layers, step: in_backward}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "optimizer: {method: adamw_8bit}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "optimizer: {method: adafactor}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "optimizer: {method: muon}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "optimizer: {method: lion}"),
            sft("qwen2", 640, 6, 1024, 2, 128, "ema: {decay: 0.9}"),
            new MeasuredCase("word_kd", "qwen2", 256, 4, 8192, 4, 256, "word_kd", "teacher: WIDTH 384"),
            new MeasuredCase("forward_kl", "qwen2", 256, 4, 8192, 4, 256, "forward_kl", "teacher: WIDTH 384"),
            new MeasuredCase("reverse_kl", "qwen2", 256, 4, 8192, 4, 256, "reverse_kl", "teacher: WIDTH 384"),
            new MeasuredCase("dpo", "qwen2", 384, 6, 1024, 4, 256, "dpo", ""),
            new MeasuredCase("on_policy", "qwen2", 384, 6, 1024, 4, 256, "on_policy", "teacher: WIDTH 512"));

    @TempDir
    Path folder;

    private static MeasuredCase sft(String family, int width, int layers, int vocab, int rows, int seq, String more) {
        return new MeasuredCase((family + " " + width + " " + rows + "x" + seq + " " + more).strip(), family, width,
                layers, vocab, rows, seq, "sft", more);
    }

    @Test
    void whatIsForetoldIsWithinATenthOfWhatThirtyTrainingsTook() throws Exception {
        Assumptions.assumeTrue(Files.isWritable(STATUS), "memory is read from /proc, which only Linux has");
        List<String> apart = new ArrayList<>();
        String only = System.getProperty("only", "");
        for (MeasuredCase one : GRID) {
            if (one.name().contains(only)) {
                Measured measured = Measured.of(one, folder.resolve("" + apart.size() + one.hashCode()));
                System.out.println(measured.line(one.name()));
                if (Math.abs(measured.ratio() - 1) > 0.1) {
                    apart.add(measured.line(one.name()));
                }
            }
        }
        assertEquals(30, GRID.size());
        assertTrue(apart.isEmpty(), String.join("\n", apart));
    }

    /// @param told bytes
    /// @param took likewise
    /// @param need what was told, by component
    record Measured(long told, long took, String need) {
        double ratio() {
            return (double) told / took;
        }

        String line(String name) {
            return String.format(Locale.ROOT, "%-60s told %7.1f MB, took %7.1f MB, %.3f; %s", name, told / 1e6,
                    took / 1e6, ratio(), need);
        }

        /// @param home of models, rows and runs
        static Measured of(MeasuredCase one, Path home) throws IOException, InterruptedException {
            Path config = one.write(Files.createDirectories(home.resolve("case")));
            Path warm = one.small().write(Files.createDirectories(home.resolve("warm")));
            Path log = home.resolve("log");
            ProcessBuilder child = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                    "-Xmx160m", "-Xmn24m", "--enable-native-access=ALL-UNNAMED", "-cp",
                    System.getProperty("java.class.path"), MeasuredMain.class.getName(), warm.toString(),
                    config.toString()).redirectError(log.toFile());
            child.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
            Process running = child.start();
            String said = new String(running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(0, running.waitFor(), () -> one + ": " + log);
            String[] figures = said.lines().filter(line -> line.matches("[0-9]+ [0-9]+ .*")).findFirst().orElseThrow()
                    .split(" ", 4);
            return new Measured(Long.parseLong(figures[0]), Long.parseLong(figures[1]), figures[3]);
        }
    }
}
