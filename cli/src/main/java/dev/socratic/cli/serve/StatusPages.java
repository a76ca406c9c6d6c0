package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// What can be read of a server: whether it is well, which models it has, what it has done.
///
/// @param closing whether it takes no more requests
record StatusPages(Desks models, ServeMetrics metrics, AtomicBoolean closing) {

    void health(ServedRequest exchange) throws IOException {
        exchange.json(closing.get() ? 503 : 200, JsonNodeFactory.instance.objectNode()
                .put("status", closing.get() ? "closing" : "ok"));
    }

    void models(ServedRequest exchange) throws IOException {
        exchange.json(200, models.list());
    }

    void model(ServedRequest exchange) throws IOException {
        exchange.json(200, models.card(exchange.path().substring(Front.MODEL.length())));
    }

    void metrics(ServedRequest exchange) throws IOException {
        exchange.text(200, ServeMetrics.TYPE, metrics.text());
    }
}
