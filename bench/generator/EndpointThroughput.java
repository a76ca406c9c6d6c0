import com.sun.net.httpserver.HttpServer;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateStage;
import dev.socratic.generator.TeacherConfig;
import dev.socratic.generator.endpoint.EndpointModel;
import dev.socratic.generator.verify.Check;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Requests a second against a local endpoint that answers after 100 ms, as a share of concurrency / latency, the most there can be.
///
/// Arguments: concurrency (256), latency in ms (100), requests (20,480). The endpoint is the JDK's own server on virtual threads, in the same
/// process, so both sides share the processor. On a busy machine the share says little; the processor time a request takes says more:
/// concurrency / latency can only be reached where it is below cores x latency / concurrency. Three lines: the client alone; the whole stage with its journal (planning, asking, verifying,
/// writing the files); the stage with the cache on disk as well. A warm-up of a tenth goes first.
final class EndpointThroughput {
    private static final byte[] ANSWER = """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",\
            "content":"<think>\\n24 + 16 = 40\\n40 * 2 = 80\\n</think>\\nThe answer is 80."}}],"usage":{"prompt_tokens":60,"completion_tokens":30}}"""
            .getBytes(StandardCharsets.UTF_8);

    private EndpointThroughput() {}

    public static void main(String[] arguments) throws Exception {
        int concurrency = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 256;
        int latency = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        int requests = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20_480;
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = server(latency);
        Path folder = Files.createTempDirectory("throughput");
        try {
            String address = "http://localhost:%d/v1".formatted(server.getAddress().getPort());
            double most = concurrency * 1000.0 / latency;
            client(address, concurrency, requests / 10, folder);
            report("client", requests, client(address, concurrency, requests, folder), most);
            report("stage", requests, stage(address, concurrency, requests, false, folder.resolve("stage")), most);
            report("stage, cache on disk", requests, stage(address, concurrency, requests, true, folder.resolve("cached")), most);
        } finally {
            server.stop(0);
            delete(folder);
        }
    }

    private static HttpServer server(int latency) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            exchange.getRequestBody().readAllBytes();
            try {
                Thread.sleep(latency);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(ANSWER);
            }
        });
        server.start();
        return server;
    }

    /// @param seconds of the clock
    /// @param cpu     seconds of processor time, of client and server together
    private record Cost(double seconds, double cpu) {
        static Cost since(long clock, long cpu) {
            return new Cost((System.nanoTime() - clock) / 1e9, (cpuNanos() - cpu) / 1e9);
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static Cost client(String address, int concurrency, int requests, Path folder) throws Exception {
        try (EndpointModel model = EndpointModel.open(endpoint(address, concurrency, false), Map.of(), folder, 1)) {
            AtomicInteger next = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(concurrency);
            long started = System.nanoTime();
            long cpu = cpuNanos();
            for (int i = 0; i < concurrency; i++) {
                Thread.ofVirtual().start(() -> {
                    try {
                        for (int r = next.getAndIncrement(); r < requests; r = next.getAndIncrement()) {
                            model.generate(List.of(new GenerationRequest(
                                    "r" + r, List.of(ChatMessage.user("question " + r)), new Sampling(0.7, 1, 256, r, List.of()))));
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
            return Cost.since(started, cpu);
        }
    }

    private static Cost stage(String address, int concurrency, int requests, boolean cache, Path folder) throws Exception {
        Files.createDirectories(folder);
        Path questions = folder.resolve("questions.jsonl");
        Files.write(questions, IntStream.range(0, requests / 4).mapToObj("{\"question\":\"What is half of %d?\",\"answer\":\"80\"}"::formatted).toList());
        TeacherConfig.Endpoint teacher = endpoint(address, concurrency, cache);
        GenerateConfig config = new GenerateConfig(
                QuestionSource.File.of(questions), "chain_of_thought", Optional.empty(), teacher, 4,
                new GenerateConfig.SamplingConfig(0.7, 1, 256, List.of()), List.of(Check.values()), Optional.empty(),
                new GenerateConfig.BudgetConfig(Optional.empty(), Optional.empty()), 1, 1);
        long started = System.nanoTime();
        long cpu = cpuNanos();
        try (EndpointModel model = EndpointModel.open(teacher, Map.of(), folder.resolve("cache"), 1)) {
            StageReport report = GenerateStage.run(config, model, new StageContext(folder, Progress.SILENT, Clock.systemUTC(), 2));
            if (report.counts().kept() != requests) {
                throw new IllegalStateException(report.counts().toString());
            }
        }
        return Cost.since(started, cpu);
    }

    private static TeacherConfig.Endpoint endpoint(String address, int concurrency, boolean cache) {
        return new TeacherConfig.Endpoint(
                address, "m", Optional.empty(), concurrency, Optional.empty(), Optional.empty(), 60, 0, 0, 0, cache);
    }

    private static void report(String what, int requests, Cost cost, double most) {
        double rate = requests / cost.seconds();
        System.out.printf(
                Locale.ROOT, "%-22s %8.0f requests/s = %5.1f %% of %.0f; %.2f ms of processor time a request, %.1f of %d cores%n", what, rate,
                100 * rate / most, most, 1000 * cost.cpu() / requests, cost.cpu() / cost.seconds(), Runtime.getRuntime().availableProcessors());
    }

    private static void delete(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
