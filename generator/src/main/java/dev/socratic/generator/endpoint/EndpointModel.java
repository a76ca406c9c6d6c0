package dev.socratic.generator.endpoint;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
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
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A model behind an OpenAI-compatible endpoint (`POST {base_url}/chat/completions`).
///
/// LangChain4j writes the request as OpenAI's own endpoint takes it and reads an answer as that one writes it; what
/// other endpoints do otherwise is translated between the two, on the way ([ADR
/// 6](docs/adr/0006-dialects-below-langchain4j.md)).
///
/// A key that is refused before anything was answered with it is no failure of one request but of the config, and is
/// thrown. Where the server does not count tokens, usage is [TokenEstimate]. Seeds are sent as their lowest 31 bits,
/// the widest number every server in use takes. Call it from virtual threads: an interrupt then ends a wait for the
/// server at once, on a platform thread only when the time-out is over.
public final class EndpointModel implements TextModel {
    private static final long SEED_BITS = 0x7FFF_FFFFL;

    private final TeacherConfig.Endpoint config;
    private final Wire wire;
    private final OpenAiChatModel model;
    private final AtomicBoolean oneAtATime = new AtomicBoolean();

    private EndpointModel(TeacherConfig.Endpoint config, Map<String, String> environment, long seed,
            Timekeeper time) {
        this.config = config;
        this.wire = Wire.open(config, RequestKind.CHAT, environment, Optional.empty(), seed, time);
        this.model = OpenAiChatModel.builder()
                .httpClientBuilder(wire.transport().asBuilder())
                .baseUrl(EndpointAddress.of(config.baseUrl()).base())
                .modelName(config.model())
                .returnThinking(true)
                .maxRetries(0) // ours do it, and count it
                .build();
    }

    /// @param environment where the key is looked up, normally `System.getenv()`
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if the variable the config names holds no key
    public static EndpointModel open(TeacherConfig.Endpoint config, Map<String, String> environment,
            long seed) {
        return open(config, environment, seed, Timekeeper.SYSTEM);
    }

    /// The same, with a clock of its own.
    public static EndpointModel open(
            TeacherConfig.Endpoint config, Map<String, String> environment, long seed,
            Timekeeper time) {
        return new EndpointModel(config, environment, seed, time);
    }

    /// Twice as many requests as are on the wire may be under way: those that wait for their next attempt hold no
    /// place.
    @Override
    public ModelCard card() {
        return new ModelCard(config.model(), "endpoint:" + config.baseUrl(), "", 0, config.n(),
                2 * config.concurrency(), false);
    }

    /// @return what went over the wire so far
    public Traffic traffic() {
        return wire.traffic();
    }

    @Override
    public void onNote(Consumer<String> sink) {
        wire.onNote(sink);
    }

    @Override
    public Map<String, Object> notes() {
        return wire.notes();
    }

    @Override
    public String shape() {
        return Wire.shape(config);
    }

    @Override
    public boolean metered() {
        return true;
    }

    @Override
    public Usage most(GenerationRequest request) {
        TokenEstimate estimate = TokenEstimate.of(request);
        return usage(estimate.prompt(), estimate.most());
    }

    /// Those that share a request pay its prompt once.
    @Override
    public Usage most(List<GenerationRequest> together) {
        TokenEstimate estimate = TokenEstimate.of(together.getFirst());
        return usage(estimate.prompt(), together.size() * estimate.most());
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        return generate(requests, Meter.FREE);
    }

    /// @throws ConfigException if the endpoint refuses the key: then it refuses every request
    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests, Meter meter) throws InterruptedException {
        List<GenerationOutcome> outcomes = new ArrayList<>();
        Optional<ChatMessage> plain = requests.stream().flatMap(request -> request.messages().stream())
                .filter(message -> message.role().equals(ChatMessage.TEXT)).findFirst();
        if (plain.isPresent()) {
            throw new ConfigException("apply_chat_template", "true, for an endpoint is asked in turns of a chat",
                    "a prompt without a chat template", "ask with --apply-chat-template, or local weights");
        }
        while (outcomes.size() < requests.size()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            outcomes.addAll(ask(next(requests, outcomes.size()), meter));
        }
        return outcomes;
    }

    /// Samples of one question differ by their seed alone.
    @Override
    public boolean together(GenerationRequest first, GenerationRequest next) {
        return first.messages().equals(next.messages()) && first.parameters().equals(next.parameters());
    }

    private List<GenerationRequest> next(List<GenerationRequest> requests, int from) {
        int most = oneAtATime.get() ? 1 : config.n();
        int to = from + 1;
        while (to < requests.size() && to - from < most && together(requests.get(from), requests.get(to))) {
            to++;
        }
        return requests.subList(from, to);
    }

    /// @param group what one request of the endpoint asks for
    /// @return outcomes of its first requests, at least of one
    private List<? extends GenerationOutcome> ask(List<GenerationRequest> group, Meter meter)
            throws InterruptedException {
        EndpointCall exchange = EndpointCall.metered(group, meter, counted -> counted(group, counted));
        GenerationRequest first = group.getFirst();
        try {
            ChatResponse response = wire.transport().within(exchange, () -> model.chat(chatRequest(first,
                    group.size())));
            return group.size() == 1 ? List.of(completion(first, response)) : completions(group, exchange.answers());
        } catch (EndpointFailure failure) {
            return switch (failure.kind()) {
                case PERMANENT -> failures(group, failure.problem(), false);
                case TEMPORARY -> failures(group, failure.problem(), true);
                case KEY -> throw new ConfigException(List.of(failure.problem()));
                case INTERRUPTED -> throw interrupted();
            };
        } catch (RuntimeException other) {
            // LangChain4j's own loop saw it first, and wrapped what we threw
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            throw other;
        }
    }

    private List<Failure> failures(List<GenerationRequest> group, Problem problem, boolean temporary) {
        String said = wire.secrets().redact(problem.toString());
        return group.stream().map(request -> new Failure(request.id(), said, temporary)).toList();
    }

    /// From here on the exception says it, no longer the thread's flag.
    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException();
    }

    private ChatRequest chatRequest(GenerationRequest request, int answers) {
        GenerationParameters parameters = request.parameters();
        Map<String, Object> further = new TreeMap<>(parameters.sent());
        if (answers > 1) {
            further.put("n", answers);
        }
        return ChatRequest.builder()
                .messages(request.messages().stream().map(EndpointModel::message).toList())
                .parameters(OpenAiChatRequestParameters.builder()
                        .modelName(config.model())
                        .temperature(parameters.sampling().temperature())
                        .topP(parameters.sampling().topP())
                        .maxOutputTokens(parameters.maxTokens())
                        .stopSequences(parameters.stop())
                        .seed(seed(request))
                        .customParameters(further)
                        .build())
                .build();
    }

    private static int seed(GenerationRequest request) {
        return (int) (request.seed() & SEED_BITS);
    }

    private static dev.langchain4j.data.message.ChatMessage message(ChatMessage message) {
        return switch (message.role()) {
            case ChatMessage.SYSTEM -> SystemMessage.from(message.content());
            case ChatMessage.ASSISTANT -> AiMessage.from(message.content());
            case ChatMessage.USER -> UserMessage.from(message.content());
            default -> throw new IllegalArgumentException(
                    "messages: system, user or assistant; got role \"%s\"; a teacher is asked without tools"
                            .formatted(message.role()));
        };
    }

    private Completion completion(GenerationRequest request, ChatResponse response) {
        OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) response.metadata();
        String text = Optional.ofNullable(response.aiMessage().text()).orElse("");
        Optional<String> reasoning = Optional.ofNullable(response.aiMessage().thinking());
        Optional<TokenUsage> counted = Optional.ofNullable(metadata.tokenUsage());
        Usage usage = usage(
                counted.flatMap(tokens -> count(tokens.inputTokenCount())).orElseGet(() ->
                        TokenEstimate.ofMessages(request.messages())),
                counted.flatMap(tokens -> count(tokens.outputTokenCount()))
                        .orElseGet(() -> TokenEstimate.ofText(text) + TokenEstimate.ofText(reasoning.orElse(""))));
        return new Completion(request.id(), untilStop(text, request.parameters().stop()), reasoning, finish(metadata),
                usage);
    }

    /// A server counts once for all: the first answer is booked with the prompt, and what was written is shared out by
    /// the lengths of the texts, so that the usages of all add up to what was paid.
    private List<Completion> completions(List<GenerationRequest> group, ChatAnswer.Several several) {
        List<ChatAnswer> answers = several.answers();
        if (several.choices() == 1 && !oneAtATime.getAndSet(true)) {
            wire.say("the endpoint gives one answer where several are asked for: each is asked for alone from now on");
        }
        int came = Math.min(group.size(), answers.size());
        long[] lengths = answers.stream().limit(came)
                .mapToLong(a -> TokenEstimate.ofText(a.text()) + TokenEstimate.ofText(a.reasoning().orElse("")))
                .toArray();
        Counted counted = answers.getFirst().counted();
        long[] written = Counted.shared(counted.completionTokens().orElse(Arrays.stream(lengths).sum()), lengths);
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < came; i++) {
            GenerationRequest request = group.get(i);
            long prompt = i > 0 ? 0
                    : counted.promptTokens().orElseGet(() -> TokenEstimate.ofMessages(request.messages()));
            ChatAnswer answer = answers.get(i);
            completions.add(new Completion(request.id(), untilStop(answer.text(), request.parameters().stop()),
                    answer.reasoning(), answer.finish(), usage(prompt, written[i])));
        }
        return completions;
    }

    /// A server that takes no `stop` writes on behind it.
    private static String untilStop(String text, List<String> stop) {
        return stop.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().stream().mapToObj(at ->
                text.substring(0, at)).findFirst()
                .orElse(text);
    }

    private static Optional<Long> count(Integer tokens) {
        return Optional.ofNullable(tokens).filter(n -> n >= 0).map(Integer::longValue);
    }

    /// What half a count says, with the estimate for the other half.
    private Usage counted(List<GenerationRequest> group, Counted counted) {
        TokenEstimate most = TokenEstimate.of(group.getFirst());
        return usage(counted.promptTokens().orElse(most.prompt()),
                counted.completionTokens().orElse(group.size() * most.most()));
    }

    private Usage usage(long promptTokens, long completionTokens) {
        return new Usage(promptTokens, completionTokens, config.price(promptTokens, completionTokens));
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
        throw new UnsupportedOperationException("an endpoint gives no probabilities of a text; score with local "
                + "weights");
    }

    @Override
    public void close() {
        wire.close();
    }
}
