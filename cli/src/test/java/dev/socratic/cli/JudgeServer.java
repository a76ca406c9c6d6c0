package dev.socratic.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real server on loopback with contestants, a student and judges, each answer a function of what was asked, so that
/// every run that gets through has the same figures. It may turn requests away, and break down.
///
/// A judge writes garbage where it is asked first about every third prompt, and about every eleventh always; it prefers
/// the answer with the larger hash, but the one shown first about every fifth pair, whatever it is.
final class JudgeServer implements AutoCloseable {
    private static final Pattern QUOTED = Pattern.compile("(?s)<<<\\n(.*?)\\n>>>");

    private final HttpServer server;
    private final Set<String> turnedAway = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean storm;
    private volatile int until = Integer.MAX_VALUE;

    JudgeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /// @param on whether about every sixth request is turned away once before it is answered
    void storm(boolean on) {
        storm = on;
    }

    /// @param more answers that are still given; then everything is 503
    void breakAfter(int more) {
        until = more == Integer.MAX_VALUE ? more : answered.get() + more;
    }

    int answered() {
        return answered.get();
    }

    int refused() {
        return refused.get();
    }

    String address() {
        return "http://127.0.0.1:%s/v1".formatted(server.getAddress().getPort());
    }

    String endpoint(String model) {
        return ("{endpoint: {base_url: '%s', model: %s, concurrency: 4, retries: 2, price_in: 1, price_out: 2}}")
                .formatted(address(), model);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
            String content = Json.line(body.path("messages")) + body.path("model").asText();
            if (storm && hash(content) % 6 == 0 && turnedAway.add(content)) {
                refused.incrementAndGet();
                exchange.getResponseHeaders().add("retry-after-ms", "1");
                send(exchange, 429, "{\"error\": {\"message\": \"rate limit\"}}");
            } else if (answered.get() >= until) {
                refused.incrementAndGet();
                exchange.getResponseHeaders().add("retry-after-ms", "1");
                send(exchange, 503, "{\"error\": {\"message\": \"down\"}}");
            } else {
                answered.incrementAndGet();
                String text = said(body.path("model").asText(), body.path("messages"));
                send(exchange, 200, """
                        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
                         "message": {"role": "assistant", "content": %s}, "finish_reason": "stop"}],
                         "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}
                        """.formatted(Json.line(text)));
            }
        }
    }

    private static String said(String model, JsonNode messages) {
        String asked = messages.path(messages.size() - 1).path("content").asText();
        if (model.startsWith("judge")) {
            JsonNode first = messages.path(messages.path(0).path("role").asText().equals("system") ? 1 : 0);
            boolean again = asked.startsWith("Your reply could not be read");
            return verdict(model, first.path("content").asText(), again);
        }
        if (model.equals("tutor")) {
            return hash(asked) % 4 == 0 ? "It is 18." : "How many eggs does Janet sell?";
        }
        return model + " says " + "well, ".repeat((int) (hash(model + asked) % 7)) + hash(model + Json.line(messages));
    }

    private static String verdict(String model, String prompt, boolean again) {
        long hash = hash(model + prompt);
        if (hash % 11 == 0 || hash % 3 == 0 && !again) {
            return "I would rather not say, or perhaps [[D]].";
        }
        if (!prompt.contains("Answer B:")) {
            return "Rating: [[%s]]".formatted(1 + hash % 10);
        }
        Matcher quoted = QUOTED.matcher(prompt);
        String[] texts = quoted.results().map(found -> found.group(1)).toArray(String[]::new);
        boolean first = hash % 5 == 0 || hash(texts[1]) > hash(texts[2]);
        return hash % 13 == 1 ? "[[C]]" : first ? "It is [[A]]" : "It is [[B]]";
    }

    private static long hash(String text) {
        return Long.parseLong(Hashes.sha256(text).substring(0, 12), 16);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
