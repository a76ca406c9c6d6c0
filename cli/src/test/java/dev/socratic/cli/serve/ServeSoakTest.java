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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two thousand requests of all kinds at a real process, 48 at once: none is stuck, and what it takes is given back.
@Tag("soak") // minutes
class ServeSoakTest {
    private static final int REQUESTS = Integer.getInteger("socratic.soak.requests", 2_000);

    @TempDir
    Path folder;

    @Test
    void twoThousandMixedRequestsLeaveNothingBehind() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, "-Xmx700m"); ExecutorService clients =
                Executors.newFixedThreadPool(48)) {
            Wire wire = serve.wire();
            AtomicInteger[] ends = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
            long half = 0;
            for (int part = 0; part < 2; part++) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = part * REQUESTS / 2; i < (part + 1) * REQUESTS / 2; i++) {
                    int number = i;
                    all.add(clients.submit(() -> {
                        one(wire, number, ends);
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get(10, TimeUnit.MINUTES);
                }
                assertEquals(200, wire.send(wire.post(CHAT, body("2 + 2?", "\"max_tokens\": 4"))).statusCode());
                if (part == 0) {
                    half = resident(serve);
                }
            }
            Thread.sleep(1_000);
            long rest = resident(serve);
            long files;
            try (var open = Files.list(Path.of("/proc", String.valueOf(serve.process().pid()), "fd"))) {
                files = open.count();
            }
            System.out.printf("soak: %s answered, %s refused, %s hung up; resident %s MB after half, %s MB "
                    + "after all; %s descriptors%n",
                    ends[0], ends[1], ends[2], half >> 10, rest >> 10, files);
            assertEquals(REQUESTS, ends[0].get() + ends[1].get() + ends[2].get());
            assertTrue(rest < half + half / 4, "%s KB grew to %s".formatted(half, rest));
            assertTrue(files < 200, files + " descriptors are open");
            assertEquals(0, serve.terminated(), serve.said());
        }
    }

    private static void one(Wire wire, int number, AtomicInteger[] ends) throws Exception {
        SplittableRandom random = new SplittableRandom(number);
        String question = "Tom has %s apples and buys %s. How many?".formatted(random.nextInt(90), random.nextInt(90));
        String length = "\"max_tokens\": " + (1 + random.nextInt(60));
        switch (number % 10) {
            case 0, 1, 2 -> count(wire.send(wire.post(CHAT, body(question, length))), 200, ends);
            case 3 -> count(wire.send(wire.post(CHAT, body(question, length + ", \"n\": 5, \"top_k\": 5"))), 200, ends);
            case 4 -> {
                HttpResponse<String> reply = wire.send(wire.post(CHAT, body(question, length + ", \"stream\": true")));
                assertTrue(reply.body().endsWith("data: [DONE]\n\n"), reply.body());
                count(reply, 200, ends);
            }
            case 5 -> hangUp(wire, body(question,
                    "\"stream\": true, \"n\": 3, \"max_tokens\": 300, \"temperature\": 2"), random.nextInt(200), ends);
            case 6 -> hangUp(wire, body(question, "\"n\": 4, \"max_tokens\": 300, \"temperature\": 2"),
                    random.nextInt(200), ends);
            case 7 -> count(wire.send(wire.post(CHAT, body("a".repeat(10_000 + random.nextInt(3_000_000)), ""))), 400,
                    ends);
            case 8 -> count(wire.send(wire.post("/v1/completions",
                    "{\"prompt\": [[5, 6, 7], [8, 9]], \"max_tokens\": 1, \"temperature\": 0, "
                    + "\"logprobs\": 1, \"echo\": true}")), 200, ends);
            default -> count(wire.send(wire.post(CHAT, number % 20 == 9 ? "{\"messages\": 5}"
                    : body(question, "\"bananas\": 3"))), 400, ends);
        }
    }

    /// A server that is full says so, which is an answer too.
    private static void count(HttpResponse<String> reply, int status, AtomicInteger[] ends) throws IOException {
        assertTrue(reply.statusCode() == status || reply.statusCode() == 429, reply.statusCode() + reply.body());
        if (reply.statusCode() != 200) {
            JsonNode error = Wire.MAPPER.readTree(reply.body()).path("error");
            assertTrue(error.hasNonNull("message"), reply.body());
        }
        ends[reply.statusCode() == 200 ? 0 : 1].incrementAndGet();
    }

    private static void hangUp(Wire wire, String body, int afterMillis, AtomicInteger[] ends) throws Exception {
        try (Socket socket = wire.socket(Wire.raw(body))) {
            Thread.sleep(afterMillis);
        }
        ends[2].incrementAndGet();
    }

    private static long resident(ServeProcess serve) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(serve.process().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst().orElseThrow();
    }
}
