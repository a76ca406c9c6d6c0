package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Every request comes in here: who asks is checked, the address finds its handler, and whatever goes wrong is answered
/// in OpenAI's form.
final class Front extends Handler.Abstract {
    private static final String ADDRESSES =
            "there are GET /health, GET /v1/models, POST /v1/chat/completions and POST /v1/completions";

    /// What answers one address.
    @FunctionalInterface
    interface Address {
        void handle(ServedRequest exchange) throws IOException, InterruptedException;
    }

    private final Gate gate;
    private final Clients clients;
    private final Bodies bodies;
    private final ObjectNode card;
    private final Map<String, Address> posts;
    private final AtomicBoolean closing;

    /// @param posts handlers by address
    Front(Gate gate, Clients clients, Bodies bodies, ObjectNode card, Map<String, Address> posts,
            AtomicBoolean closing) {
        this.gate = gate;
        this.clients = clients;
        this.bodies = bodies;
        this.card = card;
        this.posts = posts;
        this.closing = closing;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ClientEndPoint client = (ClientEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
        ServedRequest exchange = new ServedRequest(request, response, bodies);
        client.begin();
        clients.add(exchange);
        try {
            answer(exchange);
        } finally {
            exchange.close();
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
                gate.check(exchange);
                gate.name(exchange);
                route(exchange);
            } catch (RuntimeException | InterruptedException | Error failed) {
                if (exchange.begun()) {
                    exchange.cut(); // no failure can be told within a reply that is under way
                    return;
                }
                ApiFailure failure = ApiFailure.of(failed);
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
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (exchange.method().equals("OPTIONS")) {
            preflight(exchange);
        } else if (path.equals("/health") || path.equals("/healthz")) {
            require(reads, exchange, "GET");
            exchange.json(closing.get() ? 503 : 200, JsonNodeFactory.instance.objectNode().put("status", closing.get()
                    ? "closing" : "ok"));
        } else if (path.equals("/v1/models")) {
            require(reads, exchange, "GET");
            gate.checkKey(exchange);
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
            list.putArray("data").add(card);
            exchange.json(200, list);
        } else if (path.startsWith("/v1/models/")) {
            require(reads, exchange, "GET");
            gate.checkKey(exchange);
            String name = path.substring("/v1/models/".length());
            if (!name.equals(card.path("id").asText())) {
                throw ApiFailure.unknown("'%s' is not served here; '%s' is".formatted(name, card.path("id").asText()),
                        "model_not_found");
            }
            exchange.json(200, card);
        } else if (posts.containsKey(path)) {
            require(exchange.method().equals("POST"), exchange, "POST");
            gate.checkKey(exchange);
            RequestJson.requireType(exchange);
            if (closing.get()) {
                throw ApiFailure.closing();
            }
            posts.get(path).handle(exchange);
        } else {
            throw ApiFailure.unknown("%s %s: no such address; %s".formatted(exchange.method(), path, ADDRESSES),
                    "not_found");
        }
    }

    private static void require(boolean fits, ServedRequest exchange, String method) {
        if (!fits) {
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
