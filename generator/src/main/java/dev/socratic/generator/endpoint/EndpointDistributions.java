package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.ModelCard;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/// What a model behind an endpoint expects at every position, over `POST {base_url}/completions` with token ids and
/// `prompt_logprobs`.
///
/// vLLM speaks it, servers built on vLLM, and `socratic serve`; OpenAI's own endpoint and most others do not. vLLM
/// gives at most `--max-logprobs` tokens a position, 20 unless it is started with more; the whole vocabulary (-1)
/// where it is started with `--max-logprobs -1`. `max_tokens` is 1, the least that every version takes. Source:
/// vLLM's sampling parameters and its OpenAI-compatible server.
public final class EndpointDistributions implements DistributionModel {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final TeacherConfig.Endpoint config;
    private final Wire wire;
    private final ModelCard card;

    private EndpointDistributions(TeacherConfig.Endpoint config, Wire wire, ModelCard card) {
        this.config = config;
        this.wire = wire;
        this.card = card;
    }

    /// Asks the endpoint which models it has, so that a wrong address, key or name is known before anything else.
    ///
    /// @param environment where the key is looked up, normally `System.getenv()`
    /// @param cache       folder of cached answers; written only where the config says so
    /// @param seed        of the jitter of retries
    /// @throws ConfigException     if the key is missing or refused, or the endpoint has no such model
    /// @throws RetryLaterException if it does not answer
    public static EndpointDistributions open(TeacherConfig.Endpoint config, Map<String, String> environment,
            Path cache, long seed)
            throws InterruptedException {
        return open(config, environment, cache, seed, Timekeeper.SYSTEM);
    }

    /// The same, with a clock of its own.
    public static EndpointDistributions open(TeacherConfig.Endpoint config, Map<String, String> environment,
            Path cache, long seed, Timekeeper time)
            throws InterruptedException {
        Wire wire = Wire.open(
                config, new PromptForm(), environment, Optional.of(cache).filter(folder -> config.cache()), seed, time);
        try {
            return new EndpointDistributions(config, wire, card(config, wire));
        } catch (RuntimeException | InterruptedException failed) {
            wire.close();
            throw failed;
        }
    }

    private static ModelCard card(TeacherConfig.Endpoint config, Wire wire) throws InterruptedException {
        String address = EndpointAddress.of(config.baseUrl()).base() + "/models";
        JsonNode list;
        try {
            list = Json.mapper().readTree(wire.transport().send(new Request.Builder().url(address).build()))
                    .path("data");
        } catch (EndpointFailure failure) {
            // some gateways have no list; a wrong address is told by the first question
            if (failure.kind() == EndpointFailure.Kind.PERMANENT) {
                return new ModelCard(config.model(), "endpoint:" + config.baseUrl(), "", 0, 1, config.concurrency(),
                        false);
            }
            throw raised(failure, failure.problem().remedy());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body that was an answer on the way is none now; this is a bug, "
                    + "please report it", e);
        }
        for (JsonNode model : list) {
            if (model.path("id").asText().equals(config.model())) {
                // vLLM says whose weights it loaded as `root`, ours their hash as `revision`.
                String revision = model.path("revision").asText(model.path("root").asText(""));
                return new ModelCard(config.model(), "endpoint:" + config.baseUrl(), revision,
                        model.path("max_model_len").asInt(0), 1, config.concurrency(), false);
            }
        }
        throw new ConfigException(address, "a model named '%s'".formatted(config.model()),
                list.isEmpty() ? "a list of none" : names(list), "name one that the endpoint serves");
    }

    private static String names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(model -> "'" + model.path("id").asText()
                + "'").collect(Collectors.joining(", "));
    }

    @Override
    public ModelCard card() {
        return card;
    }

    @Override
    public List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException {
        String address = EndpointAddress.of(config.baseUrl()).base() + "/completions";
        ObjectNode body = Json.mapper().createObjectNode().put("model", config.model()).put("max_tokens",
                1).put("temperature", 0).put("prompt_logprobs", k);
        ArrayNode prompts = body.putArray("prompt");
        for (int[] row : rows) {
            ArrayNode prompt = prompts.addArray();
            for (int id : row) {
                prompt.add(id);
            }
        }
        try {
            String answer = wire.transport().send(new Request.Builder().url(address)
                    .post(RequestBody.create(body.toString(), JSON)).build());
            return PromptAnswer.read(answer, rows, k, address);
        } catch (EndpointFailure failure) {
            throw raised(failure, k == ALL
                    ? "the whole vocabulary is what stores of 'sampled' and 'dense', and temperatures other than 1, "
                            + "need: capture with --encoding '{top_k: {k: 20}}',"
                            + " or serve it whole: vLLM with --max-logprobs -1, or socratic serve"
                    : "check model and base_url; take a smaller k (vLLM gives at most --max-logprobs, 20 unless it "
                            + "is started with more), or a smaller max_seq");
        }
    }

    /// @param remedy where the request itself is refused
    private static RuntimeException raised(EndpointFailure failure, String remedy) throws InterruptedException {
        Problem problem = failure.problem();
        return switch (failure.kind()) {
            case KEY -> new ConfigException(List.of(problem));
            case PERMANENT -> new DataException(problem.place(), problem.expected(), problem.got(), remedy);
            case TEMPORARY -> new RetryLaterException(List.of(problem));
            case INTERRUPTED -> {
                Thread.interrupted(); // from here on the exception says it
                throw new InterruptedException();
            }
        };
    }

    @Override
    public void close() {
        wire.close();
    }
}
