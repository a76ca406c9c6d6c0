package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/// `POST /v1/completions` with token ids and `prompt_logprobs`, in vLLM's form: for each prompt a list with an entry for each of its tokens, the first
/// `null`, each other the likeliest tokens with `logprob`, `rank` and `decoded_token`, and the token that stands there. One field is ours,
/// `prompt_logprobs_rest`: the logarithm of the mass of all tokens but the k likeliest.
///
/// Numbers are written in the fewest digits that give the same float again. No text is written: the prompts are read, and that is all.
final class PromptHandler {
    private static final JsonFactory JSON = new JsonFactory();

    private final DistributionModel model;
    private final Batcher batcher;
    private final ServeOptions options;
    private final AtomicLong numbers = new AtomicLong();

    PromptHandler(DistributionModel model, Batcher batcher, ServeOptions options) {
        this.model = model;
        this.batcher = batcher;
        this.options = options;
    }

    void handle(Context context) throws InterruptedException {
        PromptRequest request = PromptRequest.read(context.body(), model.card(), model.vocabulary());
        String name = model.card().name();
        RequestJson.require(request.model(), name);
        List<Distributions> answers = answers(request);
        context.status(200).contentType("application/json");
        try (JsonGenerator out = JSON.createGenerator(context.outputStream())) {
            write(out, request, answers, name);
        } catch (IOException gone) {
            // The client hung up: there is nobody to tell.
            return;
        }
    }

    /// The batcher's thread reads the rows, so that only threads that may compute do, and no more of them than the model takes.
    private List<Distributions> answers(PromptRequest request) throws InterruptedException {
        CompletableFuture<List<Distributions>> waiting = batcher.submit(() -> model.distributions(request.rows(), request.k()));
        try {
            return waiting.get();
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case ApiFailure failure -> failure;
                case DataException unfit -> ApiFailure.invalid("prompt", unfit.getMessage());
                default -> ApiFailure.bug("the model failed: " + failed.getCause());
            };
        } finally {
            waiting.cancel(false);
        }
    }

    private void write(JsonGenerator out, PromptRequest request, List<Distributions> answers, String name) throws IOException {
        long created = options.clock().instant().getEpochSecond();
        out.writeStartObject();
        out.writeStringField("id", "cmpl-%s-%s".formatted(created, numbers.incrementAndGet()));
        out.writeStringField("object", "text_completion");
        out.writeNumberField("created", created);
        out.writeStringField("model", name);
        out.writeArrayFieldStart("choices");
        long tokens = 0;
        for (int i = 0; i < answers.size(); i++) {
            choice(out, i, request.rows().get(i), answers.get(i));
            tokens += request.rows().get(i).length;
        }
        out.writeEndArray();
        out.writeObjectFieldStart("usage");
        out.writeNumberField("prompt_tokens", tokens);
        out.writeNumberField("completion_tokens", 0);
        out.writeNumberField("total_tokens", tokens);
        out.writeEndObject();
        out.writeEndObject();
    }

    private void choice(JsonGenerator out, int index, int[] row, Distributions said) throws IOException {
        out.writeStartObject();
        out.writeNumberField("index", index);
        out.writeStringField("text", "");
        out.writeNullField("logprobs");
        out.writeStringField("finish_reason", "length");
        out.writeArrayFieldStart("prompt_logprobs");
        out.writeNull();
        for (int i = 0; i < said.positions(); i++) {
            out.writeStartObject();
            boolean named = false;
            for (int j = 0; j < said.width(); j++) {
                int id = said.ids()[i * said.width() + j];
                named |= id == row[i + 1];
                entry(out, id, said.logs()[i * said.width() + j], j + 1);
            }
            if (!named) {
                entry(out, row[i + 1], said.labels()[i], said.ranks()[i]);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("prompt_logprobs_rest");
        out.writeNull();
        for (float rest : said.rest()) {
            out.writeNumber(rest);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void entry(JsonGenerator out, int id, float log, int rank) throws IOException {
        out.writeObjectFieldStart(Integer.toString(id));
        out.writeNumberField("logprob", log);
        out.writeNumberField("rank", rank);
        out.writeStringField("decoded_token", model.word(id));
        out.writeEndObject();
    }
}
