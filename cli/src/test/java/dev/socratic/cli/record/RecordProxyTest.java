package dev.socratic.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.access.Listener;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secret;
import dev.socratic.generator.traffic.CallEnd;
import dev.socratic.generator.traffic.CapturedCall;
import dev.socratic.generator.traffic.RecordedTraffic;
import dev.socratic.generator.traffic.TrafficJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordProxyTest {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String KEY = "sk-proj-Abc/12+defGHI345jkl";
    private static final String ASKED = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}]}";
    private static final String ANSWER = "{\"id\":\"chatcmpl-7\",\"model\":\"m-1\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"4\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}";

    @TempDir
    Path folder;

    /// A recorder in front of an endpoint, and its folder.
    private final class Running implements AutoCloseable {
        private final TrafficJournal journal = TrafficJournal.open(folder);
        private final RecordProxy proxy;

        Running(String to, UnaryOperator<RecordOptions> further) {
            proxy = RecordProxy.start(further.apply(RecordOptions.to(URI.create(to))), journal,
                    Listener.open("127.0.0.1", 0));
        }

        Running(RawEndpoint to) {
            this(to.address(), options -> options);
        }

        HttpRequest.Builder chat(String body) {
            return HttpRequest.newBuilder(URI.create(proxy.address() + "/chat/completions"))
                    .header("Content-Type", "application/json").header("Authorization", "Bearer " + KEY)
                    .POST(BodyPublishers.ofString(body));
        }

        @Override
        public void close() {
            proxy.close();
            journal.close();
        }
    }

    private List<CapturedCall> calls() {
        List<CapturedCall> calls = new ArrayList<>();
        new RecordedTraffic(folder).each(calls::add);
        return calls;
    }

    private String onDisk() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void aCallIsPassedOnAndRecordedWithWhatIsSaidOfIt() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.json(ANSWER); Running running = new Running(endpoint)) {
            HttpResponse<String> response = CLIENT.send(running.chat(ASKED)
                    .header("x-socratic-meta-task", "sums").build(), BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals(ANSWER, response.body());
            String id = response.headers().firstValue("x-socratic-call").orElseThrow();
            HttpRequest feedback = HttpRequest.newBuilder(URI.create(running.proxy.address().replace("/v1",
                    "/feedback"))).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"id\":\"chatcmpl-7\",\"score\":1,\"label\":\"good\"}")).build();
            assertEquals(200, CLIENT.send(feedback, BodyHandlers.ofString()).statusCode());
            CapturedCall call = calls().getFirst();
            assertEquals(id, call.id());
            assertEquals("m-1", call.model());
            assertEquals(Map.of("task", "sums"), call.metadata());
            assertEquals(Json.mapper().readTree(ASKED), call.request());
            assertEquals("good", call.feedback().getFirst().path("label").asText());
            assertEquals(CallEnd.WHOLE, call.end());
            assertEquals("Bearer " + KEY, endpoint.asked.getFirst().header("authorization"));
            assertEquals("POST /v1/chat/completions HTTP/1.1", endpoint.asked.getFirst().head().getFirst());
        }
    }

    @Test
    void aStreamComesByteForByteAndPieceByPiece() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        String first = ": a comment\n\ndata: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + "{\"role\":\"assistant\",\"content\":\"fo\"}}]}\n\n";
        String rest = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ur\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"
                + "data: [DONE]\n\n";
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> {
            RawEndpoint.write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + first);
            assertTrue(seen.await(20, TimeUnit.SECONDS), "the first event was held back");
            RawEndpoint.write(out, rest);
        }); Running running = new Running(endpoint)) {
            HttpResponse<InputStream> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofInputStream());
            byte[] begin = response.body().readNBytes(first.length());
            seen.countDown();
            assertEquals(first, new String(begin, StandardCharsets.UTF_8));
            assertEquals(rest, new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("four", calls().getFirst().answer().at("/choices/0/message/content").asText());
    }

    @Test
    void aStreamThatIsCutIsCutForTheClientTooAndIsNoWholeCall() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> RawEndpoint.write(out,
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n"));
                Running running = new Running(endpoint)) {
            HttpResponse<InputStream> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofInputStream());
            assertThrows(IOException.class, () -> response.body().readAllBytes());
        }
        assertEquals(CallEnd.CUT, calls().getFirst().end());
    }

    @Test
    void keysReachTheEndpointAndNoFile() throws Exception {
        String echo = "{\"error\":{\"message\":\"Incorrect API key provided: %s or %s\"}}".formatted(KEY,
                KEY.replace("/", "\\/"));
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> RawEndpoint.send(out, "401 No", echo));
                Running running = new Running(endpoint)) {
            HttpRequest request = running.chat(ASKED).uri(URI.create(running.proxy.address()
                    + "/chat/completions?api-version=1&key=AIzaSecret0123456789"))
                    .header("x-api-key", "another-secret-0815").header("Cookie", "session=crumbs-4711-4711").build();
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            assertEquals(401, response.statusCode());
            assertEquals(echo, response.body());
            assertTrue(endpoint.asked.getFirst().head().getFirst().contains("key=AIzaSecret0123456789"));
        }
        String disk = onDisk();
        assertTrue(disk.contains("Incorrect API key provided: *** or ***"), disk);
        for (String secret : List.of(KEY, "Abc", "another-secret", "crumbs", "AIzaSecret")) {
            assertFalse(disk.contains(secret), secret);
        }
    }

    @Test
    void headersOfAConnectionStayOnIt() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> RawEndpoint.write(out, ("HTTP/1.1 200 OK\r\n"
                + "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nX-End: 2\r\nSet-Cookie: a=1\r\n"
                + "Set-Cookie: b=2\r\nContent-Length: 2\r\n\r\n{}"))); Running running = new Running(endpoint)) {
            try (Socket socket = new Socket("127.0.0.1", running.proxy.port())) {
                OutputStream out = socket.getOutputStream();
                RawEndpoint.write(out, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, X-Mine\r\n"
                        + "X-Mine: 1\r\nTE: trailers\r\nX-Stays: 3\r\nx-socratic-meta-run: 9\r\nContent-Length: 2\r\n\r\n{}");
                String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(reply.contains("X-End: 2") || reply.contains("x-end: 2"), reply);
                assertTrue(reply.toLowerCase(Locale.ROOT).contains("set-cookie: a=1\r\nset-cookie: b=2"), reply);
                assertFalse(reply.toLowerCase(Locale.ROOT).contains("x-hop"), reply);
                assertFalse(reply.toLowerCase(Locale.ROOT).contains("keep-alive"), reply);
            }
            RawEndpoint.Asked asked = endpoint.asked.getFirst();
            assertEquals("3", asked.header("x-stays"));
            for (String gone : List.of("x-mine", "te", "x-socratic-meta-run")) {
                assertEquals("", asked.header(gone), gone);
            }
        }
    }

    @Test
    void aRecorderInFrontOfItselfIsRefused() throws Exception {
        int port;
        try (ServerSocketChannel listener = Listener.open("127.0.0.1", 0);
                TrafficJournal journal = TrafficJournal.open(folder)) {
            port = listener.socket().getLocalPort();
            ConfigException refused = assertThrows(ConfigException.class, () -> RecordProxy.start(RecordOptions.to(
                    URI.create("http://localhost:%s/v1".formatted(port))), journal, listener));
            assertEquals(("--to: the address of an endpoint; got 'http://localhost:%s/v1', where this recorder "
                    + "itself listens; name the endpoint, or another --port").formatted(port), refused.getMessage());
        }
    }

    @Test
    void aLoopByWayOfAnotherIsSeenWhenItHappens() throws Exception {
        List<String> back = new ArrayList<>();
        try (RawEndpoint between = RawEndpoint.answering((asked, out) -> {
            HttpResponse<String> again = CLIENT.send(HttpRequest.newBuilder(URI.create(back.getFirst()
                    + "/chat/completions")).header(PassedHeaders.VIA, asked.header(PassedHeaders.VIA))
                    .POST(BodyPublishers.ofByteArray(asked.body())).build(), BodyHandlers.ofString());
            RawEndpoint.send(out, again.statusCode() + " Loop", again.body());
        }); Running running = new Running(between)) {
            back.add(running.proxy.address());
            HttpResponse<String> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofString());
            assertEquals(508, response.statusCode());
            assertTrue(response.body().contains("proxy_loop"), response.body());
        }
    }

    @Test
    void anEndpointThatIsNotThereOrSpeaksNoHttpIsToldAndRecorded() throws Exception {
        try (Running running = new Running("http://127.0.0.1:9/v1", options -> options)) {
            HttpResponse<String> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofString());
            assertEquals(502, response.statusCode());
            assertTrue(response.body().contains("endpoint_unreachable"), response.body());
        }
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> RawEndpoint.write(out, "hello?\r\n\r\n"));
                Running running = new Running(endpoint)) {
            assertEquals(502, CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofString()).statusCode());
        }
        assertEquals(List.of(CallEnd.UNREACHABLE, CallEnd.UNREACHABLE), calls().stream().map(CapturedCall::end)
                .toList());
    }

    @Test
    void anEndpointThatFallsSilentIsGivenUp() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> {
            RawEndpoint.write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: {");
            Thread.sleep(20_000);
        }); Running running = new Running(endpoint.address(), options -> options.withSilence(Duration.ofMillis(300)))) {
            HttpResponse<InputStream> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofInputStream());
            assertThrows(IOException.class, () -> response.body().readAllBytes());
        }
        assertEquals(CallEnd.LATE, calls().getFirst().end());
    }

    @Test
    void aClientThatLeavesLeavesTheEndpointToo() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> {
            RawEndpoint.write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: {}\n\n");
            begun.countDown();
            if (asked.socket().getInputStream().read() < 0) {
                left.countDown();
            }
        }); Running running = new Running(endpoint)) {
            HttpResponse<InputStream> response = CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofInputStream());
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            assertEquals('d', response.body().read());
            response.body().close();
            assertTrue(left.await(20, TimeUnit.SECONDS), "the endpoint goes on writing for nobody");
        }
        assertEquals(CallEnd.CLIENT_LEFT, calls().getFirst().end());
    }

    @Test
    void whatIsPackedIsPassedPackedAndRecordedPlain() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(ANSWER.getBytes(StandardCharsets.UTF_8));
        }
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> {
            RawEndpoint.write(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %s\r\n\r\n"
                    .formatted(packed.size()));
            out.write(packed.toByteArray());
        }); Running running = new Running(endpoint)) {
            HttpResponse<byte[]> response = CLIENT.send(running.chat(ASKED).header("Accept-Encoding", "br, gzip")
                    .build(), BodyHandlers.ofByteArray());
            assertEquals("gzip", endpoint.asked.getFirst().header("accept-encoding"));
            assertEquals(packed.size(), response.body().length);
        }
        assertEquals("4", calls().getFirst().answer().at("/choices/0/message/content").asText());
    }

    @Test
    void sixteenMegabytesGoThrough() throws Exception {
        String long16 = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("x".repeat(
                16 << 20));
        try (RawEndpoint endpoint = RawEndpoint.json(ANSWER); Running running = new Running(endpoint)) {
            assertEquals(200, CLIENT.send(running.chat(long16).build(), BodyHandlers.ofString()).statusCode());
            assertEquals(long16.length(), endpoint.asked.getFirst().body().length);
        }
        assertEquals(16 << 20, calls().getFirst().request().at("/messages/0/content").asText().length());
    }

    @Test
    void sixtyFourClientsAtOnceAreEachAnsweredWithTheirOwn() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> RawEndpoint.send(out, "200 OK",
                ANSWER.replace("\"4\"", "\"" + new String(asked.body(), StandardCharsets.UTF_8).replaceAll(
                ".*<(\\d+)>.*", "$1") + "\""))); Running running = new Running(endpoint)) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                all.add(CLIENT.sendAsync(running.chat(ASKED.replace("2+2?", "<" + i + ">")).build(),
                        BodyHandlers.ofString()));
            }
            for (int i = 0; i < all.size(); i++) {
                JsonNode answer = Json.mapper().readTree(all.get(i).get(60, TimeUnit.SECONDS).body());
                assertEquals("" + i, answer.at("/choices/0/message/content").asText());
            }
        }
        List<CapturedCall> calls = calls();
        assertEquals(256, calls.size());
        calls.forEach(call -> assertEquals("<" + call.answer().at("/choices/0/message/content").asText() + ">",
                call.request().at("/messages/0/content").asText()));
    }

    @Test
    void theRecordersOwnKeyTakesThePlaceOfTheClients() throws Exception {
        Secret own = Secret.fromEnvironment("K", Map.of("K", "own-key-0123456789"));
        try (RawEndpoint endpoint = RawEndpoint.json(ANSWER);
                Running running = new Running(endpoint.address(), options -> options.withKey(own))) {
            CLIENT.send(running.chat(ASKED).build(), BodyHandlers.ofString());
            assertEquals(List.of("Authorization: Bearer own-key-0123456789"), endpoint.asked.getFirst().head().stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization")).toList());
        }
        assertFalse(onDisk().contains("own-key"));
    }

    @Test
    void othersAddressesArePassedOnAndNotRecorded() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.json("{\"data\":[]}"); Running running = new Running(endpoint)) {
            HttpResponse<String> models = CLIENT.send(HttpRequest.newBuilder(URI.create(running.proxy.address()
                    + "/models")).build(), BodyHandlers.ofString());
            assertEquals("{\"data\":[]}", models.body());
            HttpResponse<String> other = CLIENT.send(HttpRequest.newBuilder(URI.create(running.proxy.address()
                    .replace("/v1", "/v2/models"))).build(), BodyHandlers.ofString());
            assertEquals(404, other.statusCode());
        }
        assertEquals(List.of(), calls());
    }
}
