package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.MAPPER;
import static dev.socratic.cli.serve.Wire.body;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command itself, in a process of its own, over real weights.
class ServeProcessTest {
    @TempDir
    Path folder;

    private static final String QUESTION = "Tom has 3 apples and buys 4. How many apples?";

    @Test
    void aTokenIsSeenLongBeforeTheAnswerEndsAndSigtermLetsItEnd() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, "-Xmx1g")) {
            assertTrue(serve.address().matches("http://127\\.0\\.0\\.1:[0-9]+/v1"), serve.address());
            String ask = body(QUESTION, "\"stream\": true, \"temperature\": 2, \"seed\": 3, \"max_tokens\": 400, "
                    + "\"stream_options\": {\"include_usage\": true}");
            try (Socket socket = serve.wire().socket(Wire.raw(ask))) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                        StandardCharsets.UTF_8));
                int pieces = 0;
                for (String line = ""; pieces < 3; line = lines.readLine()) {
                    pieces += line.startsWith("data: {") ? 1 : 0;
                }
                CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> {
                    try {
                        return serve.terminated();
                    } catch (InterruptedException stopped) {
                        return -2;
                    }
                });
                String last = "";
                for (String line = lines.readLine(); line != null
                        && !last.equals("data: [DONE]"); line = lines.readLine()) {
                    last = line.isEmpty() ? last : line;
                    pieces += line.startsWith("data: {") ? 1 : 0;
                }
                assertEquals("data: [DONE]", last, serve.said());
                // how many tokens an event holds is the machine's
                assertTrue(pieces > 10, "only %s events".formatted(pieces));
                assertEquals(0, ended.get(), serve.said());
                assertTrue(serve.said().contains("socratic: closing; answers that are being written are "
                        + "finished first"), serve.said());
                assertTrue(serve.said().endsWith("socratic: no longer serving\n"), serve.said());
            }
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, "-Xmx1g")) {
            String ask = body(QUESTION, "\"stream\": true, \"temperature\": 100, \"n\": 8, \"max_tokens\": 900");
            try (Socket socket = serve.wire().socket(Wire.raw(ask))) {
                assertTrue(socket.getInputStream().read() >= 0);
                serve.process().destroy();
                for (int i = 0; i < 500 && !serve.said().contains("closing"); i++) {
                    Thread.sleep(10);
                }
                assertTrue(serve.process().isAlive(), "it lets the answers end: " + serve.said());
                long begin = System.nanoTime();
                assertEquals(143, serve.terminated(), serve.said());
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                assertTrue(took.compareTo(ServeLimits.DEFAULT.drain()) < 0, "it does not wait for the answers: " + took);
            }
        }
    }

    /// Fifteen megabytes of one letter took the process down: the native tokenizer got no memory and aborted.
    @Test
    void messagesThatNoContextCanHoldAreRefusedAndTheProcessLives() throws Exception {
        hostile(6, "-Xmx700m");
    }

    @Test
    @Tag("slow") // a gigabyte and a half goes through the machine
    void aHundredSuchMessagesAtOnceAreRefusedToo() throws Exception {
        hostile(100, "-Xmx1g");
    }

    private void hostile(int times, String heap) throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, heap)) {
            Wire wire = serve.wire();
            String endless = body("a".repeat(15_000_000), "");
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                replies.add(wire.later(endless));
            }
            long begin = System.nanoTime();
            assertEquals(200, wire.send(wire.post(CHAT, body(QUESTION, "\"max_tokens\": 4"))).statusCode());
            long waited = (System.nanoTime() - begin) / 1_000_000_000L;
            assertTrue(waited < 15, "a short request waited %s s".formatted(waited));
            int tooLong = 0;
            for (CompletableFuture<HttpResponse<String>> one : replies) {
                JsonNode error = MAPPER.readTree(one.get().body()).path("error");
                if (one.get().statusCode() == 400) {
                    assertEquals("context_length_exceeded", error.path("code").asText(), error.toString());
                    tooLong++;
                } else {
                    assertEquals(429, one.get().statusCode(), error.toString());
                }
            }
            assertTrue(tooLong > 0);
            assertEquals(200, wire.send(wire.post(CHAT, body(QUESTION, "\"max_tokens\": 4"))).statusCode());
            assertEquals(0, serve.terminated(), serve.said());
        }
    }
}
