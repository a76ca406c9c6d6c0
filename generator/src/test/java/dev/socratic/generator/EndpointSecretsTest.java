package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.OddServer.Ran;
import dev.socratic.generator.teacher.TeacherConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A key reaches no file and no line, however a server spells it when it repeats it.
class EndpointSecretsTest {
    private static final String KEY = OddServer.KEY; // sk+TEST/key+0123456789/abcdef==

    @TempDir
    Path folder;

    /// As JSON writers of several languages, browsers and proxies write it, with what must be found in no file.
    private static Map<String, String> spellings() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(KEY, KEY);
        all.put(KEY.replace("/", "\\/").replace("+", "\\u002B"), "0123456789");
        all.put(KEY.chars().mapToObj(c -> String.format(java.util.Locale.ROOT, "\\u%04x",
                c)).collect(Collectors.joining()), "\\u0030\\u0031\\u0032");
        all.put("Bearer " + KEY, "0123456789");
        String encoded = URLEncoder.encode(KEY, StandardCharsets.UTF_8);
        all.put(encoded, encoded);
        all.put(URLEncoder.encode(encoded, StandardCharsets.UTF_8), "0123456789");
        for (String around : List.of("", "Bearer ", "user:")) {
            String base64 = Base64.getEncoder().encodeToString((around + KEY).getBytes(StandardCharsets.UTF_8));
            all.put(base64, base64.substring(12, 30));
        }
        return all;
    }

    private void nowhere(Ran ran, OddServer server, String sign, String spelled) throws Exception {
        assertEquals(List.of(), OddServer.holding(folder, sign), spelled);
        assertFalse(server.notes().toString().contains(sign), spelled);
        assertFalse(ran.report().toString().contains(sign), spelled);
    }

    @Test
    void aKeyThatComesBackInAnAnswerIsWrittenNowhere() throws Exception {
        for (Map.Entry<String, String> spelling : spellings().entrySet()) {
            String twice = spelling.getKey().replace("\\", "\\\\"); // the model itself wrote the escapes
            for (String inJson : List.of(spelling.getKey(), twice)) {
                try (OddServer server = new OddServer(one -> Optional.of(OddServer.ok(
                        OddServer.body("KEY " + one.words()).put("id", "ID").toString().replace("KEY", inJson)
                                .replace("\"role\"", "\"reasoning_content\":\"it is " + inJson + "\",\"role\""))))) {
                    Ran ran = server.generate(folder, "key_env: TEST_KEY", "{}");
                    assertEquals(4, ran.answers().size(), inJson);
                    assertTrue(ran.answers().getFirst().path("reasoning").asText().startsWith("it is "), inJson);
                    assertTrue(ran.answers().getFirst().path("answer_text").asText().contains("***"), inJson);
                    nowhere(ran, server, spelling.getValue(), inJson);
                }
            }
        }
    }

    @Test
    void aKeyThatComesBackInAnErrorIsWrittenNowhere() throws Exception {
        for (Map.Entry<String, String> spelling : spellings().entrySet()) {
            String body = "{\"error\": {\"message\": \"bad header %s in request\"}}".formatted(spelling.getKey());
            for (MockResponse error : List.of(
                    OddServer.status(400, body).build(), OddServer.status(500, body).addHeader("X-Echo", "Bearer "
                            + KEY).build(),
                    OddServer.status(403, "<html>" + spelling.getKey() + "</html>").build(),
                            OddServer.ok("{\"choices\": \"" + spelling.getKey()),
                    new MockResponse.Builder().code(307).addHeader("Location", "https://x.example/?k="
                            + spelling.getKey()).build())) {
                try (OddServer server = new OddServer(one -> Optional.of(error))) {
                    Ran ran = server.generate(folder, "key_env: TEST_KEY", "{}");
                    assertEquals(4, ran.failed().size());
                    nowhere(ran, server, spelling.getValue(), error + " " + body);
                }
            }
        }
    }

    @Test
    void halfAKeyAtTheEndOfACutMessageIsWrittenNowhere() throws Exception {
        for (int before = 270; before < 300; before += 7) {
            String body = "x".repeat(before) + KEY + " and more";
            for (MockResponse odd : List.of(OddServer.ok(body), OddServer.status(400, body).build())) {
                try (OddServer server = new OddServer(one -> Optional.of(odd))) {
                    Ran ran = server.generate(folder, "key_env: TEST_KEY", "{}");
                    nowhere(ran, server, "sk+", body);
                }
            }
        }
    }

    @Test
    void theMessageAboutARefusedKeyDoesNotHoldIt() throws Exception {
        for (String spelled : spellings().keySet()) {
            String body = "{\"error\": {\"message\": \"Incorrect API key provided: %s\"}}".formatted(spelled);
            try (OddServer server = new OddServer(one -> Optional.of(OddServer.status(401, body).build()))) {
                ConfigException refused = assertThrows(ConfigException.class, () -> server.generate(folder,
                        "key_env: TEST_KEY", "{}"));
                assertTrue(refused.getMessage().contains("Incorrect API key provided: "), refused.getMessage());
                assertTrue(refused.getMessage().contains("***"), refused.getMessage());
                assertFalse(refused.getMessage().contains("0123456789"), refused.getMessage());
            }
        }
    }

    @Test
    void aKeyInTheAddressComesFromTheEnvironmentAndIsWrittenNowhere() throws Exception {
        try (OddServer server = new OddServer(one -> one.first() == 11
                ? Optional.of(OddServer.status(400, "no such path: "
                + one.request().getUrl()).build()) : Optional.empty())) {
            Ran ran = server.generate(folder, "/gateway/${TEST_KEY}/v1?key=${OTHER_KEY}", "", "{}", 4);
            assertEquals(List.of("gateway", KEY, "v1", "chat", "completions"),
                    server.asked().getFirst().request().getUrl().pathSegments());
            assertEquals("0ther-secret-42", server.asked().getFirst().request().getUrl().queryParameter("key"));
            assertEquals(3, ran.answers().size());
            assertTrue(ran.answers().getFirst().path("teacher").toString()
                    .contains("/gateway/${TEST_KEY}/v1?key=${OTHER_KEY}"));
            assertTrue(ran.problem().startsWith(server.url("/gateway/")
                    + "${TEST_KEY}/v1/chat/completions: a request"), ran.problem());
            nowhere(ran, server, "0123456789", "path");
            nowhere(ran, server, "0ther-secret", "query");
        }
    }

    @Test
    void aKeyWrittenIntoAnAddressIsRefusedAndNotRepeated() {
        for (String address : List.of(
                "https://sk-secret-123@host/v1", "https://host/v1#sk-secret-123", "https://host/sk-secret-123/v1",
                        "https://host/v1?api_key=secret",
                "https://host/v1?x=sk-secret-123", "https://host/0secret1aA2bB3cC4dD5eE6fF/v1",
                        "https://host/v1?sig=secret", "https://${HOST}/v1")) {
            ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                    "{base_url: \"%s\", model: m}".formatted(address), "e.yaml", TeacherConfig.Endpoint.class),
                            address);
            assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
            assertTrue(refused.getMessage().contains("base_url: "), refused.getMessage());
            assertTrue(refused.getMessage().matches(".*(\\$\\{NAME}|write the host as it is).*"), refused.getMessage());
        }
        for (String address : List.of(
                "https://host/v1", "http://127.0.0.1:8000/v1/",
                        "https://host/openai/deployments/gpt-4o-mini-2024-07-18?api-version=2024-10-21",
                "https://host/v1beta/projects/my-project-123456/locations/us-east5/endpoints/openapi")) {
            ConfigReader.read("{base_url: \"%s\", model: m}".formatted(address), "e.yaml",
                    TeacherConfig.Endpoint.class);
        }
    }
}
