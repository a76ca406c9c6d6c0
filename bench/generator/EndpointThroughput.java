import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateStage;
import dev.socratic.generator.endpoint.EndpointModel;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.generator.verify.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Requests a second against a local endpoint that answers after 100 ms, as a share of concurrency / latency, the
/// most there can be.
///
/// Arguments: concurrency (256), latency in ms (100), requests (20,480). The endpoint is one thread in the same
/// process that reads what comes and writes one answer when its time is there, so that it takes as little of the
/// processor as a server can; both sides share it all the same. On a busy machine the share says little; the
/// processor time a request takes says more: concurrency / latency can only be reached where it is below cores x
/// latency / concurrency. Two lines: the client alone; the whole stage with its journal (planning, asking, verifying,
/// writing the files), and the rate between its first and its last answer. A warm-up of a tenth goes first.
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
        SlowEndpoint server = new SlowEndpoint(latency, ANSWER);
        Path folder = Files.createTempDirectory("throughput");
        try {
            String address = "http://localhost:%d/v1".formatted(server.port());
            double most = concurrency * 1000.0 / latency;
            client(address, concurrency, requests / 10, folder);
            report("client", requests, client(address, concurrency, requests, folder), most);
            report("stage", requests, stage(address, concurrency, requests, folder.resolve("stage")), most);
        } finally {
            server.close();
            delete(folder);
        }
    }

    /// @param seconds of the clock
    /// @param cpu     seconds of processor time, of client and server together
    private record Cost(double seconds, double cpu) {
        static Cost since(long clock, long cpu) {
            return new Cost((System.nanoTime() - clock) / 1e9, (cpuNanos() - cpu) / 1e9);
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static Cost client(String address, int concurrency, int requests, Path folder) throws Exception {
        try (EndpointModel model = EndpointModel.open(endpoint(address, concurrency), Map.of(), folder, 1)) {
            AtomicInteger next = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(concurrency);
            long started = System.nanoTime();
            long cpu = cpuNanos();
            for (int i = 0; i < concurrency; i++) {
                Thread.ofVirtual().start(() -> {
                    try {
                        for (int r = next.getAndIncrement(); r < requests; r = next.getAndIncrement()) {
                            model.generate(List.of(new GenerationRequest(
                                    "r" + r, List.of(ChatMessage.user("question " + r)),
                                    new GenerationParameters(new Sampling(0.7, 1), 256), r)));
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

    private static Cost stage(String address, int concurrency, int requests, Path folder)
            throws Exception {
        Files.createDirectories(folder);
        Path questions = folder.resolve("questions.jsonl");
        Files.write(questions,
                IntStream.range(0, requests / 4)
                        .mapToObj("{\"question\":\"What is half of %d?\",\"answer\":\"80\"}"::formatted).toList());
        TeacherConfig.Endpoint teacher = endpoint(address, concurrency);
        GenerateConfig config = new GenerateConfig(
                QuestionSource.File.of(questions), "chain_of_thought", Optional.empty(), teacher, 4,
                new GenerationParameters(new Sampling(0.7, 1), 256), List.of(Check.values()), Optional.empty(),
                new BudgetConfig(Optional.empty(), Optional.empty()), 1, 1);
        long started = System.nanoTime();
        long cpu = cpuNanos();
        try (EndpointModel model = EndpointModel.open(teacher, Map.of(), 1)) {
            Asking asking = new Asking();
            StageReport report = GenerateStage.run(config, model,
                    new StageContext(folder, asking, Clock.systemUTC(), 2));
            asking.tell(started, requests);
            if (report.counts().kept() != requests) {
                throw new IllegalStateException(report.counts().toString());
            }
        }
        return Cost.since(started, cpu);
    }

    /// When the first and the last answer came.
    private static final class Asking implements Progress {
        private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);
        private final AtomicLong last = new AtomicLong();

        @Override
        public void done(long items) {
            if (items > 0) { // the stage begins with what earlier runs have left: nothing
                long now = System.nanoTime();
                first.accumulateAndGet(now, Math::min);
                last.accumulateAndGet(now, Math::max);
            }
        }

        void tell(long started, int requests) {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %8.0f requests/s from the first answer to the last; %.1f s before, %.1f s after%n",
                    "  asking",
                    requests / ((last.get() - first.get()) / 1e9), (first.get() - started) / 1e9,
                    (System.nanoTime() - last.get()) / 1e9);
        }

        @Override
        public void total(long items) {}

        @Override
        public void spent(Usage usage) {}

        @Override
        public void failed(long items) {}

        @Override
        public void note(String line) {}
    }

    private static TeacherConfig.Endpoint endpoint(String address, int concurrency) {
        return new TeacherConfig.Endpoint(
                address, "m", Optional.empty(), concurrency, Optional.empty(), Optional.empty(), 60, 0, 0, 0, true);
    }

    private static void report(String what, int requests, Cost cost, double most) {
        double rate = requests / cost.seconds();
        System.out.printf(
                Locale.ROOT,
                "%-22s %8.0f requests/s = %5.1f %% of %.0f; %.2f ms of processor time a request, %.1f of %d cores%n",
                what, rate,
                100 * rate / most, most, 1000 * cost.cpu() / requests, cost.cpu() / cost.seconds(), Runtime.getRuntime()
                        .availableProcessors());
    }

    private static void delete(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Answers every request with the same body after the same time: an event loop over non-blocking sockets. As the
    /// time is the same for all, those that wait are a queue.
    private static final class SlowEndpoint implements AutoCloseable {
        private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final long latencyNanos;
        private final byte[] reply;
        private final Selector selector = Selector.open();
        private final ServerSocketChannel socket = ServerSocketChannel.open();
        private final Deque<Waiting> waiting = new ArrayDeque<>();

        SlowEndpoint(int latencyMillis, byte[] body) throws IOException {
            this.latencyNanos = latencyMillis * 1_000_000L;
            byte[] head =
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(
                            body.length)
                    .getBytes(StandardCharsets.US_ASCII);
            this.reply = ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
            socket.configureBlocking(false);
            socket.register(selector, SelectionKey.OP_ACCEPT);
            Thread.ofPlatform().daemon().name("endpoint").start(this::serve);
        }

        private record Waiting(SocketChannel client, long due) {}

        int port() {
            return socket.socket().getLocalPort();
        }

        private void serve() {
            try {
                while (selector.isOpen()) {
                    long wait = waiting.isEmpty()
                            ? 1000
                            : Math.max(1, (waiting.peek().due() - System.nanoTime()) / 1_000_000);
                    selector.select(this::ready, wait);
                    while (!waiting.isEmpty() && waiting.peek().due() - System.nanoTime() <= 0) {
                        SocketChannel client = waiting.poll().client();
                        ByteBuffer rest = ByteBuffer.wrap(reply);
                        while (client.isOpen() && rest.hasRemaining()) {
                            client.write(rest);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClosedSelectorException end) {
                // closed
            }
        }

        private void ready(SelectionKey key) {
            try {
                if (key.isAcceptable()) {
                    SocketChannel client = socket.accept();
                    client.configureBlocking(false);
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(64 << 10));
                    return;
                }
                SocketChannel client = (SocketChannel) key.channel();
                ByteBuffer read = (ByteBuffer) key.attachment();
                if (client.read(read) < 0) {
                    client.close();
                } else if (whole(read)) {
                    read.clear();
                    waiting.add(new Waiting(client, System.nanoTime() + latencyNanos));
                }
            } catch (IOException e) {
                key.cancel();
            }
        }

        /// @return whether head and body are there; a client waits for the answer before it asks again
        private static boolean whole(ByteBuffer read) {
            String head = new String(read.array(), 0, read.position(), StandardCharsets.ISO_8859_1);
            int end = head.indexOf("\r\n\r\n");
            int length = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
            return end >= 0 && length >= 0 && length < end
                    && read.position() - end - END_OF_HEAD.length >= Integer.parseInt(
                            head.substring(length + 15, head.indexOf('\r', length)).strip());
        }

        @Override
        public void close() throws IOException {
            selector.close();
            socket.close();
        }
    }
}
