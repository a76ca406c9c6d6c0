package dev.socratic.cli.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.serve.ApiFailure;
import dev.socratic.cli.serve.Bodies;
import dev.socratic.cli.serve.Clients;
import dev.socratic.cli.serve.Front;
import dev.socratic.cli.serve.OpenAiServer;
import dev.socratic.cli.serve.ServeMetrics;
import dev.socratic.cli.serve.ServedRequest;
import dev.socratic.core.access.Gate;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.generator.traffic.CallForm;
import dev.socratic.generator.traffic.TrafficJournal;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/// A proxy in front of an OpenAI-compatible endpoint that records calls of chat and completions, and what users say of
/// the answers (`POST /feedback`). Everything below `/v1/` is passed on; what an endpoint does wrong, it does to the
/// client too, byte for byte, and that is on record.
///
/// Closing lets no one in any more and waits for what is under way; the journal is the caller's.
public final class RecordProxy implements AutoCloseable {
    private static final String BELOW = "/v1/";
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int LOOK_MILLIS = 100;
    private static final int LOOP = 508;
    private static final int NO_ROOM = 507;

    private final RecordOptions options;
    private final TrafficJournal journal;
    private final Server server;
    private final Clients clients;
    private final HttpClient endpoint;
    private final String name;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder recorded = new LongAdder();
    private final LongAdder feedback = new LongAdder();
    private final Set<PassOn> underWay = ConcurrentHashMap.newKeySet();
    private final Thread watch;

    private RecordProxy(RecordOptions options, TrafficJournal journal, int port) {
        this.options = options;
        this.journal = journal;
        this.server = new Server(OpenAiServer.threads());
        this.clients = new Clients(server, new HttpConnectionFactory(OpenAiServer.http()), options.limits());
        this.endpoint = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER).build();
        this.name = "%s-%s".formatted(Long.toString(options.clock().millis(), Character.MAX_RADIX), port);
        this.watch = Thread.ofPlatform().daemon().name("endpoint-watch").start(this::look);
    }

    /// @param listener closed with the proxy
    /// @param journal  stays open
    /// @throws dev.socratic.core.error.ConfigException if the endpoint is this proxy itself
    public static RecordProxy start(RecordOptions options, TrafficJournal journal, ServerSocketChannel listener) {
        int port = listener.socket().getLocalPort();
        options.requireOther(port);
        RecordProxy proxy = new RecordProxy(options, journal, port);
        Gate gate = Gate.of(options.host(), options.names(), options.origins(), options.clientKey());
        proxy.server.addConnector(proxy.clients);
        proxy.server.addBean(new NetworkConnectionLimit(options.limits().connections(), proxy.clients));
        proxy.server.setHandler(new Front(gate, proxy.clients, new Bodies(options.limits().bodies()), Map.of(
                "/health", new Front.Route.Open(proxy::health),
                "/feedback", new Front.Route.Post(proxy::feedback),
                BELOW, new Front.Route.Any(proxy::passOn)), new ServeMetrics(), proxy.closing));
        proxy.server.setErrorHandler(new OpenAiServer.Unreadable());
        try {
            proxy.clients.open(listener);
            proxy.server.start();
            return proxy;
        } catch (Exception failed) {
            proxy.close();
            throw failed instanceof RuntimeException known ? known
                    : new IllegalStateException("the proxy did not start", failed);
        }
    }

    public int port() {
        return clients.getLocalPort();
    }

    /// @return what a client writes as its base address
    public String address() {
        return "http://%s:%s/v1".formatted(Gate.bracketed(options.host()), port());
    }

    /// @return calls that were put on record
    public long recorded() {
        return recorded.sum();
    }

    private void health(ServedRequest exchange) throws IOException {
        exchange.json(closing.get() ? 503 : 200, JsonNodeFactory.instance.objectNode()
                .put("status", closing.get() ? "closing" : "ok").put("calls_recorded", recorded.sum())
                .put("feedback_recorded", feedback.sum()).put("under_way", underWay.size()));
    }

    private void passOn(ServedRequest client) throws IOException, InterruptedException {
        List<String> through = PassOn.through(client);
        if (through.contains(name)) {
            throw ApiFailure.refused(LOOP, "proxy_loop", ("--to: another address than this recorder's own; got a "
                    + "request that came through it before; name the endpoint itself"));
        }
        String path = client.path().substring(BELOW.length() - 1);
        byte[] body = client.bytes(options.limits());
        boolean record = client.method().equals("POST") && CallForm.of(path).isPresent();
        String id = String.format(Locale.ROOT, "call-%s-%06d", name, calls.incrementAndGet());
        PassOn call = new PassOn(options, client, endpoint, id);
        underWay.add(call);
        try {
            String via = through.getFirst().isEmpty() ? name : String.join(", ", through) + ", " + name;
            call.run(path, body, record ? Optional.of(journal) : Optional.empty(), via);
            if (record) {
                recorded.increment();
            }
        } catch (SocraticException full) {
            throw ApiFailure.refused(NO_ROOM, "not_recorded", "the record cannot be written: " + full.getMessage());
        } finally {
            underWay.remove(call);
        }
    }

    /// `{"id": call or answer, "score"?: number, "label"?: text, "comment"?: text, ...}`.
    private void feedback(ServedRequest client) throws IOException {
        ObjectNode said = object(client.bytes(options.limits()));
        if (!said.path("id").isTextual() || said.get("id").textValue().isBlank()) {
            throw ApiFailure.invalid("id", "the header x-socratic-call of an answer, or the answer's own id; got "
                    + (said.has("id") ? said.get("id") : "nothing"));
        }
        if (said.size() < 2) {
            throw ApiFailure.invalid("score", "a number, or a label, or a comment; got nothing of these");
        }
        field(said, "score", "a number", JsonNode::isNumber);
        field(said, "label", "a text", JsonNode::isTextual);
        field(said, "comment", "a text", JsonNode::isTextual);
        String id = said.remove("id").textValue();
        journal.rated(id, options.clock().instant(), said);
        feedback.increment();
        client.json(200, JsonNodeFactory.instance.objectNode().put("status", "recorded").put("id", id));
    }

    private static void field(ObjectNode said, String name, String wanted,
            Predicate<JsonNode> fits) {
        if (said.has(name) && !fits.test(said.get(name))) {
            throw ApiFailure.invalid(name, "%s; got %s".formatted(wanted, said.get(name)));
        }
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (Json.mapper().readTree(new String(body, StandardCharsets.UTF_8)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException no) {
            throw ApiFailure.invalid("", "the body is not JSON: write {\"id\": \"...\", \"score\": 1}");
        }
        throw ApiFailure.invalid("", "the body must be a JSON object with id and score, label or comment");
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                underWay.forEach(PassOn::look);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!closing.getAndSet(true)) {
            clients.close();
            try {
                long end = System.nanoTime() + options.limits().drain().toNanos();
                while (clients.underWay() > 0 && System.nanoTime() < end) {
                    Thread.sleep(20);
                }
                underWay.forEach(PassOn::leave);
                server.stop();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            } catch (Exception stubborn) {
                throw new IllegalStateException("the proxy did not stop", stubborn);
            } finally {
                watch.interrupt();
                endpoint.shutdownNow();
            }
        }
    }

    /// @return what it did, for a line at the end
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("calls_recorded", recorded.sum());
        facts.put("feedback_recorded", feedback.sum());
        return facts;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d calls and %,d pieces of feedback recorded", recorded.sum(),
                feedback.sum());
    }
}
