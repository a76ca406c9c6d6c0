
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.curator.Steps;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.source.Exchange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The step `near_duplicates` beside other tools on the same rows in one run: rows a second of processor time of the
/// whole process (compilation and collection included), memory, and rows dropped against clusters of the exact Jaccard
/// similarity.
///
/// ```
/// bench/run bench/curator/NearDuplicates.java QUESTIONS.jsonl|ROWSxWORDS [PYTHON TOOL...]
/// ```
/// A file's questions and one copy of each with 0 to 6 words replaced or deleted, or made-up rows, a tenth of them such
/// copies. TOOL: `datasketch`, `text-dedup`, `data-juicer`, `datatrove`. Recall is over rows that are not the first of
/// their exact cluster, precision over dropped rows: has one an exact partner at all.
public final class NearDuplicates {
    private static final double THRESHOLD = 0.8;
    private static final int PAIR = 2;

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> texts = arguments[0].matches("\\d+x\\d+") ? madeUp(arguments[0]) : edited(Path.of(arguments[0]));
        int[] cluster = clusters(texts);
        double ours = 0;
        for (int round = 0; round < (texts.size() > 50_000 ? 1 : 3); round++) {
            ours = Math.max(ours, step(texts, cluster));
        }
        double best = 0;
        for (int i = 2; i < arguments.length; i++) {
            double peer = peer(arguments[1], arguments[i], texts, cluster);
            if (!Double.isNaN(peer)) {
                System.out.printf("             socratic has %.1f times its rows a second%n", ours / peer);
                best = Math.max(best, peer);
            }
        }
        System.out.printf("%d rows; %.1f times the best of the others%n", texts.size(), ours / best);
    }

    private static double step(List<String> texts, int[] cluster) throws IOException {
        List<Candidate> rows = texts.stream().map(text -> new Candidate(Exchange.of(Json.mapper().createObjectNode()
                .put("question", text).put("answer", "?")), Integer.toHexString(text.hashCode()), text, text,
                Optional.empty())).toList();
        ObjectNode facts;
        List<Integer> dropped = new ArrayList<>();
        System.gc();
        double begun = processor();
        try (Step step = Steps.of(ConfigReader.read("steps: [{near_duplicates: {on: both, numbers: any, negation: any, "
                + "answers: any, chains: drop}}]", "bench", CurateConfig.class).steps().getFirst(), List.of(),
                Files.createTempDirectory("near-duplicates"))) {
            rows.forEach(row -> step.look(row, RowScores.NONE));
            for (int i = 0; i < rows.size(); i++) {
                if (step.judge(rows.get(i)) instanceof Decision.Drop) {
                    dropped.add(i);
                }
            }
            facts = step.facts();
        }
        double seconds = processor() - begun;
        System.gc();
        tell("socratic", texts.size(), seconds, facts.path("bands").asInt() + " x " + facts.path("rows").asInt(),
                facts.path("index_bytes").asDouble() / (1 << 20), "index", dropped, cluster);
        return texts.size() / seconds;
    }

    private static void tell(String tool, int rows, double seconds, String banding, double megabytes, String memory,
            List<Integer> dropped, int[] cluster) {
        Map<Integer, Integer> sizes = new HashMap<>();
        Arrays.stream(cluster).forEach(one -> sizes.merge(one, 1, Integer::sum));
        long surplus = cluster.length - sizes.size();
        long right = dropped.stream().filter(row -> sizes.get(cluster[row]) > 1).count();
        Set<Integer> seen = new HashSet<>();
        Set<Integer> gone = new HashSet<>(dropped);
        long left = IntStream.range(0, cluster.length).filter(row -> !gone.contains(row) && !seen.add(cluster[row]))
                .count(); // rows that stay beside another of their cluster
        System.out.printf("%-12s %d rows, %.0f rows/s of processor time, %s bands, %.0f MB %s, dropped %d of %d, "
                        + "recall %.4f, precision %.4f%n",
                tool, rows, rows / seconds, banding, megabytes, memory, dropped.size(), surplus,
                1 - (double) left / surplus, (double) right / dropped.size());
    }

    private static double processor() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static double peer(String python, String tool, List<String> texts, int[] cluster)
            throws IOException, InterruptedException {
        Path rows = Files.createTempDirectory("near-duplicates").resolve("rows.json");
        Files.writeString(rows, Json.line(texts.stream().map(text -> String.join(" ", Words.of(text))).toList()));
        Process process = new ProcessBuilder(python, "bench/curator/near_duplicates_peers.py", tool, rows.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String[] said = new String(process.getInputStream().readAllBytes()).split("\n");
        if (process.waitFor() != 0) {
            System.out.printf("%-12s did not run%n", tool);
            return Double.NaN;
        }
        JsonNode told = Json.read(said[said.length - 1], JsonNode.class, tool);
        List<Integer> dropped = new ArrayList<>();
        told.path("dropped").forEach(row -> dropped.add(row.asInt()));
        tell(tool, texts.size(), told.path("seconds").asDouble(), told.path("banding").asText(),
                told.path("peak_mb").asDouble(), "process", dropped, cluster);
        return texts.size() / told.path("seconds").asDouble();
    }

    private static List<String> edited(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            texts.add(Json.read(line, JsonNode.class, file.toString()).get("question").textValue());
        }
        SplittableRandom random = new SplittableRandom(1);
        int originals = texts.size();
        for (int i = 0; i < originals; i++) {
            texts.add(edit(texts.get(i), i % 7, random));
        }
        return texts;
    }

    private static List<String> madeUp(String size) {
        int rows = Integer.parseInt(size.replaceAll("x.*", ""));
        int words = Integer.parseInt(size.replaceAll(".*x", ""));
        SplittableRandom random = new SplittableRandom(1);
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            if (row % 10 == 9) {
                texts.add(edit(texts.get(random.nextInt(texts.size())), random.nextInt(words / 10), random));
                continue;
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < words; i++) {
                text.append(i == 0 ? "w" : " w")
                        .append(Integer.toString((int) Math.pow(20_000, random.nextDouble()), 36));
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static String edit(String text, int edits, SplittableRandom random) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        for (int edit = 0; edit < edits && words.size() > 2; edit++) {
            int at = random.nextInt(words.size());
            if (random.nextBoolean()) {
                words.remove(at);
            } else {
                words.set(at, "word" + random.nextInt(1000));
            }
        }
        return String.join(" ", words);
    }

    /// Connected components of the exact similarity, each by its first row. Two sets that are alike share one of the
    /// `n - ceil(0.8 n) + 1` rarest of either (Bayardo, Ma and Srikant 2007).
    private static int[] clusters(List<String> texts) {
        List<Shingles> sets = texts.stream().map(text -> Shingles.of(Words.of(text), PAIR)).toList();
        Map<Long, Integer> frequency = new HashMap<>();
        sets.forEach(set -> Arrays.stream(set.hashes()).forEach(hash -> frequency.merge(hash, 1, Integer::sum)));
        Map<Long, List<Integer>> postings = new HashMap<>();
        int[] parent = IntStream.range(0, texts.size()).toArray();
        for (int row = 0; row < sets.size(); row++) {
            Shingles set = sets.get(row);
            long[] rarest = Arrays.stream(set.hashes()).boxed().sorted((a, b) -> {
                int byCount = Integer.compare(frequency.get(a), frequency.get(b));
                return byCount == 0 ? Long.compare(a, b) : byCount;
            }).limit(set.size() - (int) Math.ceil(THRESHOLD * set.size()) + 1L).mapToLong(Long::longValue).toArray();
            Set<Integer> seen = new HashSet<>();
            for (long hash : rarest) {
                List<Integer> others = postings.computeIfAbsent(hash, one -> new ArrayList<>(1));
                for (int other : others) {
                    if (seen.add(other) && set.jaccard(sets.get(other)) >= THRESHOLD) {
                        int a = root(parent, row);
                        int b = root(parent, other);
                        parent[Math.max(a, b)] = Math.min(a, b);
                    }
                }
                others.add(row);
            }
        }
        return IntStream.range(0, parent.length).map(row -> root(parent, row)).toArray();
    }

    private static int root(int[] parent, int row) {
        int at = row;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }
}
