package dev.socratic.generator.endpoint;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.TeacherConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model behind an OpenAI-compatible endpoint (`POST {base_url}/chat/completions`).
///
/// A 401 or 403 is no failure of one request but of the config, and is thrown. Where the server does not count tokens, usage is
/// [TokenEstimate]. Seeds are sent as their lowest 31 bits, the widest number every server in use takes. Call it from virtual threads: an
/// interrupt then ends a wait for the server at once, on a platform thread only when the time-out is over.
public final class EndpointModel implements TextModel {
    private static final long SEED_BITS = 0x7FFF_FFFFL;

    private final TeacherConfig.Endpoint config;
    private final OkHttpTransport transport;
    private final OpenAiChatModel model;
    private final Traffic traffic = new Traffic();

    private EndpointModel(TeacherConfig.Endpoint config, Map<String, String> environment, Path cache, long seed, Timekeeper time) {
        this.config = config;
        this.transport = Wire.open(config, Form.CHAT, environment, cache, seed, time, traffic);
        this.model = OpenAiChatModel.builder()
                .httpClientBuilder(transport.asBuilder())
                .baseUrl(config.baseUrl())
                .modelName(config.model())
                .returnThinking(true)
                .maxRetries(0) // ours do it, and count it
                .build();
    }

    /// @param environment where the key is looked up, normally `System.getenv()`
    /// @param cache       folder of cached answers; written only where the config says so
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if the variable the config names holds no key
    public static EndpointModel open(TeacherConfig.Endpoint config, Map<String, String> environment, Path cache, long seed) {
        return open(config, environment, cache, seed, Timekeeper.SYSTEM);
    }

    /// The same, with a clock of its own.
    public static EndpointModel open(
            TeacherConfig.Endpoint config, Map<String, String> environment, Path cache, long seed, Timekeeper time) {
        return new EndpointModel(config, environment, cache, seed, time);
    }

    @Override
    public ModelCard card() {
        return new ModelCard(config.model(), "endpoint:" + config.baseUrl(), "", 0, 1, config.concurrency(), false);
    }

    /// @return what went over the wire so far
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public Usage most(GenerationRequest request) {
        TokenEstimate estimate = TokenEstimate.of(request);
        return new Usage(estimate.prompt(), estimate.most(), config.price(estimate.prompt(), estimate.most()));
    }

    /// @throws ConfigException if the endpoint refuses the key: then it refuses every request
    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (GenerationRequest request : requests) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            outcomes.add(generate(request));
        }
        return outcomes;
    }

    private GenerationOutcome generate(GenerationRequest request) throws InterruptedException {
        try {
            return completion(request, model.chat(chatRequest(request)));
        } catch (EndpointFailure failure) {
            return switch (failure.kind()) {
                case PERMANENT -> new Failure(request.id(), failure.getMessage(), false);
                case TEMPORARY -> new Failure(request.id(), failure.getMessage(), true);
                case KEY -> throw new ConfigException(List.of(failure.problem()));
                case INTERRUPTED -> throw interrupted();
            };
        } catch (ContentFilteredException refusal) {
            String words = String.valueOf(refusal.getMessage());
            Usage usage = usage(TokenEstimate.ofMessages(request.messages()), TokenEstimate.ofText(words), false);
            return new Completion(request.id(), words, Optional.empty(), FinishReason.CONTENT_FILTER, usage);
        } catch (RuntimeException other) {
            if (Thread.currentThread().isInterrupted()) { // LangChain4j's own loop saw it first, and wrapped what we threw
                throw interrupted();
            }
            String got = "%s: %s".formatted(other.getClass().getSimpleName(), Words.of(String.valueOf(other.getMessage())));
            return new Failure(
                    request.id(),
                    new Problem(config.baseUrl(), "an answer LangChain4j can read", got, "check that the endpoint is OpenAI-compatible").toString(),
                    true);
        }
    }

    /// From here on the exception says it, no longer the thread's flag.
    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException();
    }

    private ChatRequest chatRequest(GenerationRequest request) {
        return ChatRequest.builder()
                .messages(request.messages().stream().map(EndpointModel::message).toList())
                .parameters(OpenAiChatRequestParameters.builder()
                        .modelName(config.model())
                        .temperature(request.sampling().temperature())
                        .topP(request.sampling().topP())
                        .maxOutputTokens(request.sampling().maxTokens())
                        .stopSequences(request.sampling().stop())
                        .seed(seed(request))
                        .build())
                .build();
    }

    private static int seed(GenerationRequest request) {
        return (int) (request.sampling().seed() & SEED_BITS);
    }

    private static dev.langchain4j.data.message.ChatMessage message(ChatMessage message) {
        return switch (message.role()) {
            case ChatMessage.SYSTEM -> SystemMessage.from(message.content());
            case ChatMessage.ASSISTANT -> AiMessage.from(message.content());
            case ChatMessage.USER -> UserMessage.from(message.content());
            default -> throw new IllegalArgumentException(
                    "messages: system, user or assistant; got role \"%s\"; a teacher is asked without tools".formatted(message.role()));
        };
    }

    private Completion completion(GenerationRequest request, ChatResponse response) {
        OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) response.metadata();
        boolean cached = metadata.rawHttpResponse().headers().containsKey(CacheInterceptor.MARK);
        String text = Optional.ofNullable(response.aiMessage().text()).orElse("");
        Optional<String> reasoning = Optional.ofNullable(response.aiMessage().thinking()).or(() -> reasoning(metadata.rawHttpResponse().body()));
        Optional<TokenUsage> counted = Optional.ofNullable(metadata.tokenUsage());
        Usage usage = usage(
                counted.flatMap(tokens -> count(tokens.inputTokenCount())).orElseGet(() -> TokenEstimate.ofMessages(request.messages())),
                counted.flatMap(tokens -> count(tokens.outputTokenCount()))
                        .orElseGet(() -> TokenEstimate.ofText(text) + TokenEstimate.ofText(reasoning.orElse(""))),
                cached);
        return new Completion(request.id(), text, reasoning, finish(metadata), usage);
    }

    private static Optional<Long> count(Integer tokens) {
        return Optional.ofNullable(tokens).filter(n -> n >= 0).map(Integer::longValue);
    }

    /// In a field that LangChain4j does not know. The body is parsed once more only where it has such a field: at a thousand answers a second that counts.
    private static Optional<String> reasoning(String raw) {
        if (!raw.contains("\"reasoning\"")) {
            return Optional.empty();
        }
        try {
            return ChatBody.parse(raw).reasoning();
        } catch (IOException e) {
            throw new IllegalStateException("a body that was an answer on the way is none now; this is a bug, please report it", e);
        }
    }

    private Usage usage(long promptTokens, long completionTokens, boolean cached) {
        return new Usage(promptTokens, completionTokens, cached ? 0 : config.price(promptTokens, completionTokens));
    }

    private static FinishReason finish(OpenAiChatResponseMetadata metadata) {
        return switch (metadata.finishReason()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case TOOL_EXECUTION, OTHER -> FinishReason.OTHER;
            case null -> FinishReason.OTHER;
        };
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("an endpoint gives no probabilities of a text; score with local weights");
    }

    @Override
    public void close() {
        transport.close();
    }
}
