package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A real server on loopback that adds two numbers, may misbehave, and remembers what it would bill: one dollar an
/// answer at the price of [#config].
public final class Endpoint implements AutoCloseable {
    static final int TOKENS = 10;
    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    private final HttpServer server;
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<JsonNode> bodies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> billed = new ConcurrentLinkedQueue<>();
    private volatile Function<String, Integer> status = question -> 200;
    private volatile Optional<String> unknown = Optional.empty();

    public Endpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /// @param of the status of the answer to a question
    public void statuses(Function<String, Integer> of) {
        status = of;
    }

    /// @return questions that arrived, in their order
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /// @return requests that arrived, in their order
    public List<JsonNode> bodies() {
        return List.copyOf(bodies);
    }

    /// @param field refused by its name from now on
    public void refuse(String field) {
        unknown = Optional.of(field);
    }

    public void forget() {
        asked.clear();
        bodies.clear();
    }

    /// @return dollars that an honest biller would have charged
    public double billed() {
        return billed.size();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// @param more further keys of the endpoint, each with a comma before it
    public String config(String more) {
        return ("endpoint: {base_url: \"%s\", model: adder, concurrency: 4, retries: 0, price_out: 100000%s}")
                .formatted(address(), more);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
            String question = body.path("messages").path(body.path("messages").size() - 1).path("content").asText();
            Optional<String> refused = unknown.filter(body::has);
            int code;
            synchronized (this) { // what a status says of how many have asked is so for one request at a time
                bodies.add(body);
                asked.add(question);
                code = refused.isPresent() ? 400 : status.apply(question);
            }
            Matcher sum = SUM.matcher(question);
            String answer = sum.find()
                    ? "The answer is " + (Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2)))
                    : "I do not know.";
            int n = body.path("n").asInt(1);
            String choices = IntStream.range(0, n).mapToObj(i -> """
                    {"index": %s, "message": {"role": "assistant", "content": %s}, "finish_reason": "stop"}"""
                    .formatted(i, Json.line(answer))).collect(Collectors.joining(", "));
            String reply = """
                    {"id": "1", "object": "chat.completion", "created": 1, "model": "adder", "choices": [%s],
                     "usage": {"prompt_tokens": 10, "completion_tokens": %s, "total_tokens": %s}}
                    """.formatted(choices, n * TOKENS, 10 + n * TOKENS);
            if (code == 200) {
                billed.addAll(Collections.nCopies(n, question));
            }
            String error = refused.map("Unknown parameter: '%s'"::formatted).orElse("not now");
            String sent = code == 200 ? reply : "{\"error\": {\"message\": %s}}".formatted(Json.line(error));
            byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
