package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCacheTest {
    private static final GenerationRequest REQUEST = Answers.request("r1", "2 + 2?", 7);

    @TempDir
    Path folder;

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Completion ask(TeacherConfig.Endpoint config, GenerationRequest request) throws InterruptedException {
        try (EndpointModel model = EndpointModel.open(config,
                Map.of("TEST_KEY", Answers.KEY, "OTHER_KEY", "sk-other-987654321"), folder, 1, new FakeTime())) {
            return assertInstanceOf(Completion.class, model.generate(List.of(request)).getFirst());
        }
    }

    private TeacherConfig.Endpoint config() {
        return Answers.config(server, 2, 0, true);
    }

    @Test
    void theSecondTimeTheAnswerComesFromDiskAndCostsNothing() throws Exception {
        server.enqueue(Answers.ok("4"));
        Completion paid = ask(config(), REQUEST);
        Completion cached = ask(config(), REQUEST);
        assertEquals(1, server.getRequestCount());
        assertEquals(new Usage(10, 5, 20e-6), paid.usage());
        assertEquals(new Completion("r1", "4", Optional.empty(), paid.finish(), new Usage(10, 5, 0)), cached);
    }

    @Test
    void anythingThatChangesTheAnswerIsAnotherEntry() throws Exception {
        GenerationParameters way = REQUEST.parameters();
        Sampling sampling = way.sampling();
        List<ChatMessage> user = REQUEST.messages();
        List<ChatMessage> system = List.of(ChatMessage.system("Think hard."), ChatMessage.user("2 + 2?"));
        List<GenerationRequest> others = List.of(
                Answers.request("r", "2 + 3?", 7),
                Answers.request("r", "2 + 2?", 8),
                new GenerationRequest("r", List.of(ChatMessage.user("2+2?")), way, 7),
                new GenerationRequest("r", system, way, 7),
                new GenerationRequest("r", user, new GenerationParameters(new Sampling(0.8, 0.9), 64, way.stop()), 7),
                new GenerationRequest("r", user, new GenerationParameters(new Sampling(0.7, 0.95), 64, way.stop()), 7),
                new GenerationRequest("r", user, new GenerationParameters(sampling, 65, way.stop()), 7),
                new GenerationRequest("r", user, new GenerationParameters(sampling, 64), 7));
        server.enqueue(Answers.ok("first"));
        ask(config(), REQUEST);
        for (GenerationRequest other : others) {
            server.enqueue(Answers.ok("other"));
            assertEquals("other", ask(config(), other).text(), other.toString());
        }
        TeacherConfig.Endpoint c = config();
        server.enqueue(Answers.ok("model"));
        assertEquals("model",
                ask(new TeacherConfig.Endpoint(c.baseUrl(), "m2", c.keyEnv(), 2, Optional.empty(), Optional.empty(), 1,
                        0, 1, 2, true), REQUEST).text());
        server.enqueue(Answers.ok("address"));
        assertEquals("address",
                ask(new TeacherConfig.Endpoint(server.url("/v2").toString(), "m", c.keyEnv(), 2, Optional.empty(),
                        Optional.empty(), 1, 0, 1, 2, true), REQUEST).text());
        assertEquals("first", ask(config(), REQUEST).text());
    }

    @Test
    void theKeyIsNoPartOfTheEntry() throws Exception {
        server.enqueue(Answers.ok("4"));
        ask(config(), REQUEST);
        TeacherConfig.Endpoint c = config();
        ask(new TeacherConfig.Endpoint(c.baseUrl(), "m", Optional.of("OTHER_KEY"), 9, Optional.of(100),
                Optional.of(100L), 5, 3, 7, 8, true), REQUEST);
        assertEquals(1, server.getRequestCount());
    }

    @Test
    void aDamagedEntryIsAskedForAgainAndMended() throws Exception {
        server.enqueue(Answers.ok("4"));
        ask(config(), REQUEST);
        Path entry = entries().getFirst();
        String whole = Files.readString(entry);
        for (String damaged : List.of("", whole.substring(0, whole.length() / 2), whole.replace("stop", "stup"), "[]",
                "{\"sha256\":\"\",\"body\":\"\"}")) {
            Files.writeString(entry, damaged);
            server.enqueue(Answers.ok("4"));
            ask(config(), REQUEST);
            assertEquals(whole, Files.readString(entry));
        }
        assertEquals(6, server.getRequestCount());
    }

    @Test
    void onlyAnswersAreKept() throws Exception {
        server.enqueue(Answers.status(404, "{}"));
        server.enqueue(Answers.status(200, "{}"));
        try (EndpointModel model = EndpointModel.open(config(), Map.of("TEST_KEY", Answers.KEY), folder, 1,
                new FakeTime())) {
            model.generate(List.of(REQUEST));
            model.generate(List.of(REQUEST));
        }
        assertEquals(List.of(), entries());
        assertNotEquals(0, server.getRequestCount());
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
