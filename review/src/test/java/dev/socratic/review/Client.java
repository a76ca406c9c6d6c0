package dev.socratic.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secret;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.server.ReviewOptions;
import dev.socratic.review.server.ReviewServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A server over a corpus, asked as a script asks it.
record Client(Corpus corpus, ReviewServer server, HttpClient http) implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";

    static Client open(Path... files) {
        Corpus corpus = Corpus.open(List.of(files), Clock.systemUTC());
        try {
            corpus.await(60_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Client(corpus, ReviewServer.start(corpus, new ReviewOptions("127.0.0.1", 0, Set.of(),
                Secret.fromEnvironment("token", Map.of("token", TOKEN)), "ana", Clock.systemUTC())),
                HttpClient.newHttpClient());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path.substring(1)));
    }

    JsonNode get(String path, String... parameters) {
        StringBuilder all = new StringBuilder(path);
        for (int i = 0; i < parameters.length; i += 2) {
            all.append(i == 0 ? '?' : '&').append(parameters[i]).append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return json(send(request(all.toString()).header("Authorization", "Bearer " + TOKEN)));
    }

    JsonNode post(String path, Map<String, Object> body) {
        return json(send(request(path).header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(body)))));
    }

    static JsonNode json(HttpResponse<String> response) {
        JsonNode json = Json.read(response.body(), JsonNode.class, "answer");
        return json instanceof ObjectNode object && response.statusCode() != 200 ? object.put("http",
                response.statusCode())
                : json;
    }

    /// @return ids of the rows a query finds
    List<String> ids(String q) {
        JsonNode found = get("/api/rows", "q", q, "size", "500");
        return found.path("rows").valueStream().map(row -> row.path("id").asText()).toList();
    }

    @Override
    public void close() {
        server.close();
        corpus.close();
    }
}
