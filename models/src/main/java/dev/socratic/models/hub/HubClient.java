package dev.socratic.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secret;
import dev.socratic.core.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// Speaks with a hub: who may see the token, where redirects may lead, and what an answer's status means.
final class HubClient implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final long LONGEST_LISTING = 64 << 20;
    private static final long LONGEST_REASON = 300;

    private final HubOptions options;
    private final OkHttpClient http;

    HubClient(HubOptions options) {
        this.options = options;
        // Redirects are followed here, one by one: each is asked whether it may have the token.
        this.http = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(options.timeout())
                .readTimeout(options.timeout())
                .build();
    }

    /// A status that may be another one next time.
    static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;
        private final Duration wait;

        Busy(String message, Duration wait) {
            super(message);
            this.wait = wait;
        }

        /// @return what the server asks for; zero if it does not say
        Duration wanted() {
            return wait;
        }
    }

    /// @throws DataException if there is no such model or revision, or it is not for this user
    Listing listing(RepoId repo) throws IOException {
        HttpUrl url = options.endpoint().newBuilder().addPathSegments("api/models/" + repo.name() + "/revision")
                .addPathSegment(repo.revision())
                .addQueryParameter("blobs", "true").build();
        try (Response answer = get(url, 0, repo)) {
            byte[] body = answer.body().byteStream().readNBytes((int) LONGEST_LISTING + 1);
            if (body.length > LONGEST_LISTING) {
                throw new DataException(url.toString(), "a listing of at most %s bytes".formatted(LONGEST_LISTING),
                        "more", "do not trust this hub");
            }
            return Listing.of(Json.read(new String(body, StandardCharsets.UTF_8), JsonNode.class, url.toString()),
                    url.toString());
        }
    }

    HttpUrl address(RepoId repo, String commit, String path) {
        return options.endpoint().newBuilder().addPathSegments(repo.name() + "/resolve/" + commit).addPathSegments(path)
                .build();
    }

    /// What the hub's own host says of a file, without asking whoever keeps the bytes.
    Response head(HttpUrl url, RepoId repo) throws IOException {
        HttpUrl at = url;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Response answer = http.newCall(request(at, 0).head().build()).execute();
            Optional<HttpUrl> next = next(answer, at);
            if (next.isEmpty() || !own(next.get())) {
                return answer.isSuccessful() || next.isPresent() ? answer : refuse(answer, repo);
            }
            answer.close();
            at = next.get();
        }
        throw tooMany(url);
    }

    /// @param from first byte wanted
    /// @return an answer of status 200 or 206, or 416; closed by the caller
    Response get(HttpUrl url, long from, RepoId repo) throws IOException {
        HttpUrl at = url;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Response answer = http.newCall(request(at, from).build()).execute();
            Optional<HttpUrl> next = next(answer, at);
            if (next.isEmpty()) {
                return answer.isSuccessful() || answer.code() == 416 && from > 0 ? answer : refuse(answer, repo);
            }
            answer.close();
            at = next.get();
        }
        throw tooMany(url);
    }

    private Request.Builder request(HttpUrl url, long from) {
        Request.Builder request = new Request.Builder().url(url).header("User-Agent", "socratic")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (own(url)) {
            options.token().map(Secret::reveal).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request;
    }

    private boolean own(HttpUrl url) {
        HttpUrl hub = options.endpoint();
        return url.scheme().equals(hub.scheme()) && url.host().equals(hub.host()) && url.port() == hub.port();
    }

    private static Optional<HttpUrl> next(Response answer, HttpUrl at) {
        String location = answer.header("Location");
        if (answer.code() < 300 || answer.code() > 399 || location == null) {
            return Optional.empty();
        }
        HttpUrl next = at.resolve(location);
        if (next == null || at.isHttps() && !next.isHttps()) {
            answer.close();
            throw new DataException(at.toString(), "a redirect to another https address", "one to something else",
                    "do not trust this hub");
        }
        return Optional.of(next);
    }

    private Response refuse(Response answer, RepoId repo) throws IOException {
        int code = answer.code();
        String reason = reason(answer);
        answer.close();
        if (code == 408 || code == 429 || code >= 500) {
            throw new Busy("status %s%s".formatted(code, reason), wait(answer.header("Retry-After", "")));
        }
        throw failure(answer, code, reason, repo);
    }

    private SocraticException failure(Response answer, int code, String reason, RepoId repo) {
        String place = options.endpoint().resolve(repo.name()) + "";
        return switch (answer.header("X-Error-Code", "")) {
            case "GatedRepo" -> new DataException(place, "a model this token may fetch", "'gated'",
                    "accept its licence on that page, and set HF_TOKEN to a token of that user");
            case "RevisionNotFound" ->
                    new DataException(place, "a revision '%s'".formatted(repo.revision()), "none",
                            "look at the branches and tags on that page");
            case "EntryNotFound" ->
                    new DataException(answer.request().url().toString(), "a file the listing promised", "none",
                            "run the command again");
            default -> code == 401 || code == 403 || code == 404
                    ? new DataException(place, "a model",
                            "status %s: none there, or none this user may see".formatted(code),
                            options.token().isPresent()
                                    ? "check the name, and what HF_TOKEN may read"
                                    : "check the name, and set HF_TOKEN if it is private")
                    : new DataException(answer.request().url().toString(), "a file",
                            "status %s%s".formatted(code, reason), "check HF_ENDPOINT");
        };
    }

    private String reason(Response answer) throws IOException {
        String text = answer.header("X-Error-Message", "");
        if (text.isEmpty()) {
            text = new String(answer.body().byteStream().readNBytes((int) LONGEST_REASON), StandardCharsets.UTF_8);
        }
        String line = FirstLine.of(new Secrets(options.token().stream().toList()).redact(text))
                .replaceAll("\\p{Cntrl}", "?");
        return line.isBlank() || line.startsWith("<") ? "" : " '" + line + "'";
    }

    private static Duration wait(String header) {
        return header.matches("[0-9]{1,4}") ? Duration.ofSeconds(Long.parseLong(header)) : Duration.ZERO;
    }

    private static DataException tooMany(HttpUrl url) {
        return new DataException(url.toString(), "a file", "more than %s redirects".formatted(MOST_REDIRECTS),
                "check HF_ENDPOINT");
    }

    /// @return what to throw when a hub stays out of reach
    RetryLaterException unreachable(String place, IOException last) {
        String why = FirstLine.of(last);
        return new RetryLaterException(place, "an answer", "%s, %s times".formatted(why, options.attempts()),
                "run the same command again: it goes on where it stopped; or set HF_HUB_OFFLINE=1 to use what is there",
                last);
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
