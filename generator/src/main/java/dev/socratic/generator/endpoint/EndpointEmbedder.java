package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.embed.VectorText;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/// An embedder behind an OpenAI-compatible endpoint (`POST {base_url}/embeddings`, [#TOGETHER] texts a request).
///
/// Vectors come as float32 in Base64 or as numbers; what is not a vector for each text is refused by name. What a
/// request took is shared out by the lengths of its texts.
public final class EndpointEmbedder implements TextEmbedder {
    /// Texts of a request.
    static final int TOGETHER = 32;
    private static final MediaType JSON = MediaType.get("application/json");

    private final TeacherConfig.Endpoint config;
    private final Wire wire;
    private final String address;

    private EndpointEmbedder(TeacherConfig.Endpoint config, Wire wire) {
        this.config = config;
        this.wire = wire;
        this.address = EndpointAddress.of(config.baseUrl()).base() + "/embeddings";
    }

    /// @param environment where the key is looked up
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if the variable the config names holds no key
    public static EndpointEmbedder open(TeacherConfig.Endpoint config, Map<String, String> environment, long seed) {
        return new EndpointEmbedder(config, Wire.open(config, new EmbeddingForm(), environment, Optional.empty(), seed,
                Timekeeper.SYSTEM));
    }

    @Override
    public ModelCard card() {
        return new ModelCard(config.model(), "endpoint:" + config.baseUrl(), "", 0, TOGETHER, config.concurrency(),
                false);
    }

    @Override
    public double price(long tokens) {
        return config.price(tokens, 0);
    }

    /// @throws ConfigException if the endpoint refuses the key: then it refuses every request
    @Override
    public List<Outcome> embed(List<String> texts) throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode().put("model", config.model())
                .put("encoding_format", "base64");
        ArrayNode input = body.putArray("input");
        texts.forEach(input::add);
        try {
            String answer = wire.transport().send(new Request.Builder().url(address)
                    .post(RequestBody.create(body.toString(), JSON)).build());
            return read(answer, texts);
        } catch (EndpointFailure failure) {
            return switch (failure.kind()) {
                case PERMANENT -> failures(texts.size(), failure.problem(), false);
                case TEMPORARY -> failures(texts.size(), failure.problem(), true);
                case KEY -> throw new ConfigException(List.of(failure.problem()));
                case INTERRUPTED -> {
                    Thread.interrupted(); // from here on the exception says it
                    throw new InterruptedException();
                }
            };
        }
    }

    private List<Outcome> failures(int count, Problem problem, boolean temporary) {
        return Collections.nCopies(count, new Outcome.Failure(wire.secrets().redact(problem.toString()), temporary));
    }

    private List<Outcome> read(String answer, List<String> texts) {
        JsonNode json;
        try {
            json = Json.mapper().readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body that was an answer on the way is none now; this is a bug, please "
                    + "report it", e);
        }
        List<Optional<float[]>> vectors = new ArrayList<>(Collections.nCopies(texts.size(), Optional.empty()));
        int place = 0;
        for (JsonNode one : json.path("data")) {
            int index = one.path("index").asInt(place++);
            if (index >= 0 && index < texts.size()) {
                vectors.set(index, vector(one.path("embedding")));
            }
        }
        long[] lengths = texts.stream().mapToLong(TokenEstimate::ofText).toArray();
        Counted counted = Counted.of(json.path("usage"));
        long[] tokens = counted.promptTokens().map(all -> Counted.shared(all, lengths)).orElse(lengths);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Usage usage = new Usage(tokens[i], 0, config.price(tokens[i], 0));
            int number = i;
            outcomes.add(vectors.get(i).<Outcome>map(numbers -> new Outcome.Vector(numbers, usage))
                    .orElseGet(() -> new Outcome.Failure(new Problem(address,
                            "data[%s].embedding, a vector of numbers or of float32 in Base64".formatted(number),
                            "none in the answer", "name a model that embeds").toString(), false)));
        }
        return outcomes;
    }

    private static Optional<float[]> vector(JsonNode embedding) {
        if (embedding.isTextual()) {
            try {
                return Optional.of(VectorText.read(embedding.textValue()));
            } catch (IllegalArgumentException none) {
                return Optional.empty();
            }
        }
        float[] numbers = new float[embedding.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!embedding.get(i).isNumber()) {
                return Optional.empty();
            }
            numbers[i] = embedding.get(i).floatValue();
        }
        return numbers.length == 0 ? Optional.empty() : Optional.of(numbers);
    }

    @Override
    public Map<String, Object> notes() {
        return wire.notes();
    }

    @Override
    public void close() {
        wire.close();
    }
}
