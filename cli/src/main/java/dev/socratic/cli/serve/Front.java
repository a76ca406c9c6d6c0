package dev.socratic.cli.serve;

import dev.socratic.core.access.Gate;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Every request comes in here: who asks is checked, the address finds its handler, and whatever goes wrong is answered
/// in OpenAI's form.
public final class Front extends Handler.Abstract {
    /// What stands before a model's name in the address of its card.
    static final String MODEL = "/v1/models/";

    /// What answers one address.
    @FunctionalInterface
    public interface Answer {
        void handle(ServedRequest exchange) throws IOException, InterruptedException;
    }

    /// An address: by which method it is asked, and who may ask.
    public sealed interface Route {
        Answer answer();

        /// Read by anybody, whatever the server's key.
        record Open(Answer answer) implements Route {}

        /// Read with the key.
        record Read(Answer answer) implements Route {}

        /// Asked with the key and a body, as long as the server is not closing.
        record Post(Answer answer) implements Route {}

        /// Asked with the key, by whatever method, and whatever the body is.
        record Any(Answer answer) implements Route {}
    }

    private final Gate gate;
    private final Clients clients;
    private final Bodies bodies;
    private final Map<String, Route> routes;
    private final ServeMetrics metrics;
    private final AtomicBoolean closing;

    /// @param routes by address; one that ends in `/` stands for all below it, the longest that fits is taken
    public Front(Gate gate, Clients clients, Bodies bodies, Map<String, Route> routes, ServeMetrics metrics,
            AtomicBoolean closing) {
        this.gate = gate;
        this.clients = clients;
        this.bodies = bodies;
        this.routes = new TreeMap<>(routes);
        this.metrics = metrics;
        this.closing = closing;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ClientEndPoint client = (ClientEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
        ServedRequest exchange = new ServedRequest(request, response, bodies);
        long begun = System.nanoTime();
        client.begin();
        clients.add(exchange);
        try {
            answer(exchange);
        } finally {
            exchange.close();
            metrics.ended(routes.containsKey(address(exchange)) ? address(exchange) : "other",
                    exchange.lost() ? ServeMetrics.LEFT : response.getStatus(), System.nanoTime() - begun);
            clients.remove(exchange);
            client.end();
            callback.succeeded();
        }
        return true;
    }

    /// Errors are caught like exceptions: a client that gets no answer waits for ever.
    private void answer(ServedRequest exchange) {
        try {
            try {
                if (closing.get()) {
                    exchange.header(HttpHeader.CONNECTION, "close");
                }
                refuse(exchange, gate.refused(exchange.header(HttpHeader.HOST), exchange.header(HttpHeader.ORIGIN),
                        "--cors ORIGIN"));
                name(exchange);
                route(exchange);
            } catch (RuntimeException | InterruptedException | Error failed) {
                if (exchange.begun()) {
                    exchange.cut(); // no failure can be told within a reply that is under way
                    return;
                }
                ApiFailure failure = ApiFailure.of(failed);
                failure.retryAfter().ifPresent(seconds -> exchange.header(HttpHeader.RETRY_AFTER, "" + seconds));
                exchange.json(failure.status(), failure.json());
                exchange.discard();
            }
        } catch (IOException | RuntimeException | Error gone) {
            // nobody is left to be told, or there is no memory to do so: no answer is better than an empty one
            exchange.cut();
        }
    }

    private void route(ServedRequest exchange) throws IOException, InterruptedException {
        String path = exchange.path();
        if (exchange.method().equals("OPTIONS")) {
            preflight(exchange);
            return;
        }
        String address = address(exchange);
        if (!routes.containsKey(address)) {
            throw ApiFailure.unknown("%s %s: no such address; there are %s".formatted(exchange.method(), path,
                    addresses()), "not_found");
        }
        Route route = routes.get(address);
        require(switch (route) {
            case Route.Open open -> "GET";
            case Route.Read read -> "GET";
            case Route.Post post -> "POST";
            case Route.Any any -> exchange.method();
        }, exchange);
        if (!(route instanceof Route.Open)) {
            refuse(exchange, gate.unauthorized(exchange.header(HttpHeader.AUTHORIZATION)));
        }
        if (route instanceof Route.Post) {
            RequestJson.requireType(exchange);
        }
        if ((route instanceof Route.Post || route instanceof Route.Any) && closing.get()) {
            throw ApiFailure.closing();
        }
        route.answer().handle(exchange);
    }

    private static void refuse(ServedRequest exchange, Optional<Gate.Refusal> refusal) {
        refusal.ifPresent(why -> {
            if (why.status() == 401) {
                exchange.header(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            }
            throw ApiFailure.refused(why.status(), why.code(), why.message());
        });
    }

    /// Lets a page that may ask read the answer too.
    private void name(ServedRequest exchange) {
        String origin = exchange.header(HttpHeader.ORIGIN);
        if (gate.origins().contains(origin)) {
            exchange.header(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            exchange.header(HttpHeader.VARY, "Origin");
        }
    }

    private String address(ServedRequest exchange) {
        return routes.containsKey(exchange.path()) ? exchange.path() : routes.keySet().stream()
                .filter(one -> one.length() > 1 && one.endsWith("/") && exchange.path().startsWith(one))
                .max(Comparator.comparingInt(String::length)).orElse(exchange.path());
    }

    private String addresses() {
        return routes.entrySet().stream().map(one -> switch (one.getValue()) {
            case Route.Open open -> "GET ";
            case Route.Read read -> "GET ";
            case Route.Post post -> "POST ";
            case Route.Any any -> "anything below ";
        } + one.getKey() + (one.getKey().equals(MODEL) ? "NAME" : "")).collect(Collectors.joining(", "));
    }

    private static void require(String method, ServedRequest exchange) {
        String asked = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        if (!asked.equals(method)) {
            exchange.header(HttpHeader.ALLOW, method);
            throw ApiFailure.refused(405, "method_not_allowed",
                    "%s %s: no such method; this address takes %s".formatted(
                    exchange.method(), exchange.path(), method));
        }
    }

    /// What a browser asks before a page of an allowed origin may send JSON.
    private static void preflight(ServedRequest exchange) throws IOException {
        exchange.header(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        exchange.header(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS,
                exchange.header(HttpHeader.ACCESS_CONTROL_REQUEST_HEADERS));
        exchange.header(HttpHeader.ACCESS_CONTROL_MAX_AGE, "600");
        exchange.begin(204, "text/plain");
        exchange.out().close();
    }
}
