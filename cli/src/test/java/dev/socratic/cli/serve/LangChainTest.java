package dev.socratic.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.socratic.models.embed.SentenceEncoder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// LangChain4j as a client: chats, streams, tools, vectors, refusals.
class LangChainTest {
    private static final String CALL = "<tool_call>{\"name\":\"weather\",\"arguments\":{\"city\":\"Bonn\"}}</tool_call>";
    private static final SpellingModel MODEL = new SpellingModel();
    private static SentenceEncoder encoder;
    private static OpenAiServer server;

    @BeforeAll
    static void open() {
        Engines.threads(1);
        MODEL.template = "{% if tools %}<tool_call> tool_calls {% endif %}</think>";
        encoder = SentenceEncoder.open(Path.of("..", "models", "src", "test", "resources", "embed", "minilm"), Compute.CPU);
        server = OpenAiServer.start(List.of(ServedModel.of(MODEL), new ServedModel.Embedder("minilm", encoder)),
                ServeOptions.of(0));
    }

    @AfterAll
    static void close() {
        server.close();
        encoder.close();
    }

    private static OpenAiChatModel chat() {
        return OpenAiChatModel.builder().baseUrl(server.address()).apiKey("unused").modelName("org/speller")
                .temperature(0.0).maxTokens(20).maxRetries(0).returnThinking(true).build();
    }

    @Test
    void chatsAndTheirCountsAreRead() {
        ChatResponse reply = chat().chat(UserMessage.from("<think> hm </think> a b c"));
        assertEquals("a b c", reply.aiMessage().text());
        assertEquals("hm", reply.aiMessage().thinking());
        assertEquals(FinishReason.STOP, reply.finishReason());
        assertEquals(6, reply.tokenUsage().outputTokenCount());
    }

    @Test
    void streamsAreRead() throws Exception {
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        OpenAiStreamingChatModel.builder().baseUrl(server.address()).apiKey("unused").modelName("org/speller")
                .temperature(0.0).build().chat("one two three", new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        text.append(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        done.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        done.completeExceptionally(error);
                    }
                });
        assertEquals("one two three", done.get(20, TimeUnit.SECONDS).aiMessage().text());
        assertEquals("one two three", text.toString());
        assertEquals(3, done.get().tokenUsage().outputTokenCount(), "it asks for the counts of a stream");
    }

    @Test
    void toolsAreOfferedCalledAndAnswered() {
        ToolSpecification weather = ToolSpecification.builder().name("weather").description("of a city")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build()).build();
        UserMessage question = UserMessage.from(CALL);
        AiMessage message = chat().chat(ChatRequest.builder().messages(question).toolSpecifications(weather).build())
                .aiMessage();
        assertEquals("weather", message.toolExecutionRequests().getFirst().name());
        assertEquals("{\"city\":\"Bonn\"}", message.toolExecutionRequests().getFirst().arguments());
        ToolExecutionResultMessage result = ToolExecutionResultMessage.from(message.toolExecutionRequests().getFirst(),
                "sunny");
        String said = chat().chat(ChatRequest.builder().messages(question, message, result)
                .toolSpecifications(weather).build()).aiMessage().text();
        assertTrue(said.endsWith("sunny") && said.contains("weather"), said);
    }

    @Test
    void vectorsAreRead() {
        OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder().baseUrl(server.address()).apiKey("unused")
                .modelName("minilm").build();
        List<Embedding> vectors = model.embedAll(List.of(TextSegment.from("How many?"), TextSegment.from("a"))).content();
        assertEquals(2, vectors.size());
        assertEquals(16, vectors.getFirst().dimension());
        assertEquals(1, Math.sqrt(vectors.getFirst().vectorAsList().stream().mapToDouble(x -> x * x).sum()), 1e-5);
    }

    @Test
    void refusalsSayWhatIsWrong() {
        String said = assertThrows(InvalidRequestException.class, () -> chat().chat("too long")).getMessage();
        assertTrue(said.contains("messages: a prompt of 1 to 63 tokens; got 99; shorten it"), said);
    }
}
