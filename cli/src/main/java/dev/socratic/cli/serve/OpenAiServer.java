package dev.socratic.cli.serve;

import dev.socratic.core.access.Gate;
import dev.socratic.core.access.Listener;
import dev.socratic.models.generate.LiveModel;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// An OpenAI-compatible server over one model or several: `GET /v1/models`, `POST /v1/chat/completions`, `POST
/// /v1/completions`, `GET /health`, `GET /metrics`.
///
/// Answers of all clients are written side by side. Closing stops listening, lets what is being written end within
/// [ServeLimits#drain()], and tells everybody else; the models are the caller's and stay open.
public final class OpenAiServer implements AutoCloseable {
    private final Server server;
    private final Clients clients;
    private final Desks models;
    private final ExecutorService readers;
    private final ServeOptions options;
    private final AtomicBoolean closing;

    private OpenAiServer(Server server, Clients clients, Desks models, ExecutorService readers,
            ServeOptions options, AtomicBoolean closing) {
        this.server = server;
        this.clients = clients;
        this.models = models;
        this.readers = readers;
        this.options = options;
        this.closing = closing;
    }

    /// @param port 0 takes any free one; see [#port()]
    public static OpenAiServer start(LiveModel model, int port) {
        return start(model, ServeOptions.of(port));
    }

    /// @throws dev.socratic.core.error.ConfigException if the port cannot be had
    public static OpenAiServer start(LiveModel model, ServeOptions options) {
        return start(List.of(ServedModel.of(model)), options);
    }

    /// The same on a port of its own.
    public static OpenAiServer start(List<ServedModel> served, ServeOptions options) {
        return start(served, options, Listener.open(options.host(), options.port()));
    }

    /// @param served   at least one, each under a name of its own
    /// @param listener closed with the server
    public static OpenAiServer start(List<ServedModel> served, ServeOptions options, ServerSocketChannel listener) {
        AtomicBoolean closing = new AtomicBoolean();
        Server server = new Server(threads());
        Clients clients = new Clients(server, new HttpConnectionFactory(http()), options.limits());
        ExecutorService readers = Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().daemon().name("reader-", 0).factory());
        ServeMetrics metrics = new ServeMetrics();
        metrics.gauge("connections", "Connections that are open.", "", clients::connected);
        metrics.gauge("requests_under_way", "Requests that are being read or answered.", "", clients::underWay);
        Desks models = new Desks(served.stream()
                .map(one -> Desk.of(one, readers, options.limits(), metrics)).toList(),
                options.clock().instant().getEpochSecond());
        server.addConnector(clients);
        server.addBean(new NetworkConnectionLimit(options.limits().connections(), clients));
        Gate gate = Gate.of(options.host(), options.names(), options.origins(), options.key());
        server.setHandler(new Front(gate, clients, new Bodies(options.limits().bodies()),
                routes(models, metrics, options, closing), metrics, closing));
        server.setErrorHandler(new Unreadable());
        OpenAiServer started = new OpenAiServer(server, clients, models, readers, options, closing);
        try {
            clients.open(listener);
            server.start();
            return started;
        } catch (Exception failed) {
            started.close();
            throw failed instanceof RuntimeException known ? known
                    : new IllegalStateException("the server did not start", failed);
        }
    }

    /// @return a server's threads: a request waits in a thread of its own, as many as connections.
    public static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool();
        pool.setName("server");
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return pool;
    }

    /// @return how HTTP is spoken: no version of ours is told, heads have 16 KiB at most
    public static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(1 << 14);
        return http;
    }

    private static Map<String, Front.Route> routes(Desks models, ServeMetrics metrics, ServeOptions options,
            AtomicBoolean closing) {
        StatusPages status = new StatusPages(models, metrics, closing);
        return Map.of(
                "/", new Front.Route.Open(new ChatPage()::handle),
                "/health", new Front.Route.Open(status::health),
                "/healthz", new Front.Route.Open(status::health),
                "/metrics", new Front.Route.Read(status::metrics),
                "/v1/models", new Front.Route.Read(status::models),
                Front.MODEL, new Front.Route.Read(status::model),
                "/v1/chat/completions", new Front.Route.Post(new ChatHandler(models, options)::handle),
                "/v1/embeddings", new Front.Route.Post(new EmbeddingHandler(models, metrics, options)::handle),
                "/v1/completions", new Front.Route.Post(new CompletionHandler(models, options)::handle));
    }

    /// What is no HTTP, or not enough of it to know who asks and for what.
    public static final class Unreadable extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus();
            Object reason = request.getAttribute(ERROR_MESSAGE);
            ApiFailure failure = status < 500
                    ? ApiFailure.refused(status, "bad_request", "the request cannot be read: "
                    + (reason == null ? "HTTP status " + status : reason))
                    : ApiFailure.bug("a bug in the server: " + reason);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(failure.json().toString().getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    }

    /// @return the port it listens on
    public int port() {
        return clients.getLocalPort();
    }

    /// @return where it answers: the address it was told to listen on, as a client writes it
    public String address() {
        return "http://%s:%s/v1".formatted(Gate.bracketed(options.host()), port());
    }

    /// @return requests that are being read or answered now
    int underWay() {
        return clients.underWay();
    }

    /// @return connections that are open now
    int connections() {
        return clients.connected();
    }

    @Override
    public void close() {
        if (!closing.getAndSet(true)) {
            clients.close(); // nobody new is let in
            models.all().forEach(desk -> desk.drain());
            await(System.nanoTime() + options.limits().drain().toNanos());
            models.all().forEach(desk -> desk.close());
            await(System.nanoTime() + 2_000_000_000L); // so that everybody is told
            try {
                server.stop();
            } catch (Exception stubborn) {
                throw new IllegalStateException("the server did not stop", stubborn);
            } finally {
                readers.shutdownNow();
            }
        }
    }

    private void await(long end) {
        try {
            while (clients.underWay() > 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
