import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.duplicate.Banding;
import dev.socratic.curator.duplicate.NearDuplicateIndex;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Near-duplicate removal on a file of questions and edited copies of them: rows a second of processor time and memory
/// a row, and the same with the Python library datasketch in the same run, where a Python that has it is named.
///
/// ```
/// java -cp <classes and libraries of curator> bench/curator/NearDuplicates.java QUESTIONS.jsonl [PYTHON]
/// ```
public final class NearDuplicates {
    private static final double THRESHOLD = 0.8;
    private static final int WORDS = 2;
    private static final int ROUNDS = 5;

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> texts = texts(Path.of(arguments[0]));
        Banding banding = Banding.choose(THRESHOLD, 0.99, 128);
        Path folder = Files.createTempDirectory("near-duplicates");
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            NearDuplicateIndex index = new NearDuplicateIndex(THRESHOLD, banding, 1,
                    folder.resolve("shingles-" + round));
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            int dropped = 0;
            for (String text : texts) {
                NearDuplicateIndex.Signed signed = index.sign(Shingles.of(Words.of(text), WORDS));
                if (index.nearest(signed).isPresent()) {
                    dropped++;
                } else {
                    index.add(signed);
                }
            }
            double rate = texts.size() / ((ManagementFactory.getThreadMXBean()
                    .getCurrentThreadCpuTime() - start) / 1e9);
            best = Math.max(best, rate);
            System.out.printf(
                    "socratic   %d rows, dropped %d, %.0f rows/s, %.0f MB a million kept rows, %d x %d hashes, "
                            + "verified%n",
                    texts.size(), dropped, rate, (double) index.memoryBytes() / index.size(), banding.bands(),
                    banding.rows());
        }
        if (arguments.length > 1) {
            double peer = peer(arguments[1], texts);
            System.out.printf("ratio      %.1f times the rows a second of datasketch, one thread each%n", best / peer);
        }
    }

    /// Each question and one copy of it with 0 to 6 words replaced or deleted.
    private static List<String> texts(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            texts.add(Json.read(line, JsonNode.class, file.toString()).get("question").textValue());
        }
        SplittableRandom random = new SplittableRandom(1);
        int originals = texts.size();
        for (int i = 0; i < originals; i++) {
            List<String> words = new ArrayList<>(List.of(texts.get(i).split(" ")));
            for (int edit = 0; edit < i % 7 && words.size() > 2; edit++) {
                int at = random.nextInt(words.size());
                if (random.nextBoolean()) {
                    words.remove(at);
                } else {
                    words.set(at, "word" + random.nextInt(1000));
                }
            }
            texts.add(String.join(" ", words));
        }
        return texts;
    }

    private static double peer(String python, List<String> texts) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("near-duplicates");
        Path rows = folder.resolve("rows.json");
        Files.writeString(rows, Json.line(texts.stream().map(text -> String.join(" ", Words.of(text))).toList()));
        Process process = new ProcessBuilder(python, "bench/curator/near_duplicates.py", rows.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        System.out.print(said);
        return Double.parseDouble(said.replaceAll("(?s).* ([0-9.]+) rows/s.*", "$1"));
    }
}
