package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/// A model behind an endpoint that also says how likely a text is, over `POST {base_url}/completions`: by `echo` and
/// `logprobs`, as OpenAI's completions and lm-evaluation-harness' `local-completions`, or by vLLM's `prompt_logprobs`.
///
/// Which of the two is found out, and whether what comes is true, before the first score ([ScoreProbe]): servers that
/// know neither answer all the same, and their figures are those of chance. Texts are sent, the server tokenizes: the
/// context is told from the continuation by the tokens' texts, and where one token spans both, by the number of tokens
/// that the context has alone, as lm-evaluation-harness cuts them. Blanks at the end of a context go to the
/// continuation, unless they are to stay.
public final class EndpointScores implements TextModel {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final TeacherConfig.Endpoint config;
    private final EndpointModel model;
    private final Wire wire;
    private final String address;
    private Optional<PromptTokens.Form> form = Optional.empty();

    private EndpointScores(TeacherConfig.Endpoint config, EndpointModel model, Wire wire) {
        this.config = config;
        this.model = model;
        this.wire = wire;
        this.address = EndpointAddress.of(config.baseUrl()).base() + "/completions";
    }

    /// Sends nothing yet.
    ///
    /// @param environment where the key is looked up, normally `System.getenv()`
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if the variable the config names holds no key
    public static EndpointScores open(TeacherConfig.Endpoint config, Map<String, String> environment, long seed) {
        EndpointModel model = EndpointModel.open(config, environment, seed);
        try {
            return new EndpointScores(config, model, Wire.open(config, new PromptForm(), environment,
                    Optional.empty(), seed, Timekeeper.SYSTEM));
        } catch (RuntimeException failed) {
            model.close();
            throw failed;
        }
    }

    @Override
    public ModelCard card() {
        ModelCard card = model.card();
        return new ModelCard(card.name(), card.place(), card.revision(), card.contextTokens(), card.unit(),
                card.parallel(), true);
    }

    /// Finds out first how the endpoint is asked, and whether it tells the truth; with no request that is all it does.
    ///
    /// @throws ConfigException     if the endpoint gives no log probabilities of a prompt, or wrong ones
    /// @throws DataException       if a continuation cannot be scored: no context stands before it
    /// @throws RetryLaterException if the endpoint does not answer
    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        PromptTokens.Form known = form();
        Map<String, Future<PromptTokens>> texts = new LinkedHashMap<>();
        List<ScoreRequest> moved = requests.stream().map(EndpointScores::moved).toList();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            moved.forEach(one -> texts.computeIfAbsent(one.context() + one.continuation(), text ->
                    each.submit(() -> read(text, known))));
            List<ContinuationScore> scores = new ArrayList<>();
            for (ScoreRequest one : moved) {
                PromptTokens tokens = got(texts.get(one.context() + one.continuation()));
                int first = tokens.starting(one.context().length()).orElseGet(() ->
                        got(each.submit(() -> read(one.context(), known))).size());
                scores.add(tokens.score(first));
            }
            return scores;
        }
    }

    private static ScoreRequest moved(ScoreRequest request) {
        String context = request.exact() ? request.context() : request.context().stripTrailing();
        if (context.isEmpty()) {
            throw new DataException("a score by an endpoint", "a context before the continuation", "none",
                    "score this task with local weights");
        }
        return new ScoreRequest(context, request.context().substring(context.length()) + request.continuation(), true);
    }

    private static PromptTokens got(Future<PromptTokens> one) {
        try {
            return one.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException(List.of(new Problem("", "a score", "an interrupt", "run it again")));
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    private synchronized PromptTokens.Form form() {
        if (form.isEmpty()) {
            form = Optional.of(new ScoreProbe(address, (text, how) -> answer(text, how)).form());
            wire.say("log probabilities of prompts: by %s, checked".formatted(form.get().word()));
        }
        return form.get();
    }

    private PromptTokens read(String text, PromptTokens.Form how) throws InterruptedException {
        return PromptTokens.read(answer(text, how), text, how, address);
    }

    private JsonNode answer(String text, PromptTokens.Form how) throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode().put("model", config.model()).put("prompt", text)
                .put("max_tokens", 1).put("temperature", 0);
        how.put(body);
        try {
            return Json.mapper().readTree(wire.transport().send(new Request.Builder().url(address)
                    .post(RequestBody.create(body.toString(), JSON)).build()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body that was an answer on the way is none now; this is a bug, "
                    + "please report it", e);
        } catch (EndpointFailure failure) {
            switch (failure.kind()) {
                case KEY -> throw new ConfigException(List.of(failure.problem()));
                case PERMANENT -> throw new DataException(failure.problem().place(), failure.problem().expected(),
                        failure.problem().got(), failure.problem().remedy());
                case TEMPORARY -> throw new RetryLaterException(List.of(failure.problem()));
                case INTERRUPTED -> {
                    Thread.interrupted(); // from here on the exception says it
                    throw new InterruptedException();
                }
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        return model.generate(requests);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests, Meter meter) throws InterruptedException {
        return model.generate(requests, meter);
    }

    @Override
    public boolean metered() {
        return model.metered();
    }

    @Override
    public Usage most(GenerationRequest request) {
        return model.most(request);
    }

    @Override
    public Usage most(List<GenerationRequest> together) {
        return model.most(together);
    }

    @Override
    public boolean together(GenerationRequest first, GenerationRequest next) {
        return model.together(first, next);
    }

    @Override
    public String shape() {
        return model.shape();
    }

    @Override
    public void onNote(Consumer<String> sink) {
        model.onNote(sink);
        wire.onNote(sink);
    }

    @Override
    public Map<String, Object> notes() {
        return model.notes();
    }

    @Override
    public String written(List<ChatMessage> messages, boolean continues) {
        return model.written(messages, continues);
    }

    @Override
    public void close() {
        try (model) {
            wire.close();
        }
    }
}
