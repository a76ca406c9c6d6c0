package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.body;
import static dev.socratic.cli.serve.Wire.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.secret.Secret;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may ask: web pages, other names of this machine, clients without the key.
class ServeGateTest {
    private final SpellingModel model = new SpellingModel();
    private OpenAiServer server = OpenAiServer.start(model, 0);
    private Wire wire = Wire.to(server);

    private void restart(ServeOptions options) {
        server.close();
        server = OpenAiServer.start(model, options);
        wire = Wire.to(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String said(String head, String body) throws Exception {
        try (Socket socket = wire.socket(head + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body)) {
            return Wire.rest(socket);
        }
    }

    private int status(String host, String more) throws Exception {
        String said = said("POST " + CHAT + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n"
                + more, body("a", ""));
        return Integer.parseInt(said.split(" ")[1]);
    }

    @Test
    void onlyNamesOfThisMachineAreAnsweredAndTheMessageSaysHowToAddOne() throws Exception {
        String port = ":" + server.port();
        for (String host : new String[] {"localhost", "127.0.0.1", "[::1]", "LOCALHOST" + port, "localhost" + port,
                "[::1]" + port}) {
            assertEquals(200, status(host, ""), host);
        }
        for (String host : new String[] {"evil.example", "evil.example" + port, "localhost.evil.example", "10.0.0.1",
                "127.0.0.1.nip.io",
                "localhost@evil.example", "0.0.0.0", ""}) {
            assertTrue(Set.of(403, 400).contains(status(host, "")), host);
        }
        String said = said("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n", "");
        assertTrue(said.contains("Host: one of 127.0.0.1, [::1], localhost; got 'evil.example'; "
                + "start the server with --allow-host NAME to add a name"), said);
        assertTrue(said("GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n", "")
                .startsWith("HTTP/1.1 4"));
        assertTrue(said("GET /health HTTP/1.0\r\n", "").startsWith("HTTP/1.1 403"));
        restart(ServeOptions.of(0).withNames(Set.of("model.lan")));
        assertEquals(200, status("model.lan:" + server.port(), ""));
        assertEquals(403, status("other.lan", ""));
    }

    /// Whoever listens to the network has addresses of which it does not know; no page can own one.
    @Test
    void whoListensToTheNetworkIsCalledByAddressesToo() throws Exception {
        restart(ServeOptions.of(0).withHost("0.0.0.0"));
        assertEquals(200, status("10.1.2.3:8080", ""));
        assertEquals(403, status("evil.example", ""));
        assertEquals("http://0.0.0.0:%s/v1".formatted(server.port()), server.address());
    }

    @Test
    void aWebPageMayAskOnlyIfTheServerWasToldOfIt() throws Exception {
        for (String origin : new String[] {"http://evil.example", "null", "https://localhost.evil.example", "file://",
                "http://[bad"}) {
            assertEquals(403, status("localhost", "Origin: " + origin + "\r\n"), origin);
        }
        assertEquals(200, status("localhost", "Origin: http://localhost:3000\r\n"), "a page of this machine");
        String preflight = "OPTIONS " + CHAT
                + " HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Headers: authorization,content-type\r\n"
                + "Access-Control-Request-Method: POST\r\nOrigin: https://chat.example\r\n";
        assertTrue(said(preflight, "").startsWith("HTTP/1.1 403"));
        assertEquals(-1, said(preflight.replace("https://chat.example", "http://localhost:1"), "")
                .indexOf("Access-Control-Allow-Origin"));
        restart(ServeOptions.of(0).withOrigins(Set.of("https://chat.example")));
        String allowed = said(preflight, "");
        assertTrue(allowed.startsWith("HTTP/1.1 204"), allowed);
        assertTrue(allowed.contains("Access-Control-Allow-Origin: https://chat.example"), allowed);
        assertTrue(allowed.contains("Access-Control-Allow-Headers: authorization,content-type"), allowed);
        assertEquals(200, status("localhost", "Origin: https://chat.example\r\n"));
        assertEquals(403, status("localhost", "Origin: https://other.example\r\n"));
    }

    /// What a page can send without asking first is text and forms.
    @Test
    void anythingButJsonIsRefused() throws Exception {
        String expected = "Content-Type: application/json in UTF-8 expected; got %s; send that header";
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x", "text/plain;application/json",
                "application/json; charset=utf-16", "application/jsonp"}) {
            HttpResponse<String> reply = wire.send(wire.request(CHAT).header("Content-Type", type)
                    .POST(BodyPublishers.ofString(body("a", ""))).build());
            assertEquals(expected.formatted("'" + type + "'"), json(reply, 415).at("/error/message").asText());
        }
        HttpResponse<String> none = wire.send(wire.request(CHAT).POST(BodyPublishers.ofString(body("a", ""))).build());
        assertEquals(expected.formatted("nothing"), json(none, 415).at("/error/message").asText());
        HttpResponse<String> zipped = wire.send(wire.request(CHAT).header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("x")).build());
        assertEquals("Content-Encoding: none expected; got 'gzip'; send the body as it is",
                json(zipped, 415).at("/error/message").asText());
        for (String type : new String[] {"application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"",
                "application/vnd.api+json"}) {
            assertEquals(200, wire.send(wire.request(CHAT).header("Content-Type", type)
                    .POST(BodyPublishers.ofString(body("a", ""))).build()).statusCode());
        }
    }

    @Test
    void withAKeyNobodyAsksWithoutIt() throws Exception {
        ServeOptions options = ServeOptions.of(0).withKey(Secret.fromEnvironment("KEY", Map.of("KEY", "sk-right")));
        assertFalse(options.toString().contains("sk-right"), "it would be in the first log line that names the "
                + "options");
        restart(options);
        JsonNode none = wire.chat(body("a", ""), 401);
        assertEquals("Authorization: 'Bearer KEY' expected; got nothing; send the key this server was started with",
                none.at("/error/message").asText());
        assertEquals("authentication_error", none.at("/error/type").asText());
        for (String wrong : new String[] {"Bearer sk-wrong", "Bearer sk-righ", "Bearer sk-right2", "Bearer ",
                "Basic sk-right", "sk-right"}) {
            assertEquals(401, status("localhost", "Authorization: " + wrong + "\r\n"), wrong);
        }
        assertEquals(401, wire.send(wire.request("/v1/models").build()).statusCode());
        assertEquals(200, status("localhost", "Authorization: Bearer sk-right\r\n"));
        assertEquals(200, status("localhost", "Authorization: bearer sk-right\r\n"));
        assertEquals("ok", wire.get("/health", 200).path("status").asText(), "it tells nothing that is worth a key");
    }

    @Test
    void whatTheAddressesDoNotTakeIsAnsweredInJson() throws Exception {
        assertEquals("GET /v2: no such address; there are GET /, GET /health, GET /healthz, GET /metrics, POST "
                + "/v1/chat/completions, POST /v1/completions, POST /v1/embeddings, GET /v1/models, GET /v1/models/NAME",
                wire.get("/v2", 404).at("/error/message").asText());
        assertEquals("GET /v1/chat/completions: no such method; this address takes POST",
                wire.get(CHAT, 405).at("/error/message").asText());
        assertEquals("POST", wire.send(wire.request(CHAT).build()).headers().firstValue("Allow").orElse(""));
        assertEquals(405, wire.send(wire.request("/v1/models").DELETE().build()).statusCode());
        for (String broken : new String[] {"GARBAGE\r\n\r\n", "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "
                        + "y".repeat(40_000) + "\r\n\r\n",
                "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + "application/json\r\nContent-Length: -5\r\n\r\n"}) {
            try (Socket socket = wire.socket(broken)) {
                String said = Wire.rest(socket);
                assertTrue(said.startsWith("HTTP/1.1 4"), said);
                JsonNode error = Wire.MAPPER.readTree(said.substring(said.indexOf("\r\n\r\n"))).path("error");
                assertTrue(error.path("message").asText().startsWith("the request cannot be read: "), said);
            }
        }
    }
}
