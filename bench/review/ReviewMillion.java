
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secret;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.server.ReviewOptions;
import dev.socratic.review.server.ReviewServer;
import java.io.BufferedWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// The review server over many rows: how long it reads them, how many milliseconds a page, a query, facets and a
/// histogram take through HTTP (median and worst of eleven, after one), and what lives on the heap.
///
/// ```
/// java -Xmx1g -cp <classes and libraries of review> bench/review/ReviewMillion.java 1000000 [FOLDER]
/// ```
///
/// The folder keeps corpus and index for the next run, which then shows how long a second start takes.
public final class ReviewMillion {
    private static final int WORDS = 60;

    public static void main(String[] arguments) throws Exception {
        int rows = Integer.parseInt(arguments[0]);
        Path folder = arguments.length > 1 ? Files.createDirectories(Path.of(arguments[1]))
                : Files.createTempDirectory("review-million");
        Path file = folder.resolve("rows-" + rows + ".jsonl");
        if (!Files.exists(file)) {
            write(file, rows);
        }
        System.out.printf("%d rows, %d MB; load at the start %.2f%n", rows, Files.size(file) >> 20, load());
        long begun = System.nanoTime();
        long cpu = cpu();
        try (Corpus corpus = Corpus.open(List.of(file), Clock.systemUTC());
                ReviewServer server = ReviewServer.start(corpus, new ReviewOptions("127.0.0.1", 0, Set.of(),
                        Secret.fromEnvironment("token", Map.of("token", "bench")), "bench", Clock.systemUTC()))) {
            Asker asker = new Asker(server.address());
            asker.ask("/api/rows?size=50");
            System.out.printf("first page answered %.1f s after the start, with %d rows read%n", seconds(begun),
                    asker.ask("/api/corpus").path("rows").asLong());
            while (!corpus.await(1_000) || corpus.isReading()) {
                Thread.sleep(200);
            }
            System.out.printf("all rows read after %.1f s (%.1f s of processor time)%n", seconds(begun),
                    (cpu() - cpu) / 1e9);
            Map<String, String> asked = new LinkedHashMap<>();
            asked.put("first page", "/api/rows?size=50");
            asked.put("page of a word", "/api/rows?size=50&q=apples");
            asked.put("page by a score", "/api/rows?size=50&sort=score&order=desc");
            asked.put("query: word, field, number", "/api/rows?size=50&q=" + enc("apples teacher:t1 score:>0.8"));
            asked.put("phrase", "/api/rows?size=50&q=" + enc("\"river apples\""));
            asked.put("facets of all", "/api/facets");
            asked.put("facets of a query", "/api/facets?q=" + enc("score:>0.5"));
            asked.put("histogram of all", "/api/histogram?field=score&bins=40");
            asked.put("random queue's page", "/api/rows?size=20&sort=random&seed=1");
            for (Map.Entry<String, String> one : asked.entrySet()) {
                asker.ask(one.getValue());
                double[] times = new double[11];
                long total = 0;
                for (int i = 0; i < times.length; i++) {
                    long now = System.nanoTime();
                    total = asker.ask(one.getValue()).path("total").asLong();
                    times[i] = (System.nanoTime() - now) / 1e6;
                }
                Arrays.sort(times);
                System.out.printf("%-28s %7.1f ms median, %7.1f ms worst; %d rows%n", one.getKey(),
                        times[times.length / 2], times[times.length - 1], total);
            }
            System.gc();
            long live = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                            .mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
            System.out.printf("%d MB of heap live after a collection, limit %d MB; load at the end %.2f%n", live >> 20,
                    Runtime.getRuntime().maxMemory() >> 20, load());
        }
        System.exit(0);
    }

    private static String enc(String q) {
        return URLEncoder.encode(q, StandardCharsets.UTF_8);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private record Asker(String address, HttpClient http) {
        Asker(String address) {
            this(address, HttpClient.newHttpClient());
        }

        JsonNode ask(String path) throws Exception {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(address + path.substring(1)))
                    .header("Authorization", "Bearer bench").build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.body());
            }
            return Json.mapper().readTree(answer.body());
        }
    }

    private static void write(Path file, int rows) throws Exception {
        String[] words = new String[20_000];
        for (int i = 0; i < words.length; i++) {
            words[i] = Integer.toString(i * 7 + 40_000, 36).replaceAll("[0-9]", "e") + (char) ('a' + i % 26);
        }
        words[3] = "apples";
        words[5] = "river";
        SplittableRandom random = new SplittableRandom(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int row = 0; row < rows; row++) {
                out.write(("{\"id\":\"row-%d\",\"question\":\"%s?\",\"answer\":\"%s The answer is %d.\","
                        + "\"teacher\":\"t%d\",").formatted(row, text(words, 20, random), text(words, WORDS - 20,
                                random), row % 97, row % 5)
                        + "\"source\":\"s%d\",\"score\":%.4f,\"tags\":[\"k%d\"]}%n".formatted(row % 40,
                        random.nextDouble(), row % 300));
            }
        }
    }

    /// Common words are common: the number of a word is the square of an even draw.
    private static String text(String[] words, int count, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            double draw = random.nextDouble();
            text.append(i == 0 ? "" : " ").append(words[(int) (draw * draw * draw * words.length)]);
        }
        return text.toString();
    }
}
