package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.generator.OddServer.Asked;
import dev.socratic.generator.OddServer.Ran;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `n: N`: samples of a question share a request, and its prompt is paid once.
class SharedRequestsTest {
    @TempDir
    Path folder;

    @Test
    void samplesOfAQuestionShareARequestAndEachKeepsARowOfItsOwn() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(several(one, wanted(one))))) {
            Ran ran = server.generate(folder, "n: 4", "{}", 2, 4);
            assertEquals(List.of(4, 4), server.asked().stream().map(SharedRequestsTest::wanted).toList());
            assertEquals(8, new TreeSet<>(texts(ran, "id")).size());
            assertEquals(8, new TreeSet<>(texts(ran, "answer_text")).size(), "each its own choice");
            assertEquals(2 * 20, sum(ran, "prompt_tokens"), "the prompt is paid once");
            assertEquals(2 * 4 * 12, sum(ran, "completion_tokens"));
            assertEquals(2 * (20e-6 + 4 * 12 * 2e-6), ran.report().usage().costUsd(), 1e-12, "as the server bills it");
        }
    }

    /// The longer an answer, the more of what was counted for all is its own.
    @Test
    void whatWasCountedForAllIsSharedOutByLength() throws Exception {
        try (OddServer server = new OddServer(one -> {
            ObjectNode body = OddServer.body(one.words());
            ((ObjectNode) body.path("usage")).put("completion_tokens", 100).put("total_tokens", 120);
            String more = IntStream.range(1, 40).mapToObj(i -> "Step %s takes %s.".formatted(i, i * i))
                    .collect(Collectors.joining(" "));
            choice(body, 1, more + "\nThe answer is " + one.right() + ".");
            return Optional.of(OddServer.ok(body));
        })) {
            Ran ran = server.generate(folder, "n: 2", "{}", 1, 2);
            List<Integer> written = ran.answers().stream()
                    .map(row -> row.at("/usage/completion_tokens").asInt()).sorted().toList();
            assertEquals(100, written.get(0) + written.get(1));
            assertTrue(written.get(0) > 0 && written.get(1) > 5 * written.get(0), written.toString());
        }
    }

    @Test
    void aQuestionsRestIsAskedForWithASmallerN() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(several(one, wanted(one))))) {
            Ran ran = server.generate(folder, "n: 4", "{}", 2, 6);
            assertEquals(List.of(2, 2, 4, 4), server.asked().stream().map(SharedRequestsTest::wanted).sorted().toList());
            assertEquals(12, ran.answers().size());
        }
    }

    @Test
    void moreSamplesAskForTheNewOnesOnly() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(several(one, wanted(one))))) {
            server.generate(folder, "n: 4", "{}", 1, 2);
            Ran ran = server.generate(folder, "n: 4", "{}", 1, 4);
            assertEquals(List.of(2, 2), server.asked().stream().map(SharedRequestsTest::wanted).toList());
            assertEquals(4, ran.answers().size());
        }
    }

    @Test
    void aServerThatAnswersOnceIsAskedForOneAtATimeAndThatIsSaidOnce() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            Ran ran = server.generate(folder, "n: 3", "{}", 4, 3);
            List<Integer> wanted = server.asked().stream().map(SharedRequestsTest::wanted).toList();
            assertTrue(wanted.lastIndexOf(3) < 2, "two are under way at once: " + wanted);
            assertEquals(List.of(12, 12), List.of(wanted.size(), ran.answers().size()));
            assertEquals(1, server.notes().stream().filter(note -> note.contains(
                    "the endpoint gives one answer where several are asked for: each is asked for alone from now on"))
                    .count(), server.notes().toString());
        }
    }

    @Test
    void aServerThatRefusesTheFieldIsAskedWithoutIt() throws Exception {
        Function<Asked, Optional<MockResponse>> refusing = one -> one.body().has("n")
                ? Optional.of(OddServer.status(400, """
                        {"error": {"message": "Unsupported parameter: 'n'", "param": "n", "code": "unsupported_parameter"}}
                        """).build())
                : Optional.empty();
        try (OddServer server = new OddServer(refusing)) {
            Ran ran = server.generate(folder, "n: 2", "{}", 4, 2);
            assertEquals(8, ran.answers().size());
            long with = server.asked().stream().filter(one -> one.body().has("n")).count();
            assertTrue(with <= 2, with + " were sent with it, though two are under way at once");
            assertEquals(List.of("n"), ran.report().notes().get("request_fields_refused"));
        }
    }

    @Test
    void aChoiceWithoutTextCostsItselfAlone() throws Exception {
        try (OddServer server = new OddServer(one -> {
            if (wanted(one) == 1) {
                return Optional.empty();
            }
            ObjectNode body = OddServer.body("");
            choice(body, 1, one.words());
            choice(body, 2, one.words());
            return Optional.of(OddServer.ok(body));
        })) {
            Ran ran = server.generate(folder, "n: 3", "{}", 1, 3);
            assertEquals(List.of(3, 1), server.asked().stream().map(SharedRequestsTest::wanted).toList());
            assertEquals(3, ran.answers().size());
        }
    }

    @Test
    void whatFailsForGoodFailsForAllThatWereAskedForTogether() throws Exception {
        try (OddServer server = new OddServer(one -> one.number() == 0
                ? Optional.of(OddServer.status(400, "{\"error\": {\"message\": \"flagged\", \"code\": "
                        + "\"content_filter\"}}").build())
                : Optional.of(several(one, wanted(one))))) {
            Ran ran = server.generate(folder, "n: 2", "{}", 2, 2);
            assertEquals(List.of(2, 2), List.of(ran.failed().size(), ran.answers().size()));
        }
    }

    @Test
    void theBudgetHasRoomForThePromptOnceAndEveryAnswer() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(several(one, wanted(one))))) {
            // the prompt's 15 tokens at most and three answers of 1,000: 0.006015 USD; one alone would be 0.002015
            Ran ran = server.generate(folder, "n: 3", "{max_tokens: 1000}", 1, 3, "budget: {max_usd: 0.0059}");
            assertEquals(0, server.asked().size());
            assertTrue(ran.report().incomplete().orElseThrow().contains("budget.max_usd"), ran.report().toString());
            assertEquals(3, server.generate(folder, "n: 3", "{max_tokens: 1000}", 1, 3, "budget: {max_usd: 0.0062}")
                    .answers().size());
        }
    }

    private static int wanted(Asked one) {
        return one.body().path("n").asInt(1);
    }

    private static MockResponse several(Asked one, int n) {
        ObjectNode body = OddServer.body("Choice 0. " + one.words());
        ((ObjectNode) body.path("usage")).put("completion_tokens", 12 * n).put("total_tokens", 20 + 12 * n);
        for (int i = 1; i < n; i++) {
            choice(body, i, "Choice " + i + " of attempt " + one.attempt() + ". " + one.words());
        }
        return OddServer.ok(body);
    }

    private static void choice(ObjectNode body, int index, String text) {
        ObjectNode choice = ((ArrayNode) body.path("choices")).addObject().put("index", index)
                .put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
    }

    private static List<String> texts(Ran ran, String field) {
        return ran.answers().stream().map(row -> row.path("question_id").asText() + row.path(field).asText()).toList();
    }

    private static long sum(Ran ran, String field) {
        return ran.answers().stream().map(row -> row.path("usage").path(field)).mapToLong(JsonNode::asLong).sum();
    }
}
