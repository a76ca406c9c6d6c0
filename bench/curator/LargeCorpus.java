
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Duplicates among many rows of prose, some of them planted: rows a second, heap, disk, and how many of what was
/// planted went.
///
/// ```
/// java -Xmx6g -cp <classes and libraries of curator> bench/curator/LargeCorpus.java FOLDER 1000000 200
/// ```
///
/// A row is a text of words drawn by Zipf's law from 60,000, with sentences and numbers. Of a hundred rows ten are
/// copies but for blanks (`exact`), ten copies with one word in sixty replaced (`near`: a Jaccard similarity of about
/// 0.93), two copies with every third word replaced (`far`, no duplicates), and one is the same text as all its like
/// but for one word (`template`: the one bucket in which everybody meets). Originals come before their copies, within
/// the last 50,000 rows.
public final class LargeCorpus {
    private static final int VOCABULARY = 60_000;
    private static final int RECENT = 50_000;

    private final SplittableRandom random = new SplittableRandom(7);
    private final String[] vocabulary = new String[VOCABULARY];
    private final int words;

    private LargeCorpus(int words) {
        this.words = words;
        String[] syllables = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu ar en is ol um st tr pl"
                .split(" ");
        for (int i = 0; i < VOCABULARY; i++) {
            StringBuilder word = new StringBuilder();
            for (int left = i + 20; left > 0; left /= syllables.length) {
                word.append(syllables[left % syllables.length]);
            }
            vocabulary[i] = word.toString();
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        int words = Integer.parseInt(arguments[2]);
        String steps = arguments.length > 3 ? arguments[3] : "{steps: [exact_duplicates, near_duplicates]}";
        Files.createDirectories(folder);
        Path corpus = folder.resolve("corpus.jsonl");
        long began = System.nanoTime();
        new LargeCorpus(words).write(corpus, rows);
        System.out.printf(Locale.ROOT, "%d rows, %d MB, written in %.0f s%n", rows, Files.size(corpus) >> 20,
                (System.nanoTime() - began) / 1e9);
        AtomicLong disk = new AtomicLong();
        Thread watch = Thread.ofPlatform().daemon().start(() -> watch(folder, disk));
        Curation curation = Curation.of(ConfigReader.read(steps, "steps", CurateConfig.class));
        Path stage = Files.createDirectories(folder.resolve("curate"));
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        var report = CurateStage.run(curation, List.of(corpus), Optional.empty(),
                new StageContext(stage, Progress.SILENT, Clock.systemUTC(), 1));
        double seconds = (System.nanoTime() - start) / 1e9;
        double busy = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
        watch.interrupt();
        System.out.printf(Locale.ROOT, "%s%n%.0f s by the clock (%.0f rows/s), %.0f s of processor time (%.0f rows/s)"
                + "%nheap: %d MB live after the last collection, %d MB at most in use; disk beside the corpus: "
                + "%d MB at most%n",
                report.counts(), seconds, rows / seconds, busy, rows / busy, heap(false) >> 20, heap(true) >> 20,
                disk.get() - Files.size(corpus) >> 20);
        System.out.println(Files.readString(stage.resolve("report.json")).lines().filter(line -> line.matches(
                ".*(index_bytes|compared|left_out|texts|clusters).*")).toList());
        System.out.println("gone by what was planted: " + gone(stage.resolve("rejected.jsonl")));
    }

    private void write(Path file, int rows) throws IOException {
        String[] recent = new String[RECENT];
        String template = text();
        Map<String, Integer> planted = new TreeMap<>();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int row = 0; row < rows; row++) {
                int drawn = row < 100 ? 99 : random.nextInt(100);
                String original = recent[random.nextInt(Math.max(1, Math.min(row, RECENT)))];
                String kind = drawn < 10 ? "exact" : drawn < 20 ? "near" : drawn < 22 ? "far" : drawn < 23 ? "template"
                        : "own";
                String text = switch (kind) {
                    case "exact" -> original.replaceFirst(" ", "  ") + "\n";
                    case "near" -> replaced(original, Math.max(1, words / 60));
                    case "far" -> replaced(original, words / 3);
                    case "template" -> replaced(template, 1);
                    default -> text();
                };
                recent[row % RECENT] = text;
                planted.merge(kind, 1, Integer::sum);
                out.write(Json.line(Map.of("id", "r" + row, "text", text, "planted", kind)));
                out.write('\n');
            }
        }
        System.out.println("planted: " + planted);
    }

    private String word() {
        return vocabulary[(int) Math.pow(VOCABULARY, random.nextDouble()) - 1];
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            boolean ends = random.nextInt(14) == 0;
            text.append(random.nextInt(40) == 0 ? Integer.toString(random.nextInt(2, 900)) : word())
                    .append(i + 1 == words || ends ? ". " : " ");
        }
        return text.toString().strip();
    }

    private String replaced(String text, int times) {
        String[] all = text.split(" ");
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(all.length);
            if (!all[at].matches(".*\\d.*")) {
                all[at] = word();
            }
        }
        return String.join(" ", all);
    }

    private static Map<String, Integer> gone(Path rejected) throws IOException {
        Map<String, Integer> gone = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(rejected)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Map<?, ?> row = Json.read(line, Map.class, "a row");
                gone.merge(row.get("planted") + " as " + row.get("reason"), 1, Integer::sum);
            }
        }
        return gone;
    }

    private static long heap(boolean peak) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .map(peak ? MemoryPoolMXBean::getPeakUsage : MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage.getUsed()).sum();
    }

    private static void watch(Path folder, AtomicLong most) {
        try {
            while (true) {
                Thread.sleep(2_000);
                try (Stream<Path> files = Files.walk(folder)) {
                    long now = files.mapToLong(LargeCorpus::size).sum();
                    most.accumulateAndGet(now, Math::max);
                } catch (UncheckedIOException | IOException e) {
                    continue; // a file went while it was walked
                }
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
