package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// `POST /v1/embeddings`: a vector for each text. Texts of about one length are read together, a part at a time, so
/// that other requests get their turns between the parts.
record EmbeddingHandler(Desks models, ServeMetrics metrics, ServeOptions options) {
    private static final JsonFactory JSON = new JsonFactory();
    /// Tokens read together at most, padding included.
    private static final int MOST_TOKENS = 1 << 13;

    void handle(ServedRequest exchange) throws IOException, InterruptedException {
        RequestFields fields = RequestJson.object(exchange.text(options.limits()), "'input'");
        Desk.Embeds desk = models.embeds(fields);
        EmbeddingRequest request = EmbeddingRequest.read(fields, desk);
        List<long[]> rows = switch (request.input()) {
            case EmbeddingRequest.Input.Tokens tokens -> tokens.rows().stream()
                    .map(row -> Arrays.stream(row).asLongStream().toArray()).toList();
            case EmbeddingRequest.Input.Texts texts -> read(desk, texts.texts());
        };
        List<float[]> vectors = vectors(exchange, desk, rows);
        long tokens = rows.stream().mapToLong(row -> row.length).sum();
        metrics.tokens(desk.name(), tokens, 0);
        exchange.begin(200, "application/json");
        OutputStream reply = exchange.out();
        JsonGenerator out = JSON.createGenerator(reply); // closed by nobody: what breaks off must not look whole
        write(out, request, desk.name(), vectors, tokens);
        out.flush();
        reply.close();
    }

    /// Tokenizing is native code and long work: on the threads for it.
    private static List<long[]> read(Desk.Embeds desk, List<String> texts) throws InterruptedException {
        Future<List<long[]>> later = desk.readers().submit(() -> {
            List<long[]> rows = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                String place = texts.size() == 1 ? "input" : "input[%s]".formatted(i);
                rows.add(desk.model().read(texts.get(i)).orElseThrow(() -> ApiFailure.tooLong("input",
                        "%s: a text of at most %s tokens expected, those around it included; got more; cut it or send "
                                .formatted(place, desk.model().maxTokens()) + "it in parts")));
            }
            return rows;
        });
        try {
            return later.get();
        } catch (ExecutionException failed) {
            throw ApiFailure.of(failed.getCause());
        }
    }

    private List<float[]> vectors(ServedRequest exchange, Desk.Embeds desk, List<long[]> rows)
            throws InterruptedException {
        List<Integer> order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparingInt(row -> rows.get(row).length)).toList();
        List<float[]> vectors = new ArrayList<>(Collections.nCopies(rows.size(), null));
        for (int from = 0, to; from < order.size(); from = to) {
            to = from + 1;
            while (to < order.size() && (to + 1 - from) * rows.get(order.get(to)).length <= MOST_TOKENS) {
                to++;
            }
            List<Integer> part = order.subList(from, to);
            List<float[]> made = desk.turns().await(exchange, () ->
                    desk.model().embed(part.stream().map(rows::get).toList()), options.limits());
            for (int i = 0; i < part.size(); i++) {
                vectors.set(part.get(i), made.get(i));
            }
        }
        return vectors;
    }

    private static void write(JsonGenerator out, EmbeddingRequest request, String name, List<float[]> vectors,
            long tokens) throws IOException {
        out.writeStartObject();
        out.writeStringField("object", "list");
        out.writeArrayFieldStart("data");
        for (int i = 0; i < vectors.size(); i++) {
            out.writeStartObject();
            out.writeStringField("object", "embedding");
            out.writeNumberField("index", i);
            if (request.base64()) {
                out.writeStringField("embedding", base64(vectors.get(i)));
            } else {
                out.writeArrayFieldStart("embedding");
                for (float number : vectors.get(i)) {
                    out.writeNumber(number);
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringField("model", name);
        out.writeObjectFieldStart("usage");
        out.writeNumberField("prompt_tokens", tokens);
        out.writeNumberField("total_tokens", tokens);
        out.writeEndObject();
        out.writeEndObject();
    }

    /// @return float32, little endian, in Base64
    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
