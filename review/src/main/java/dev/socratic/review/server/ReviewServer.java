package dev.socratic.review.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.access.Gate;
import dev.socratic.core.access.Listener;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.index.QueryProblem;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// The review page and its JSON API over one corpus. Begin with the routes: [RowApi] shows, [DecisionApi] decides,
/// [QueueApi] says what comes next, [WhatIfApi] tries thresholds, [ExportApi] gives rows out and takes decisions in.
public final class ReviewServer implements AutoCloseable {
    /// Bytes of a request's body: an export of another tool may be read back in.
    private static final long MOST_BODY = 256L << 20;

    private final Javalin javalin;
    private final EventApi events;
    private final ReviewOptions options;
    private final int port;

    private ReviewServer(Javalin javalin, EventApi events, ReviewOptions options, int port) {
        this.javalin = javalin;
        this.events = events;
        this.options = options;
        this.port = port;
    }

    /// @throws dev.socratic.core.error.ConfigException if the port or the address cannot be had
    public static ReviewServer start(Corpus corpus, ReviewOptions options) {
        ServerSocketChannel listener = Listener.open(options.host(), options.port());
        int port = listener.socket().getLocalPort();
        Door door = new Door(Gate.of(options.host(), options.names(), Set.of(), Optional.of(options.token())));
        EventApi events = new EventApi(corpus);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = MOST_BODY;
            config.http.generateEtags = false;
            config.jetty.modifyServer(server -> server.setStopTimeout(2_000));
            config.jetty.addConnector((server, http) -> connector(server, http, listener));
            config.routes.before(door::check);
            config.routes.get("/healthz", request -> json(request, object().put("status", "ok")));
            new RowApi(corpus, options).add(config.routes);
            new DecisionApi(corpus, options).add(config.routes);
            new QueueApi(corpus, options).add(config.routes);
            new WhatIfApi(corpus).add(config.routes);
            new ExportApi(corpus, options).add(config.routes);
            events.add(config.routes);
            failures(config);
            config.routes.get("/", request -> PageFiles.serve(request, "/"));
            config.routes.get("/<file>", request -> PageFiles.serve(request, request.path()));
        });
        javalin.start();
        return new ReviewServer(javalin, events, options, port);
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel listener) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(1 << 16);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        try {
            connector.open(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private static void failures(JavalinConfig config) {
        config.routes.exception(ReviewFailure.class, (failed, request) ->
                fail(request, failed.status(), failed.code(), failed.getMessage()));
        config.routes.exception(QueryProblem.class, (failed, request) ->
                fail(request, 400, failed.code(), failed.getMessage()));
        config.routes.exception(SocraticException.class, (failed, request) ->
                fail(request, 409, "data", failed.getMessage()));
        config.routes.exception(HttpResponseException.class, (failed, request) ->
                fail(request, failed.getStatus(), "refused", "%s %s: %s; see docs/review.md for the API".formatted(
                        request.method(), request.path(), FirstLine.of(failed))));
        config.routes.exception(Exception.class, (failed, request) ->
                fail(request, 500, "bug", "%s %s: an answer; got a fault of this server (%s: %s); report it".formatted(
                        request.method(), request.path(), failed.getClass().getSimpleName(), FirstLine.of(failed))));
    }

    private static void fail(Context request, int status, String code, String message) {
        ObjectNode json = object();
        json.putObject("error").put("code", code).put("message", message);
        request.status(status);
        json(request, json);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void json(Context request, JsonNode value) {
        request.contentType("application/json");
        request.header("Cache-Control", "no-store");
        request.result(Json.line(value));
    }

    public int port() {
        return port;
    }

    /// @return the page's address, without its token
    public String address() {
        return "http://%s:%s/".formatted(Gate.bracketed(options.host()), port);
    }

    @Override
    public void close() {
        events.close();
        javalin.stop();
    }
}
