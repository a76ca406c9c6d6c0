package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.OddServer.Asked;
import dev.socratic.generator.OddServer.Ran;
import dev.socratic.generator.endpoint.EndpointModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing is billed that is not booked. The server keeps its own bill: 20 tokens read and 12 written for whatever it
/// worked on, delivered or not.
class EndpointMoneyTest {
    private static final Usage WORST = new Usage(100, 64, 228e-6);
    private static final Usage COUNTED = new Usage(20, 12, 44e-6);

    @TempDir
    Path folder;

    /// Writes down what it is told.
    private static final class Ledger implements Meter {
        private final List<Optional<Usage>> booked = new ArrayList<>();
        private int out;
        private int left = Integer.MAX_VALUE;

        @Override
        public synchronized boolean leave(List<GenerationRequest> together) {
            assertEquals(0, out, "an attempt was not told to be over");
            if (left-- <= 0) {
                return false;
            }
            out++;
            return true;
        }

        @Override
        public synchronized void back(List<GenerationRequest> together, Optional<Usage> taken) {
            out--;
            booked.add(taken);
        }

        double usd() {
            return booked.stream().mapToDouble(taken -> taken.orElse(WORST).costUsd()).sum();
        }
    }

    private static GenerationRequest request() {
        return new GenerationRequest("r", List.of(ChatMessage.user("What is 10 + 1?")), new GenerationParameters(
                new Sampling(0.7, 1), 64), 5);
    }

    private static MockResponse cut(Asked one) {
        return new MockResponse.Builder().body(OddServer.body(one.words()).toString())
                .onResponseBody(new SocketEffect.CloseSocket()).build();
    }

    private static MockResponse with(Asked one, String usage) {
        ObjectNode body = OddServer.body(one.words());
        body.remove("usage");
        return OddServer.ok(body.toString().replaceFirst("}$", ",\"usage\":" + usage + "}"));
    }

    /// What a first attempt may become, with what is booked for it; empty is the worst case.
    private static Map<String, Map.Entry<Function<Asked, MockResponse>, Optional<Usage>>> attempts() {
        Map<String, Map.Entry<Function<Asked, MockResponse>, Optional<Usage>>> all = new LinkedHashMap<>();
        all.put("half a JSON", Map.entry(one -> OddServer.ok("{\"choices\": [{"), Optional.empty()));
        all.put("half a JSON that counts", Map.entry(
                one -> OddServer.ok("{\"usage\": {\"prompt_tokens\": 20, \"completion_tokens\": 12}, \"choices\": "
                        + "[{"), Optional.of(COUNTED)));
        all.put("no JSON", Map.entry(one -> OddServer.ok("<html>hello</html>"), Optional.empty()));
        all.put("nothing", Map.entry(one -> OddServer.ok(""), Optional.empty()));
        all.put("no choices", Map.entry(
                one -> OddServer.ok("{\"choices\": [], \"usage\": {\"prompt_tokens\": 20, \"completion_tokens\": "
                        + "12}}"), Optional.of(COUNTED)));
        all.put("no text", Map.entry(one -> OddServer.ok(OddServer.body("")), Optional.of(COUNTED)));
        all.put("an error in a 200", Map.entry(one -> OddServer.ok("{\"error\": {\"message\": \"overloaded\"}}"),
                Optional.empty()));
        all.put("a rate limit in a 200", Map.entry(one ->
                OddServer.ok("{\"error\": {\"code\": 429, \"message\": \"x\"}}"), Optional.empty()));
        all.put("an error in a 200 that counts", Map.entry(one -> OddServer.ok(
                "{\"error\": {\"code\": 502}, \"usage\": {\"prompt_tokens\": \"20\", \"completion_tokens\": 12.0}}"),
                        Optional.of(COUNTED)));
        all.put("an error that counts", Map.entry(one -> OddServer.status(500,
                "{\"error\": {\"message\": \"x\"}, \"usage\": {\"input_tokens\": 20, \"output_tokens\": 12}}")
                        .build(), Optional.of(COUNTED)));
        all.put("broken UTF-8", Map.entry(one -> {
            byte[] body = OddServer.body("0123").toString().getBytes(StandardCharsets.UTF_8);
            body[new String(body, StandardCharsets.UTF_8).indexOf("0123")] = (byte) 0xFE;
            return new MockResponse.Builder().body(new Buffer().write(body)).build();
        }, Optional.of(COUNTED)));
        all.put("half a body", Map.entry(EndpointMoneyTest::cut, Optional.empty()));
        all.put("a broken connection", Map.entry(
                one -> new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build(),
                        Optional.empty()));
        all.put("a gateway that lost its server", Map.entry(one -> OddServer.status(502, "bad gateway").build(),
                Optional.empty()));
        all.put("a gateway that waited in vain", Map.entry(one -> OddServer.status(504, "").build(), Optional.empty()));
        for (int code : List.of(429, 500, 503, 529)) {
            all.put("status " + code, Map.entry(one -> OddServer.status(code, "no").build(), Optional.of(new Usage(0,
                    0, 0))));
        }
        return all;
    }

    @Test
    void everyAttemptIsBookedWhateverBecameOfIt() throws Exception {
        for (Map.Entry<String, Map.Entry<Function<Asked, MockResponse>,
                Optional<Usage>>> attempt : attempts().entrySet()) {
            Ledger ledger = new Ledger();
            try (OddServer server = new OddServer(one ->
                    one.attempt() == 1 ? Optional.of(attempt.getValue().getKey().apply(one)) : Optional.empty());
                    EndpointModel model = server.open("cache: false")) {
                assertInstanceOf(Completion.class, model.generate(List.of(request()), ledger).getFirst(),
                        attempt.getKey());
                assertEquals(List.of(attempt.getValue().getValue(), Optional.of(COUNTED)), ledger.booked,
                        attempt.getKey());
                assertEquals(0, ledger.out);
            }
        }
    }

    @Test
    void whatNeverLeftCostsNothing() throws Exception {
        Ledger ledger = new Ledger();
        OddServer server = new OddServer(one -> Optional.empty());
        try (EndpointModel model = server.open("cache: false")) {
            server.close();
            assertInstanceOf(Failure.class, model.generate(List.of(request()), ledger).getFirst());
        }
        assertEquals(java.util.Collections.nCopies(4, Optional.of(new Usage(0, 0, 0))), ledger.booked);
    }

    @Test
    void aRefusedFieldIsAnAttemptTooAndCostsNothing() throws Exception {
        Ledger ledger = new Ledger();
        try (OddServer server = new OddServer(one -> one.body().has("seed")
                ? Optional.of(OddServer.status(400, "{\"error\": \"unknown parameter 'seed'\"}")
                .build()) : Optional.empty());
                EndpointModel model = server.open("cache: false")) {
            model.generate(List.of(request()), ledger);
        }
        assertEquals(List.of(Optional.of(new Usage(0, 0, 0)), Optional.of(COUNTED)), ledger.booked);
    }

    @Test
    void whatTheServerCountsBeyondMaxTokensIsBookedAsItCounts() throws Exception {
        for (String usage : List.of(
                "{\"prompt_tokens\": 20, \"completion_tokens\": 640}",
                        "{\"prompt_tokens\": 20, \"completion_tokens\": 12, \"total_tokens\": 660}")) {
            Ledger ledger = new Ledger();
            try (OddServer server = new OddServer(one -> Optional.of(with(one,
                    usage))); EndpointModel model = server.open("cache: false")) {
                Completion answer = assertInstanceOf(Completion.class, model.generate(List.of(request()),
                        ledger).getFirst());
                assertEquals(new Usage(20, 640, 1300e-6), answer.usage());
                assertEquals(List.of(Optional.of(answer.usage())), ledger.booked);
            }
        }
    }

    @Test
    void withoutRoomNothingLeavesAndTheFailureSaysSo() throws Exception {
        Ledger ledger = new Ledger();
        ledger.left = 2;
        try (OddServer server = new OddServer(one ->
                Optional.of(OddServer.ok("no JSON"))); EndpointModel model = server.open("cache: false")) {
            GenerationOutcome outcome = model.generate(List.of(request()), ledger).getFirst();
            assertEquals(2, server.asked().size());
            assertEquals(new Failure("r", "budget: room for one more attempt; got none left; what was answered is "
                    + "kept: raise it and run the same"
                    + " command again", true), outcome);
        }
    }

    @Test
    void theBudgetOfTheStageHoldsAgainstAServerThatFailsHalfTheTime() throws Exception {
        AtomicLong billed = new AtomicLong(); // millionths of a dollar
        List<String> uncounted = List.of("half a JSON", "no JSON", "nothing", "half a body");
        List<Function<Asked, MockResponse>> faults = uncounted.stream()
                .map(name -> attempts().get(name).getKey()).toList();
        try (OddServer server = new OddServer(one -> {
            billed.addAndGet(44); // 20 tokens read at 1, 12 written at 2
            return (one.first() + one.attempt()) % 2 == 0
                    ? Optional.of(faults.get(one.first() % faults.size()).apply(one)) : Optional.empty();
        })) {
            Ran ran = server.generate(folder, "/v1", "cache: false", "{max_tokens: 64}\nbudget: {max_usd: 0.002}", 60);
            assertTrue(billed.get() <= 2000, "billed " + billed.get() + " of 2000");
            assertTrue(billed.get() > 400, "nothing was bought: " + billed.get());
            assertTrue(ran.report().usage().costUsd() * 1e6 >= billed.get() - 0.5, "booked " + ran.report().usage()
                    + ", billed " + billed.get());
            assertTrue(ran.report().usage().costUsd() <= 0.002, ran.report().usage().toString());
            assertTrue(!ran.answers().isEmpty());
        }
    }
}
