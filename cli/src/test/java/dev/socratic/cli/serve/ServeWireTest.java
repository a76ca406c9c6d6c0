package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.MAPPER;
import static dev.socratic.cli.serve.Wire.body;
import static dev.socratic.cli.serve.Wire.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that are slow, half there, or gone. Every one of them is a real connection.
class ServeWireTest {
    private static final ServeLimits SHORT = new ServeLimits(64, 256, 1L << 20, 4L << 20, Duration.ofMillis(700),
            Duration.ofMillis(900),
            Duration.ofMillis(1_500), Duration.ofMillis(800), Duration.ofSeconds(2), Duration.ofMillis(500));

    private final SpellingModel model = new SpellingModel();
    private OpenAiServer server = OpenAiServer.start(model, ServeOptions.of(0).withLimits(SHORT).withSeeds(() -> 42));
    private Wire wire = Wire.to(server);

    @AfterEach
    void close() {
        model.gate.release(1_000_000);
        server.close();
    }

    private static String words(int count) {
        return "word ".repeat(count).strip();
    }

    private void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            Thread.sleep(10);
        }
    }

    /// Each word is seen before the next is written, so nothing waits for the end.
    @Test
    void aStreamBringsEveryPieceWhenItIsWritten() throws Exception {
        model.gated = true;
        try (Socket socket = wire.socket(Wire.raw(body("a b c", "\"stream\": true, \"temperature\": 0")))) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.UTF_8));
            for (String word : new String[] {"a", " b", " c"}) {
                model.gate.release();
                String line;
                do {
                    line = lines.readLine();
                } while (!line.startsWith("data: {") || MAPPER.readTree(line.substring(6))
                        .at("/choices/0/delta/content").asText().isEmpty());
                assertEquals(word, MAPPER.readTree(line.substring(6)).at("/choices/0/delta/content").asText());
            }
        }
    }

    /// All answers of one request grow at once, and so do those of others.
    @Test
    void severalStreamsGrowSideBySide() throws Exception {
        model.pauseMillis = 5;
        List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            streams.add(wire.later(body(words(20), "\"stream\": true, \"temperature\": 0, \"n\": 2")));
        }
        for (CompletableFuture<HttpResponse<String>> one : streams) {
            List<String> events = Wire.events(one.get().body());
            List<Integer> order = new ArrayList<>();
            for (String event : events.subList(0, events.size() - 1)) {
                order.add(MAPPER.readTree(event).at("/choices/0/index").asInt());
            }
            assertTrue(order.indexOf(1) < order.lastIndexOf(0) && order.indexOf(0) < order.lastIndexOf(1),
                    order.toString());
            for (int choice = 0; choice < 2; choice++) {
                assertEquals(words(20), String.join("", Wire.pieces(events, choice)));
                assertTrue(Wire.pieces(events, choice).size() > 3);
            }
        }
        assertEquals(8, model.units.stream().mapToInt(Integer::intValue).max().orElseThrow());
    }

    @Test
    void aClientThatHangsUpFreesItsRowsWhetherItReadsAlongOrNot() throws Exception {
        for (String more : new String[] {"\"n\": 8, \"temperature\": 0",
                "\"n\": 8, \"stream\": true, \"temperature\": 0"}) {
            model.pauseMillis = 20;
            try (Socket gone = wire.socket(Wire.raw(body(words(60), more)))) {
                until("it is written", () -> !model.units.isEmpty() && model.units.getLast() == 8);
            }
            until("the request is over", () -> server.underWay() == 0);
            assertEquals("a", content(wire.chat(body("a", "\"temperature\": 0"), 200), 0));
            assertTrue(model.units.size() < 40, "sixty words were not written to the end: " + model.units.size());
            assertEquals(1, model.units.getLast(), "and the next answer is alone");
            model.units.clear();
        }
    }

    @Test
    void aClientThatHangsUpWhileItWaitsIsNeverBegun() throws Exception {
        model.gated = true;
        CompletableFuture<HttpResponse<String>> first = wire.later(body(words(2), "\"n\": 8, \"temperature\": 0"));
        until("it is under way", () -> server.underWay() == 1);
        Thread.sleep(100);
        try (Socket gone = wire.socket(Wire.raw(body("never", "\"n\": 64")))) {
            until("it waits", () -> server.underWay() == 2);
        }
        until("it is forgotten", () -> server.underWay() == 1);
        model.gate.release(1_000);
        assertEquals(200, first.get().statusCode());
        assertEquals("b", content(wire.chat(body("b", "\"temperature\": 0"), 200), 0));
        assertTrue(model.units.size() < 10, model.units.toString());
    }

    /// They do not read a byte of a long stream; the model writes on, and so do others' answers. The server of this test
    /// waits an hour for them, so that the answer of another cannot be what their end let through.
    @Test
    void aSlowReaderHoldsNobody() throws Exception {
        server.close();
        Duration hour = Duration.ofHours(1);
        server = OpenAiServer.start(model, ServeOptions.of(0).withSeeds(() -> 42).withLimits(new ServeLimits(64, 256,
                1L << 20, 4L << 20, hour, hour, hour, hour, hour, Duration.ofMillis(500))));
        wire = Wire.to(server);
        List<Socket> slow = slowReaders();
        assertEquals("a b", content(wire.chat(body("a b", "\"temperature\": 0"), 200), 0));
        assertEquals(slow.size(), server.underWay(), "they are still being written to");
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    void aSlowReaderIsHungUpOnInTheEnd() throws Exception {
        List<Socket> slow = slowReaders();
        until("they are hung up on", () -> server.underWay() == 0);
        for (Socket socket : slow) {
            socket.close();
        }
    }

    private List<Socket> slowReaders() throws Exception {
        String endless = ("x".repeat(4_000) + " ").repeat(60).strip();
        List<Socket> slow = new ArrayList<>();
        model.pauseMillis = 2;
        for (int i = 0; i < 4; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            socket.getOutputStream().write(Wire.raw(body(endless, "\"stream\": true, \"temperature\": 0, \"n\": 16"))
                    .getBytes(StandardCharsets.UTF_8));
            slow.add(socket);
        }
        until("they are written", () -> !model.units.isEmpty());
        return slow;
    }

    @Test
    void halfARequestIsHungUpOnAndAByteNowAndThenDoesNotHelp() throws Exception {
        String head = Wire.head(CHAT, 100);
        try (Socket silent = wire.socket(head.substring(0, 30)); Socket dripping = wire.socket(""); Socket idle =
                wire.socket("")) {
            Thread drip = Thread.ofVirtual().start(() -> {
                try {
                    for (char one : head.substring(0, head.length() - 4).toCharArray()) {
                        dripping.getOutputStream().write(one);
                        Thread.sleep(100);
                    }
                } catch (Exception hungUp) {
                    Thread.currentThread().interrupt();
                }
            });
            until("they are here", () -> server.connections() == 3);
            assertEquals(200, wire.send(wire.post(CHAT, body("a", ""))).statusCode(), "others are answered meanwhile");
            assertEquals(-1, silent.getInputStream().read());
            drip.join();
            until("all are gone", () -> server.connections() == 0);
        }
    }

    @Test
    void aBodyThatDoesNotComeIsAnsweredAndHungUpOn() throws Exception {
        try (Socket half = wire.socket(Wire.head(CHAT, 100) + "{\"messages\"")) {
            String said = Wire.rest(half);
            assertTrue(said.startsWith("HTTP/1.1 408"), said);
            assertTrue(said.contains("the body took more than 0 seconds to come"), said);
        }
        until("it is gone", () -> server.underWay() == 0 && server.connections() == 0);
    }

    @Test
    void aBodyThatIsTooLargeIsAnsweredInJsonHoweverItComes() throws Exception {
        String large = body("a".repeat(2 << 20), "");
        String expected = "the body: at most 1,048,576 bytes; got more; send fewer or shorter messages";
        assertEquals(expected, wire.chat(large, 413).at("/error/message").asText());
        StringBuilder chunked = new StringBuilder(Wire.head(CHAT, 0)
                .replace("Content-Length: 0", "Transfer-Encoding: chunked"));
        for (int i = 0; i < 24; i++) {
            chunked.append("10000\r\n").append("a".repeat(0x10000)).append("\r\n");
        }
        try (Socket socket = wire.socket(chunked + "0\r\n\r\n")) {
            socket.shutdownOutput();
            String said = Wire.rest(socket);
            assertTrue(said.contains("413") && said.contains(expected), said);
        }
    }

    /// Four of a megabyte are all there is room for; the next is told to come again, and can once they are gone.
    @Test
    void allBodiesTogetherAreBounded() throws Exception {
        model.gated = true;
        String large = body("a".repeat((1 << 20) - 100), "");
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(wire.later(large));
        }
        until("they are held", () -> server.underWay() == 4);
        Thread.sleep(200);
        assertEquals("the requests of all clients together are too large for the memory now; try again later or "
                + "send less",
                wire.chat(large, 429).at("/error/message").asText());
        model.gate.release(1_000_000);
        for (CompletableFuture<HttpResponse<String>> one : held) {
            assertEquals(200, one.get().statusCode());
        }
        assertEquals(200, wire.send(wire.post(CHAT, large)).statusCode());
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUpAndSaid() throws Exception {
        model.gated = true;
        JsonNode late = wire.chat(body("a", ""), 504);
        assertEquals("the answer took more than 2 seconds; ask for fewer tokens, or start the server with a "
                + "longer --timeout",
                late.at("/error/message").asText());
        model.gated = false;
        model.gate.release(10);
        assertEquals("b", content(wire.chat(body("b", "\"temperature\": 0"), 200), 0));
        assertTrue(model.units.size() < 6, "nobody waits for the first one any more: " + model.units);
    }

    @Test
    void requestsThatComeBeforeTheirTimeAreAnsweredInTheirOrder() throws Exception {
        model.pauseMillis = 50;
        try (Socket socket = wire.socket(Wire.raw(body("first", "\"temperature\": 0")))) {
            until("it is under way", () -> server.underWay() == 1);
            Thread.sleep(120);
            socket.getOutputStream().write((Wire.raw(body("second", "\"temperature\": 0"))
                    + Wire.raw(body("third", "\"temperature\": 0")).replace("Host:", "Connection: close\r\nHost:"))
                    .getBytes(StandardCharsets.UTF_8));
            String said = Wire.rest(socket);
            int first = said.indexOf("\"first\"");
            int second = said.indexOf("\"second\"");
            assertTrue(first > 0 && second > first && said.indexOf("\"third\"") > second, said);
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAndThoseWithinAreAnswered() throws Exception {
        List<Socket> many = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            many.add(new Socket("127.0.0.1", server.port()));
        }
        until("no more than allowed", () -> server.connections() <= 64);
        for (Socket socket : many) {
            socket.close();
        }
        until("they are gone", () -> server.connections() == 0);
        assertEquals(200, wire.send(wire.post(CHAT, body("a", ""))).statusCode());
    }

    /// One client wants a hundred answers; a second wants one and does not wait for the hundred.
    @Test
    void whoWantsLittleDoesNotWaitBehindWhoWantsMuch() throws Exception {
        model.pauseMillis = 2;
        CompletableFuture<HttpResponse<String>> much = wire.later(body(words(10), "\"n\": 100, \"temperature\": 0"));
        until("it is under way", () -> !model.units.isEmpty());
        int before = model.units.size();
        assertEquals(200, wire.send(wire.post(CHAT, body("a", ""))).statusCode());
        int steps = model.units.size() - before;
        assertTrue(steps < 50, "a hundred answers take some 140 steps, and one is there after " + steps);
        assertTrue(!much.isDone(), "the hundred are not done yet");
        assertEquals(200, much.get().statusCode());
    }

    /// What is being written is finished, what waits is told, and nobody new comes in.
    @Test
    void closingFinishesWhatIsBeingWrittenAndTellsWhoWaits() throws Exception {
        model.pauseMillis = 10;
        CompletableFuture<HttpResponse<String>> written = wire.later(body(words(20), "\"n\": 8, \"temperature\": 0"));
        until("it is under way", () -> !model.units.isEmpty() && model.units.getLast() == 8);
        CompletableFuture<HttpResponse<String>> waiting = wire.later(body("b", ""));
        until("it waits", () -> server.underWay() == 2);
        Thread.sleep(50);
        server.close();
        assertEquals(200, written.get().statusCode());
        assertEquals(words(20), content(MAPPER.readTree(written.get().body()), 7));
        assertEquals(503, waiting.get().statusCode());
        assertEquals(0, server.underWay());
    }

    @Test
    void aStreamThatIsCutByClosingEndsWithAnError() throws Exception {
        model.pauseMillis = 100;
        CompletableFuture<HttpResponse<String>> stream = wire.later(body(words(60),
                "\"stream\": true, \"temperature\": 0"));
        until("it is under way", () -> model.units.size() > 1);
        server.close();
        List<String> events = Wire.events(stream.get().body());
        assertEquals("the server is closing; ask again once it is back",
                MAPPER.readTree(events.getLast()).at("/error/message").asText());
        assertTrue(Wire.pieces(events, 0).size() > 1);
    }
}
