package dev.socratic.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Asks a server, properly or over a bare socket.
record Wire(int port) {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final String CHAT = "/v1/chat/completions";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static Wire to(OpenAiServer server) {
        return new Wire(server.port());
    }

    /// @param more further fields, `"n": 2`; may be empty
    static String body(String asked, String more) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]%s}".formatted(asked, more.isEmpty() ? ""
                : ", " + more);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    HttpRequest post(String path, String body) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> later(String body) {
        return CLIENT.sendAsync(post(CHAT, body), BodyHandlers.ofString());
    }

    JsonNode chat(String body, int status) throws Exception {
        return post(CHAT, body, status);
    }

    JsonNode post(String path, String body, int status) throws Exception {
        return json(send(post(path, body)), status);
    }

    JsonNode get(String path, int status) throws Exception {
        return json(send(request(path).build()), status);
    }

    static JsonNode json(HttpResponse<String> response, int status) throws IOException {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""), response.body());
        return MAPPER.readTree(response.body());
    }

    void refused(String body, String message) throws Exception {
        assertEquals(message, chat(body, 400).at("/error/message").asText());
    }

    static String content(JsonNode reply, int choice) {
        return reply.at("/choices/%s/message/content".formatted(choice)).asText();
    }

    /// @return the data of each event
    List<String> stream(String body) throws Exception {
        HttpResponse<String> response = send(post(CHAT, body));
        assertEquals(200, response.statusCode(), response.body());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
        return events(response.body());
    }

    /// Every event is one line of data and an empty line.
    static List<String> events(String body) {
        List<String> events = new ArrayList<>();
        for (String event : body.split("\n\n")) {
            assertTrue(event.startsWith("data: ") && !event.contains("\n"), "no event: '" + event + "'");
            events.add(event.substring(6));
        }
        return events;
    }

    static List<String> pieces(List<String> events, int choice) {
        List<String> pieces = new ArrayList<>();
        try {
            for (String event : events) {
                for (JsonNode one : event.startsWith("{") ? MAPPER.readTree(event).path("choices")
                        : MAPPER.createArrayNode()) {
                    String piece = one.at("/delta/content").asText("");
                    if (one.path("index").asInt() == choice && !piece.isEmpty()) {
                        pieces.add(piece);
                    }
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return pieces;
    }

    /// Sends bytes as they are and leaves the rest to the test.
    Socket socket(String bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    static String head(String path, int length) {
        return ("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + "%s\r\n\r\n").formatted(path, length);
    }

    static String raw(String body) {
        return head(CHAT, body.getBytes(StandardCharsets.UTF_8).length) + body;
    }

    /// @return all that comes until the connection ends
    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
