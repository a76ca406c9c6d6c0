package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.OddServer.Ran;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the `generate` stage makes of an endpoint's errors: by status, header and code before prose.
class EndpointErrorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "429 Retry-After: 3 | {\"error\": {\"code\": \"429\", \"message\": \"Over the rate limit. To raise it go to "
                + "https://x.example/quotaincrease\"}}",
        "429 Retry-After: 3 | {\"error\": {\"message\": \"You exceeded your current quota, check plan and "
                + "billing\", \"code\": \"insufficient_quota\"}}",
        "429 Retry-After: Thu, 01 Jan 2026 12:00:03 GMT | quota",
        "429 retry-after-ms: 3000 | {\"error\": {\"message\": \"token quota per minute\"}}",
        "429 x-ratelimit-reset-tokens: 3s | {\"error\": {\"message\": \"quota\", \"type\": \"tokens\"}}",
        "429 x-ratelimit-reset: 1767268803000 | quota exceeded",
        "429 anthropic-ratelimit-requests-reset: 2026-01-01T12:00:03Z | {\"type\": \"error\", \"error\": {\"type\": "
                + "\"rate_limit_error\"}}",
        "429 | [{\"error\": {\"code\": 429, \"message\": \"You exceeded your current quota\", \"status\": "
                + "\"RESOURCE_EXHAUSTED\", \"details\":"
                + " [{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", \"retryDelay\": \"3s\"}]}}]",
        "429 | {\"error\": {\"message\": \"Quota used up. Please try again in 3.0s.\"}}",
        "429 | {\"error\": {\"message\": \"billing quota; retry after 3 seconds\"}}",
        "429 | {\"detail\": \"quota\", \"retry_after\": 3}",
        "503 Retry-After: 3 | busy",
        "403 Retry-After: 3 | {\"message\": \"You have exceeded a secondary rate limit\"}",
        "200 | {\"error\": {\"code\": 429, \"message\": \"Rate limited upstream, retry in 3 s\"}}"
    })
    void aWindowMakesARateLimitOfWhateverElseIsSaid(String exchange) throws Exception {
        try (OddServer server = OddServer.first(response(exchange))) {
            Ran ran = server.generate(folder);
            assertEquals(4, ran.answers().size(), exchange);
            assertEquals(8, server.asked().size());
            List<Duration> slept = server.time().slept();
            assertTrue(slept.stream().filter(w -> w.toMillis() >= 1500 && w.toMillis() <= 3500).count() >= 1,
                    slept.toString());
            assertEquals(4L, ran.report().notes().get("requests_told_to_slow_down"));
            assertEquals(4L, ran.report().notes().get("requests_sent_again"));
        }
    }

    /// `STATUS [header: value] | body`
    private static MockResponse response(String exchange) {
        String[] parts = exchange.split(" \\| ", 2);
        MockResponse.Builder response = OddServer.status(Integer.parseInt(parts[0].substring(0, 3)), parts[1]);
        if (parts[0].length() > 3) {
            String[] header = parts[0].substring(4).split(": ", 2);
            response.addHeader(header[0], header[1]);
        }
        return response.build();
    }

    @Test
    void whatMayPassIsAskedAgain() throws Exception {
        List<String> cases = List.of(
            "429 | {\"error\": {\"message\": \"Rate limit for your quota tier\", \"type\": \"requests\"}}",
        "429 | {\"error\": {\"code\": \"429\", \"message\": \"see https://x.example/billing/quota\"}}",
        "429 | quota exceeded for requests per minute, see your billing page",
        "429 | <html><head><title>429</title></head><body>slow</body></html>",
        "400 | {\"error\": {\"code\": \"rate_limit_exceeded\", \"message\": \"slow down\"}}",
        "529 | {\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\", \"message\": \"Overloaded\"}}",
        "408 | ", "409 | ", "425 | ", "500 | oops", "502 | <html>bad gateway</html>", "504 | ",
        "200 | {\"error\": {\"message\": \"upstream overloaded\"}}",
        "200 | {\"error\": {\"code\": 502, \"message\": \"provider fell over\"}, \"choices\": []}",
        "200 | {\"error\": \"busy\"}",
        "401 | {\"error\": {\"message\": \"upstream said 401\"}}");
        try (OddServer server = new OddServer(one -> one.attempt() == 1
                ? Optional.of(response(cases.get(one.number()))) : Optional.empty())) {
            assertEquals(cases.size(), server.generate(folder, cases).answers().size());
            assertEquals(2 * cases.size(), server.asked().size());
        }
    }

    @Test
    void whatNobodyPaysIsNotAskedAgainInThisRun() throws Exception {
        List<String> cases = List.of(
            "429 | {\"error\": {\"message\": \"no more\", \"type\": \"insufficient_quota\", \"code\": "
                    + "\"insufficient_quota\"}}",
        "429 | {\"error\": {\"message\": \"Your account balance is used up, please recharge\", \"code\": \"1113\"}}",
        "429 | {\"error\": {\"message\": \"You exceeded your current quota, please check your plan and billing "
                + "details.\"}}",
        "402 | {\"error\": {\"code\": 402, \"message\": \"insufficient credits\"}}",
        "403 | {\"error\": {\"code\": \"insufficient_user_quota\", \"message\": \"no credit\"}}",
        "400 | {\"type\": \"error\", \"error\": {\"type\": \"invalid_request_error\", \"message\": \"Your credit "
                + "balance is too low.\"}}",
        "200 | {\"error\": {\"code\": 402, \"message\": \"insufficient credits\"}}");
        try (OddServer server = new OddServer(one -> Optional.of(response(cases.get(one.number()))))) {
            Ran ran = server.generate(folder, cases);
            assertEquals(cases.size(), server.asked().size());
            assertEquals((long) cases.size(), ran.report().notes().get("temporary_failures"));
            for (JsonNode row : ran.failed()) {
                String problem = row.path("problem").asText();
                assertTrue(problem.endsWith("; add to the account's credit, then run the same command again"), problem);
            }
        }
    }

    @Test
    void onePromptThatIsRefusedIsOneRowThatFails() throws Exception {
        List<String> cases = List.of(
            "403 | {\"error\": {\"code\": 403, \"message\": \"needs moderation and the input was flagged\", "
                    + "\"metadata\": {\"reasons\": [\"x\"]}}}",
        "403 | <html><style>b {}</style><body><h1>Blocked by the firewall</h1></body></html>",
        "400 | {\"error\": {\"code\": \"content_filter\", \"message\": \"The prompt was filtered\", \"innererror\": "
                + "{\"code\": \"x\"}}}",
        "400 | {\"error\": {\"code\": \"data_inspection_failed\", \"message\": \"Input may hold unsuitable content. "
                + "seed\"}}",
        "413 | <html>too large</html>",
        "400 | {\"error\": {\"message\": \"maximum context length is 4096 tokens\", \"code\": "
                + "\"context_length_exceeded\"}}",
        "200 | {\"error\": {\"code\": 403, \"message\": \"the input was flagged\"}}");
        try (OddServer server = new OddServer(one -> one.number() < cases.size()
                ? Optional.of(response(cases.get(one.number()))) : Optional.empty())) {
            Ran ran = server.generate(folder, "/v1", "", "{}", cases.size() + 3); // refused from the very first on
            assertEquals(3, ran.answers().size());
            assertEquals(0L, ran.report().notes().get("temporary_failures"));
            assertEquals(cases.size() + 3, server.asked().size());
            for (JsonNode row : ran.failed()) {
                assertTrue(row.path("problem").asText().contains(": a request the endpoint accepts; got "),
                        row.toString());
            }
        }
    }

    @Test
    void aRefusalSaysWhatToDoAboutIt() throws Exception {
        assertTrue(problem("403 | <html>Blocked by the firewall</html>").endsWith(
                "; got 403 \"Blocked by the firewall\"; leave the question out, or ask another teacher: others are "
                        + "answered with the same key"));
        assertTrue(problem("400 | {\"error\": {\"code\": \"content_filter\", \"message\": \"no\"}}").endsWith(
                "; got 400 \"no\"; leave the question out, or ask another teacher: this endpoint refuses the prompt"));
        assertTrue(problem("413 | ").endsWith("; got 413 no body; shorten the prompt, or lower sampling.max_tokens"));
    }

    private String problem(String exchange) throws Exception {
        try (OddServer server = new OddServer(one -> one.first() == 13
                ? Optional.of(response(exchange)) : Optional.empty())) {
            return server.generate(folder.resolve(Integer.toString(exchange.hashCode()))).problem();
        }
    }

    @Test
    void aKeyThatWasAnsweredIsNotBadBecauseOfOneRefusal() throws Exception {
        try (OddServer server = new OddServer(one -> one.first() == 12
                ? Optional.of(OddServer.status(401, "no").build()) : Optional.empty())) {
            Ran ran = server.generate(folder);
            assertEquals(3, ran.answers().size());
            assertEquals(1L, ran.report().notes().get("temporary_failures"));
            assertTrue(ran.problem().contains("got none in 3 attempts, the last: 401 \"no\""), ran.problem());
        }
    }

    @Test
    void aKeyThatNothingWasAnsweredWithIsBad() throws Exception {
        for (String refusal : List.of("401 | nobody", "403 | {\"error\": {\"code\": \"invalid_api_key\", "
                + "\"message\": \"nobody\"}}")) {
            try (OddServer server = new OddServer(one -> Optional.of(response(refusal)))) {
                ConfigException bad = assertThrows(
                        ConfigException.class, () -> server.generate(folder, "key_env: TEST_KEY", "{}"));
                assertEquals(server.url("/v1/chat/completions") + ": a key the endpoint accepts; got "
                        + refusal.substring(0, 3)
                        + " \"nobody\"; check the key in the environment variable TEST_KEY", bad.getMessage());
                assertTrue(server.asked().size() <= 4, "asked " + server.asked().size() + " times with a bad key");
            }
        }
    }
}
