package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// `POST /v1/completions` with token ids and `prompt_logprobs`, in vLLM's form: for each prompt a list with an entry
/// for each of its tokens, the first `null`, each other the likeliest tokens with `logprob`, `rank` and
/// `decoded_token`, and the token that stands there. One field is ours, `prompt_logprobs_rest`: the logarithm of the
/// mass of all tokens but the k likeliest.
///
/// Numbers are written in the fewest digits that give the same float again. No text is written: the prompts are read,
/// and that is all.
///
/// @param name    the model's, here
/// @param id      of the answer
/// @param created seconds since 1970
record PromptHandler(DistributionModel model, String name, Answering answering, String id, long created) {
    private static final JsonFactory JSON = new JsonFactory();

    void handle(ServedRequest exchange, RequestFields fields) throws IOException, InterruptedException {
        PromptRequest request = PromptRequest.read(fields, model.card(), model.vocabulary());
        List<Distributions> answers = Expected.read(answering, exchange, model, request.rows(), request.k());
        answering.read(request.rows().stream().mapToLong(row -> row.length).sum());
        exchange.begin(200, "application/json");
        OutputStream reply = exchange.out();
        JsonGenerator out = JSON.createGenerator(reply); // closed by nobody: what breaks off must not look whole
        write(out, request, answers);
        out.flush();
        reply.close();
    }

    private void write(JsonGenerator out, PromptRequest request, List<Distributions> answers)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("id", id);
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
