package dev.socratic.cli.record;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.serve.ServedRequest;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.secret.Secrets;
import dev.socratic.generator.traffic.CallEnd;
import dev.socratic.generator.traffic.TrafficJournal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One call: put on record, handed to the endpoint, its answer to the client as it comes, and put on record again.
/// Used by one thread; [#look] and [#leave] are called from outside.
final class PassOn {
    private static final int PART = 1 << 13;
    private static final String JSON = "application/json";

    private final RecordOptions options;
    private final ServedRequest client;
    private final HttpClient endpoint;
    private final String id;
    private final PassedHeaders headers;
    private final Secrets secrets;
    private final KeptBody kept;
    private final AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
    private final long started = System.nanoTime();
    private volatile long heard = System.nanoTime();
    private volatile boolean late;
    private volatile boolean left;
    private boolean recorded;
    private long first = -1;
    private long passed;

    PassOn(RecordOptions options, ServedRequest client, HttpClient endpoint, String id) {
        this.options = options;
        this.client = client;
        this.endpoint = endpoint;
        this.id = id;
        this.headers = new PassedHeaders(client.headers());
        this.secrets = headers.secrets(client.query(), options.key().stream().toList());
        this.kept = new KeptBody(TrafficJournal.MOST_BODY / 4);
    }

    /// @param path    below the version
    /// @param journal where it is kept; empty for what is passed on alone
    /// @throws IOException if the client is gone
    void run(String path, byte[] body, Optional<TrafficJournal> journal, String via)
            throws IOException, InterruptedException {
        journal.ifPresent(record -> record.asked(id, options.clock().instant(), path, clean(headers.metadata(
                options.kept())), KeptBody.clean(body, headers.first("content-encoding"), secrets,
                TrafficJournal.MOST_BODY)));
        client.whenLost(this::leave);
        HttpRequest request = request(path, body, via);
        CompletableFuture<HttpResponse<InputStream>> coming = endpoint.sendAsync(request,
                HttpResponse.BodyHandlers.ofInputStream());
        stop.set(() -> coming.cancel(true));
        Outcome outcome = new Outcome(0, CallEnd.UNREACHABLE, "", Map.of(), "");
        try {
            outcome = answered(coming, journal);
        } finally {
            record(journal, outcome);
        }
        if (outcome.end != CallEnd.WHOLE && outcome.end != CallEnd.LONG && client.begun()) {
            client.cut(); // as the endpoint broke off, so does this
        }
    }

    /// Once, and before the client has the last byte: what somebody was answered is on record, whatever comes then.
    private void record(Optional<TrafficJournal> journal, Outcome ended) {
        if (!recorded) {
            recorded = true;
            journal.ifPresent(record -> record.answered(id, ended.status, ended.end, secrets.redact(ended.why), first,
                    ms(), passed, clean(ended.headers), kept.kept(ended.encoding, secrets)));
        }
    }

    private record Outcome(int status, CallEnd end, String why, Map<String, String> headers, String encoding) {}

    private Map<String, String> clean(Map<String, String> values) {
        Map<String, String> clean = new LinkedHashMap<>();
        values.forEach((name, value) -> clean.put(name, secrets.redact(value)));
        return clean;
    }

    private HttpRequest request(String path, byte[] body, String via) {
        String query = Stream.of(options.query(), client.query()).filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(options.to() + path + (query.isEmpty() ? ""
                : "?" + query))).method(client.method(), body.length == 0 ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.toTheEndpoint(options.key().isPresent()).forEach(one -> request.header(one.getKey(), one.getValue()));
        request.header("Accept-Encoding", headers.encodings()).header(PassedHeaders.VIA, via);
        options.key().ifPresent(key -> request.header("Authorization", "Bearer " + key.reveal()));
        return request.build();
    }

    private Outcome answered(CompletableFuture<HttpResponse<InputStream>> coming,
            Optional<TrafficJournal> journal) throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = coming.get(options.silence().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            coming.cancel(true);
            return failed(CallEnd.LATE, 504, "no answer within %s s".formatted(options.silence().toSeconds()));
        } catch (ExecutionException | CancellationException broken) {
            Throwable why = broken instanceof ExecutionException ? broken.getCause() : broken;
            return left ? new Outcome(0, CallEnd.CLIENT_LEFT, "", Map.of(), "")
                    : failed(CallEnd.UNREACHABLE, 502, FirstLine.of(why));
        }
        PassedHeaders came = new PassedHeaders(response.headers().map().entrySet().stream()
                .flatMap(one -> one.getValue().stream().map(value -> Map.entry(one.getKey(), value))).toList());
        try (InputStream in = response.body()) {
            stop.set(() -> close(in));
            if (left) {
                return new Outcome(response.statusCode(), CallEnd.CLIENT_LEFT, "", came.saying(), "");
            }
            return body(response.statusCode(), came, in, journal);
        }
    }

    private Outcome body(int status, PassedHeaders came, InputStream in,
            Optional<TrafficJournal> journal) {
        client.status(status);
        came.toTheClient().forEach(one -> client.add(one.getKey(), one.getValue()));
        client.header("x-socratic-call", id);
        OutputStream out = client.out();
        String stated = came.first("content-length");
        long length = stated.matches("\\d{1,18}") ? Long.parseLong(stated) : -1;
        CallEnd end = CallEnd.WHOLE;
        String why = "";
        boolean reading = true;
        try {
            byte[] part = new byte[PART];
            heard = System.nanoTime();
            for (int count; (count = in.read(part)) >= 0;) {
                heard = System.nanoTime();
                first = first < 0 ? ms() : first;
                passed += count;
                if (journal.isPresent()) {
                    kept.add(part, count);
                }
                reading = false;
                if (length >= 0 ? passed >= length : kept.endsAStream()) {
                    record(journal, whole(status, came));
                }
                out.write(part, 0, count);
                out.flush();
                reading = true;
            }
            reading = false;
            record(journal, whole(status, came));
            out.close();
        } catch (IOException broken) {
            boolean gone = left || !reading;
            end = gone ? CallEnd.CLIENT_LEFT : late ? CallEnd.LATE : CallEnd.CUT;
            why = gone ? "" : late ? "silent for %s s".formatted(options.silence().toSeconds()) : FirstLine.of(broken);
        }
        return end == CallEnd.WHOLE ? whole(status, came)
                : new Outcome(status, end, why, came.saying(), came.first("content-encoding"));
    }

    private Outcome whole(int status, PassedHeaders came) {
        return new Outcome(status, kept.longer() ? CallEnd.LONG : CallEnd.WHOLE, "", came.saying(),
                came.first("content-encoding"));
    }

    /// Nothing came: the client is told so in the form it reads.
    private Outcome failed(CallEnd end, int status, String why) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", secrets.redact("%s: an answer; got none: %s".formatted(options.to(),
                why))).put("type", "server_error").putNull("param")
                .put("code", end == CallEnd.LATE ? "endpoint_silent" : "endpoint_unreachable");
        client.header("x-socratic-call", id);
        try {
            client.json(status, body);
        } catch (IOException gone) {
            return new Outcome(0, end, why, Map.of(), "");
        }
        return new Outcome(0, end, why, Map.of("content-type", JSON), "");
    }

    /// What a watch does a few times a second.
    void look() {
        if (first >= 0 && System.nanoTime() - heard > options.silence().toNanos()) {
            late = true;
            stop.get().run();
        }
    }

    /// The client has gone: the endpoint is left, so that it writes no further.
    void leave() {
        left = true;
        stop.get().run();
    }

    private long ms() {
        return (System.nanoTime() - started) / 1_000_000;
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException closed) {
            return; // as it should be
        }
    }

    /// @return headers by which a proxy that sees its own request again knows it
    static List<String> through(ServedRequest client) {
        return List.of(new PassedHeaders(client.headers()).first(PassedHeaders.VIA).split("\\s*,\\s*"));
    }
}
