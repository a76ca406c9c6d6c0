import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// A whole curation with the default steps on a corpus larger than the heap: rows a second, and what lives on the heap
/// after a collection.
///
/// ```
/// java -Xmx512m -cp <classes and libraries of curator> bench/curator/CorpusHeap.java 200000 300
/// ```
public final class CorpusHeap {
    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[0]);
        int words = Integer.parseInt(arguments[1]);
        Path folder = Files.createTempDirectory("corpus-heap");
        Path corpus = folder.resolve("corpus.jsonl");
        SplittableRandom random = new SplittableRandom(1);
        try (BufferedWriter out = Files.newBufferedWriter(corpus)) {
            for (int row = 0; row < rows; row++) {
                out.write(Json.line(Map.of("messages", List.of(
                        Map.of("role", "user", "content", text(words, random)),
                        Map.of("role", "assistant", "content", "It takes " + row + " steps. " + text(40, random))))));
                out.write('\n');
            }
        }
        String steps = arguments.length > 2 ? arguments[2] : "{}";
        Curation curation = Curation.of(ConfigReader.read(steps, "steps", CurateConfig.class));
        StageContext context = new StageContext(Files.createDirectories(folder.resolve("curate")), Progress.SILENT,
                Clock.systemUTC(), 1);
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        var report = CurateStage.run(curation, List.of(corpus), Optional.empty(), context);
        double seconds = (System.nanoTime() - start) / 1e9;
        double busy = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
        long live = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
        System.out.printf("%s%n%d rows of %d words (%d MB), %.0f rows/s by the clock, %.0f by processor time, at most "
                + "%d MB of heap used, %d MB live "
                        + "after the last collection, limit %d MB%n",
                report.counts(), rows, words, Files.size(corpus) >> 20, rows / seconds, rows / busy, peak() >> 20,
                        live >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed()).sum();
    }

    private static String text(int words, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append("w")
                    .append(Integer.toString((int) Math.pow(20_000, random.nextDouble()), 36));
        }
        return text.append('.').toString();
    }
}
