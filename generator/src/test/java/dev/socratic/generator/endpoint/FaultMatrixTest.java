package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that lies in every way at once: whatever it does, every request has one answer in the end, none is paid
/// twice, what is booked is no less than what an honest biller would have charged, and the budget holds.
class FaultMatrixTest {
    private static final int READ = 20;
    private static final int WROTE = 10;

    @TempDir
    Path folder;

    /// What became of the requests on the server's side.
    private static final class Liar extends Dispatcher {
        private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
        private final AtomicInteger seen = new AtomicInteger();
        private final LongAdder billed = new LongAdder();
        private final int outage;

        /// @param outage number of the request with which it goes down, for 200 requests
        Liar(int outage) {
            this.outage = outage;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            int n = seen.incrementAndGet();
            String question = question(request);
            int attempt = tries.computeIfAbsent(question, q -> new AtomicInteger()).incrementAndGet();
            if (n >= outage && n < outage + 200) {
                return Answers.status(503, "down for minutes");
            }
            int fault = attempt > 4 ? 99 : new Random(31L * question.hashCode() + attempt).nextInt(100);
            if (fault < 8) {
                return new MockResponse.Builder().code(429).addHeader("Retry-After", "1").body("slow down").build();
            }
            if (fault < 14) {
                return Answers.status(429, "slow down");
            }
            if (fault < 22) {
                return Answers.status(500, "oops");
            }
            billed.add(READ + WROTE); // from here on it worked
            String body = body(question, fault);
            if (fault < 27) {
                return new MockResponse.Builder().body(body).onResponseBody(new SocketEffect.CloseSocket())
                        .build();
            }
            if (fault < 31) {
                return Answers.status(200, "<html>Sign in</html>");
            }
            if (fault < 35) {
                return Answers.status(200, body.substring(0, body.length() / 2));
            }
            answered.computeIfAbsent(question, q -> new AtomicInteger()).incrementAndGet();
            return new MockResponse.Builder().body(body).build();
        }

        private static String question(RecordedRequest request) {
            try {
                JsonNode body = Json.mapper().readTree(request.getBody().utf8());
                return body.at("/messages/0/content").asText();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        /// Every answer has the same id; some count nothing, some more than anybody can.
        private static String body(String question, int fault) {
            String usage = fault < 40 ? "{\"prompt_tokens\":\"many\"}" : fault < 45
                    ? "{\"prompt_tokens\":1000000000000000000,\"completion_tokens\":-3}"
                    : "{\"prompt_tokens\":%s,\"completion_tokens\":%s}".formatted(READ, WROTE);
            return ("{\"id\":\"same\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
                    + "\"assistant\",\"content\":\"answer to %s\"}}],\"usage\":%s}").formatted(question, usage);
        }
    }

    private record Plan(int size) implements Asks {
        @Override
        public GenerationRequest request(int number) {
            return new GenerationRequest("r" + number, List.of(ChatMessage.user("question number %s".formatted(number))),
                    new GenerationParameters(new Sampling(0.7, 0.9), 32, List.of()), number);
        }
    }

    private void ask(int size, int concurrency) throws Exception {
        Plan plan = new Plan(size);
        Liar liar = new Liar(size / 2);
        long limit = 1_000L * size;
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(liar);
            server.start();
            TeacherConfig.Endpoint config = Answers.config(server, concurrency, 6, false);
            for (int run = 0; run < 5; run++) { // what failed for the time being is asked by the next run
                try (AskStore store = AskStore.open(folder); EndpointModel model = EndpointModel.open(config,
                        Map.of("TEST_KEY", Answers.KEY), run, new FakeTime())) {
                    AskOutcome outcome = new Asker(plan, model, store, "generate", new BudgetConfig(Optional.empty(),
                            Optional.of(limit)), "generate"::equals, Progress.SILENT).ask();
                    if (outcome.unsettled().isEmpty() && outcome.stop().isEmpty()) {
                        break;
                    }
                }
            }
            try (AskStore store = AskStore.open(folder); EndpointModel model = EndpointModel.open(config,
                    Map.of("TEST_KEY", Answers.KEY), 9, new FakeTime())) {
                int before = liar.seen.get();
                AskOutcome outcome = new Asker(plan, model, store, "generate", new BudgetConfig(Optional.empty(),
                        Optional.of(limit)), "generate"::equals, Progress.SILENT).ask();
                assertEquals(before, liar.seen.get(), "everything was there");
                for (int number = 0; number < size; number++) {
                    Completion answer = (Completion) outcome.outcome(number);
                    assertEquals("answer to question number " + number, answer.text());
                }
                Usage spent = store.spent("generate"::equals);
                long booked = spent.promptTokens() + spent.completionTokens();
                assertTrue(booked >= liar.billed.sum(), booked + " booked, billed " + liar.billed);
                assertTrue(booked <= limit, booked + " of " + limit);
            }
        }
        assertEquals(size, liar.answered.size(), "every request was answered");
        liar.answered.forEach((question, times) -> assertEquals(1, times.get(), question));
    }

    @Test
    void whateverALyingServerDoesEveryRequestIsAnsweredOnceAndBooked() throws Exception {
        ask(400, 8);
    }

    @Test
    @Tag("soak")
    void twentyThousandRequestsLikewise() throws Exception {
        ask(20_000, 64);
    }
}
