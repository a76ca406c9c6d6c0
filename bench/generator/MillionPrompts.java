
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How long `generate` takes before its first request leaves, and what memory it holds then and some thousand requests
/// later, with many questions.
///
/// Arguments: questions (1,000,000), heap of the process (512m). The command runs in a process of its own, over a file
/// of questions that are made here, and is killed after 5,000 requests. Lines: seconds from the start of the process to
/// the first request, its processor seconds and resident memory at that moment and at the end.
final class MillionPrompts {
    private static final int ENOUGH = 5_000;

    private MillionPrompts() {}

    public static void main(String[] arguments) throws Exception {
        int questions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        String heap = arguments.length > 1 ? arguments[1] : "512m";
        Path folder = Files.createTempDirectory("million");
        AtomicInteger asked = new AtomicInteger();
        AtomicLong first = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        byte[] answer = ("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"The answer is 4.\"}}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":6}}")
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            if (asked.incrementAndGet() == 1) {
                first.set(System.nanoTime());
                begun.countDown();
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            if (asked.get() >= ENOUGH) {
                enough.countDown();
            }
        });
        server.start();
        try (BufferedWriter rows = Files.newBufferedWriter(folder.resolve("q.jsonl"))) {
            for (int i = 0; i < questions; i++) {
                rows.write("{\"question\": \"A shop sells %s apples and %s pears a day. How many in a week?\"}%n"
                        .formatted(i, i % 977));
            }
        }
        Files.writeString(folder.resolve("g.yaml"), """
                questions: {file: {path: q.jsonl}}
                prompt: plain
                teacher: {endpoint: {base_url: "http://127.0.0.1:%s/v1", model: m}}
                """.formatted(server.getAddress().getPort()));
        long began = System.nanoTime();
        Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "dev.socratic.cli.Main", "generate", folder.resolve("g.yaml").toString(), "--out",
                folder.resolve("run").toString())).inheritIO().start();
        process.onExit().thenRun(() -> {
            begun.countDown();
            enough.countDown();
        });
        begun.await();
        System.out.printf(Locale.ROOT, "%,d questions: first request after %.1f s, %s%n", questions,
                (first.get() - began) / 1e9, state(process));
        enough.await();
        System.out.printf(Locale.ROOT, "after %,d requests: %s%n", asked.get(), state(process));
        process.destroyForcibly().waitFor();
        server.stop(0);
    }

    private static String state(Process process) throws Exception {
        if (!process.isAlive()) {
            return "it has ended";
        }
        long resident = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElse(0);
        return String.format(Locale.ROOT, "%.1f processor seconds, %d MiB resident", process.toHandle().info()
                .totalCpuDuration().orElseThrow().toMillis() / 1e3, resident >> 10);
    }
}
