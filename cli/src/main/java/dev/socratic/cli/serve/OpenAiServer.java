package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.models.generate.LiveModel;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
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

/// An OpenAI-compatible server over one model: `GET /v1/models`, `POST /v1/chat/completions`, `POST /v1/completions`,
/// `GET /health`.
///
/// Answers of all clients are written side by side. Closing stops listening, lets what is being written end within
/// [ServeLimits#drain()], and tells everybody else; the model is the caller's and stays open.
public final class OpenAiServer implements AutoCloseable {
    private final Server server;
    private final Clients clients;
    private final Batcher batcher;
    private final ExecutorService readers;
    private final ServeOptions options;
    private final AtomicBoolean closing;

    private OpenAiServer(Server server, Clients clients, Batcher batcher, ExecutorService readers,
            ServeOptions options, AtomicBoolean closing) {
        this.server = server;
        this.clients = clients;
        this.batcher = batcher;
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
        return start(model, options, Listener.open(options.host(), options.port()));
    }

    /// @param listener closed with the server
    public static OpenAiServer start(LiveModel model, ServeOptions options, ServerSocketChannel listener) {
        AtomicBoolean closing = new AtomicBoolean();
        Server server = new Server(threads());
        Clients clients = new Clients(server, new HttpConnectionFactory(http()), options.limits());
        Batcher batcher = new Batcher(model, options.limits().waiting());
        ExecutorService readers = Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().daemon().name("reader-", 0).factory());
        Answering answering = new Answering(model, batcher, readers, options.limits());
        Map<String, Front.Address> posts = Map.of(
                "/v1/chat/completions", new ChatHandler(model, answering, options)::handle,
                "/v1/completions", new CompletionHandler(model, answering, options)::handle);
        server.addConnector(clients);
        server.addBean(new NetworkConnectionLimit(options.limits().connections(), clients));
        server.setHandler(new Front(Gate.of(options), clients, new Bodies(options.limits().bodies()),
                card(model, options), posts, closing));
        server.setErrorHandler(new Unreadable());
        OpenAiServer started = new OpenAiServer(server, clients, batcher, readers, options, closing);
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

    /// A request waits in a thread of its own, of which there may be as many as connections.
    private static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool();
        pool.setName("server");
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return pool;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(1 << 14);
        return http;
    }

    private static ObjectNode card(LiveModel model, ServeOptions options) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", model.card().name())
                .put("object", "model")
                .put("created", options.clock().instant().getEpochSecond())
                .put("owned_by", "socratic")
                .put("revision", model.card().revision())
                .put("max_model_len", model.card().contextTokens());
    }

    /// What is no HTTP, or not enough of it to know who asks and for what.
    private static final class Unreadable extends ErrorHandler {
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
            batcher.drain();
            await(System.nanoTime() + options.limits().drain().toNanos());
            batcher.close();
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
