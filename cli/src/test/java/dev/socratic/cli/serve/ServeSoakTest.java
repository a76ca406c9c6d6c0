package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.body;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// Twenty thousand requests of all kinds at a real process, 48 at once: right, broken, slow, cancelled. No answer is
/// wrong, none is stuck, and what it takes is given back.
///
/// `mvn -B test -pl cli -am -Dgroups=soak -DexcludedGroups= -Dtest=ServeSoakTest
/// -Dsurefire.failIfNoSpecifiedTests=false`; `-DargLine=-Dsocratic.soak.requests=2000` makes it shorter.
@Tag("soak") // half an hour
class ServeSoakTest {
    private static final int REQUESTS = Integer.getInteger("socratic.soak.requests", 20_000);
    private static final int CLIENTS = 48;
    /// The heap is taken at once and whole, so that what grows is not it.
    private static final String MACHINE = "-Xms500m -Xmx500m -XX:+AlwaysPreTouch -XX:+UseSerialGC";
    private static final Path ENCODER = Path.of("..", "models", "src", "test", "resources", "embed", "minilm")
            .toAbsolutePath().normalize();
    /// A second token at least so much less likely than the first: no rounding of a sum makes it the first.
    private static final double SURE = 0.01;

    @TempDir
    Path folder;

    private final Map<End, AtomicInteger> ends = new EnumMap<>(Map.of(End.ANSWERED, new AtomicInteger(),
            End.REFUSED, new AtomicInteger(), End.TURNED_AWAY, new AtomicInteger(), End.HUNG_UP, new AtomicInteger()));
    private final Map<String, String> known = new LinkedHashMap<>();

    private enum End { ANSWERED, REFUSED, TURNED_AWAY, HUNG_UP }

    @Test
    void mixedBrokenSlowAndCancelledRequestsLeaveNothingBehind(TestReporter report) throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, MACHINE, "minilm=" + ENCODER, "--timeout", "300", "--cache",
                "64");
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            Wire wire = serve.wire();
            learn(wire);
            long begin = System.nanoTime();
            List<Long> resident = new ArrayList<>();
            for (int part = 0; part < 4; part++) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = part * REQUESTS / 4; i < (part + 1) * REQUESTS / 4; i++) {
                    int number = i;
                    all.add(clients.submit(() -> {
                        one(wire, number);
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get(20, TimeUnit.MINUTES);
                }
                idle(wire);
                resident.add(resident(serve));
                report.publishEntry("part %s".formatted(part + 1), "%s after %s s; resident KB %s".formatted(ends,
                        Duration.ofNanos(System.nanoTime() - begin).toSeconds(), resident));
            }
            long files;
            try (var open = Files.list(Path.of("/proc", String.valueOf(serve.process().pid()), "fd"))) {
                files = open.count();
            }
            assertEquals(REQUESTS, ends.values().stream().mapToInt(AtomicInteger::get).sum());
            // the first quarter warms up: compiled code, the allocator's pools, prefixes that are kept
            assertTrue(resident.getLast() <= resident.get(1) * 1.02, "resident KB after each quarter: " + resident);
            assertTrue(files < 200, files + " descriptors are open");
            assertEquals(0, serve.terminated(), serve.said());
        }
    }

    /// Answers that are the same whatever is written beside them, because the model is sure of every token.
    private void learn(Wire wire) throws Exception {
        for (int i = 0; known.size() < 20 && i < 300; i++) {
            String asked = body("Tom has %s apples and buys %s. How many?".formatted(2 + i % 17, 3 + i % 23),
                    "\"temperature\": 0, \"max_tokens\": 24, \"model\": \"teacher\"");
            JsonNode reply = wire.chat(asked.substring(0, asked.length() - 1) + ", \"logprobs\": true, "
                    + "\"top_logprobs\": 2}", 200);
            boolean sure = reply.at("/choices/0/logprobs/content").valueStream().allMatch(token ->
                    token.at("/top_logprobs/0/logprob").asDouble() - token.at("/top_logprobs/1/logprob").asDouble()
                            > SURE);
            if (sure) {
                known.put(asked, Wire.content(reply, 0));
            }
        }
        assertTrue(known.size() >= 10, "the model is sure of %s answers only".formatted(known.size()));
    }

    private void one(Wire wire, int number) throws Exception {
        SplittableRandom random = new SplittableRandom(number);
        String question = "Tom has %s apples and buys %s. How many?".formatted(random.nextInt(90), random.nextInt(90));
        String length = "\"max_tokens\": " + (1 + random.nextInt(40));
        switch (number % 16) {
            case 0, 1, 2, 3 -> right(wire, random);
            case 4 -> count(wire.send(wire.post(CHAT, body(question, length + ", \"n\": 3, \"top_k\": 5"))), 200);
            case 5, 6 -> {
                HttpResponse<String> reply = wire.send(wire.post(CHAT, body(question, length + ", \"stream\": true")));
                assertTrue(reply.statusCode() != 200 || reply.body().endsWith("data: [DONE]\n\n"), reply.body());
                count(reply, 200);
            }
            case 7 -> hangUp(wire, body(question, "\"stream\": true, \"n\": 3, \"max_tokens\": 300, \"temperature\": 2"),
                    random.nextInt(200));
            case 8 -> hangUp(wire, body(question, "\"n\": 4, \"max_tokens\": 300, \"temperature\": 2"),
                    random.nextInt(200));
            case 9 -> count(wire.send(wire.post(CHAT, body("a".repeat(10_000 + random.nextInt(300_000)), ""))), 400);
            case 10 -> count(wire.send(wire.post("/v1/completions", "{\"prompt\": [[5, 6, 7], [8, 9]], \"max_tokens\": 1, "
                    + "\"temperature\": 0, \"logprobs\": 1, \"echo\": true}")), 200);
            case 11 -> count(wire.send(wire.post("/v1/embeddings",
                    "{\"input\": [\"Tom has three apples\", \"a\", \"how many?\"]}")), 200);
            case 12 -> count(wire.send(wire.post(CHAT, body(question, length + ", \"guided_regex\": \"[0-9]{3}\""))), 200);
            case 13 -> slowly(wire, body(question, "\"stream\": true, " + length), random);
            case 14 -> broken(wire, random);
            default -> count(wire.send(wire.post(CHAT, number % 32 == 15 ? "{\"messages\": 5}"
                    : body(question, "\"bananas\": 3"))), 400);
        }
    }

    /// What was learned before is said again, whatever else is written.
    private void right(Wire wire, SplittableRandom random) throws Exception {
        String asked = List.copyOf(known.keySet()).get(random.nextInt(known.size()));
        HttpResponse<String> reply = wire.send(wire.post(CHAT, asked));
        count(reply, 200);
        if (reply.statusCode() == 200) {
            assertEquals(known.get(asked), Wire.content(Wire.MAPPER.readTree(reply.body()), 0), asked);
        }
    }

    /// A server that is full says so, which is an answer too.
    private void count(HttpResponse<String> reply, int status) throws IOException {
        assertTrue(reply.statusCode() == status || reply.statusCode() == 429, reply.statusCode() + reply.body());
        if (reply.statusCode() != 200) {
            JsonNode error = Wire.MAPPER.readTree(reply.body()).path("error");
            assertTrue(error.hasNonNull("message") && !error.path("message").asText().contains("\n"), reply.body());
        }
        ends.get(reply.statusCode() == 200 ? End.ANSWERED : reply.statusCode() == 429 ? End.TURNED_AWAY : End.REFUSED)
                .incrementAndGet();
    }

    private void hangUp(Wire wire, String body, int afterMillis) throws Exception {
        try (Socket socket = wire.socket(Wire.raw(body))) {
            Thread.sleep(afterMillis);
        }
        ends.get(End.HUNG_UP).incrementAndGet();
    }

    /// A client that sends its request in pieces and takes its answer in pieces.
    private void slowly(Wire wire, String body, SplittableRandom random) throws Exception {
        String raw = Wire.raw(body).replace("Host:", "Connection: close\r\nHost:");
        int cut = raw.length() / 2;
        try (Socket socket = wire.socket(raw.substring(0, cut))) {
            socket.setSoTimeout(600_000);
            Thread.sleep(random.nextInt(100));
            socket.getOutputStream().write(raw.substring(cut).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            StringBuilder said = new StringBuilder();
            byte[] few = new byte[256];
            for (int read; (read = socket.getInputStream().read(few)) >= 0;) {
                said.append(new String(few, 0, read, java.nio.charset.StandardCharsets.ISO_8859_1));
                Thread.sleep(random.nextInt(5));
            }
            assertTrue(said.toString().contains("[DONE]") || said.toString().contains("429"), said.toString());
        }
        ends.get(End.ANSWERED).incrementAndGet();
    }

    /// What is no HTTP, no JSON, or half of either.
    private void broken(Wire wire, SplittableRandom random) throws Exception {
        String raw = switch (random.nextInt(4)) {
            case 0 -> "NONSENSE\r\n\r\n";
            case 1 -> Wire.raw("{\"messages\": [");
            case 2 -> Wire.head(CHAT, 500) + "{\"mess";
            default -> "POST " + CHAT + " HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n";
        };
        try (Socket socket = wire.socket(raw)) {
            if (!raw.endsWith("{\"mess")) {
                assertTrue(socket.getInputStream().read() >= 0, "it says what is wrong");
            }
        }
        ends.get(End.REFUSED).incrementAndGet();
    }

    /// Waits until nothing is under way: no slot is stuck.
    private static void idle(Wire wire) throws Exception {
        String page = "";
        for (int i = 0; i < 600; i++) {
            page = wire.send(wire.request("/metrics").build()).body();
            if (page.contains("socratic_answers_active{model=\"teacher\"} 0\n")
                    && page.contains("socratic_answers_waiting{model=\"teacher\"} 0\n")
                    && page.contains("socratic_embeddings_waiting{model=\"minilm\"} 0\n")
                    && page.contains("socratic_requests_under_way 1\n")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("something is stuck: " + page);
    }

    private static long resident(ServeProcess serve) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(serve.process().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst().orElseThrow();
    }
}
