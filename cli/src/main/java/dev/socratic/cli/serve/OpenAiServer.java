package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.TextModel;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

/// An OpenAI-compatible server over one model: `GET /v1/models`, `GET /v1/models/NAME`, `POST /v1/chat/completions`, and, over a model that
/// says what it expects, `POST /v1/completions` with token ids and `prompt_logprobs`.
///
/// Requests that arrive together are answered together, in batches of the model's unit. Closing stops listening and fails what waits; the
/// model is the caller's and stays open. There is no authentication: by default only this machine can connect.
public final class OpenAiServer implements AutoCloseable {
    /// Bytes; a conversation of some million tokens.
    private static final long LARGEST_BODY = 16L << 20;

    private final Javalin server;
    private final Batcher batcher;

    private OpenAiServer(Javalin server, Batcher batcher) {
        this.server = server;
        this.batcher = batcher;
    }

    /// @param port 0 takes any free one; see [#port()]
    public static OpenAiServer start(TextModel model, int port) {
        return start(model, ServeOptions.of(port));
    }

    /// @throws io.javalin.util.JavalinBindException if the port is taken
    public static OpenAiServer start(TextModel model, ServeOptions options) {
        Batcher batcher = new Batcher(model, options.gather(), options.mostWaiting());
        try {
            Javalin server = Javalin.create(config -> configure(config, model, batcher, options)).start(options.host(), options.port());
            return new OpenAiServer(server, batcher);
        } catch (RuntimeException failed) {
            batcher.close();
            throw failed;
        }
    }

    private static void configure(JavalinConfig config, TextModel model, Batcher batcher, ServeOptions options) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = LARGEST_BODY;
        String name = model.card().name();
        ObjectNode card = JsonNodeFactory.instance.objectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", options.clock().instant().getEpochSecond())
                .put("owned_by", "socratic")
                .put("revision", model.card().revision())
                .put("max_model_len", model.card().contextTokens());
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        list.putArray("data").add(card);

        config.routes.get("/v1/models", context -> json(context, 200, list));
        config.routes.get("/v1/models/<name>", context -> {
            if (!context.pathParam("name").equals(name)) {
                throw ApiFailure.unknown("'%s' is not served here; '%s' is".formatted(context.pathParam("name"), name), "model_not_found");
            }
            json(context, 200, card);
        });
        config.routes.post("/v1/chat/completions", new ChatHandler(model.card(), batcher, options)::handle);
        config.routes.post("/v1/completions", prompts(model, batcher, options));
        config.routes.exception(ApiFailure.class, (failure, context) -> json(context, failure.status(), failure.json()));
        config.routes.exception(Exception.class, (bug, context) -> json(context, 500, ApiFailure.bug("a bug in the server: " + bug).json()));
        config.routes.error(404, context -> {
            if (!String.valueOf(context.result()).startsWith("{\"error\"")) {
                json(context, 404, ApiFailure.unknown(
                        "%s %s: no such address; there are GET /v1/models, POST /v1/chat/completions and POST /v1/completions"
                                .formatted(context.method(), context.path()), "not_found").json());
            }
        });
    }

    private static Handler prompts(TextModel model, Batcher batcher, ServeOptions options) {
        if (model instanceof DistributionModel says) {
            return new PromptHandler(says, batcher, options)::handle;
        }
        return context -> {
            throw ApiFailure.invalid("", "'%s' does not say what it expects in a prompt; local weights do".formatted(model.card().name()));
        };
    }

    private static void json(Context context, int status, ObjectNode body) {
        context.status(status).contentType("application/json").result(body.toString());
    }

    /// @return the port it listens on
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        batcher.close();
        server.stop();
    }
}
