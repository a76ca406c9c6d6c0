package dev.socratic.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.core.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordCommandTest {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private record Said(int code, String out, String err) {}

    private Said run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, Map.of("KEY", "k-0123456789"));
        int code = Socratic.commandLine(console).execute(arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Process start(String to) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "dev.socratic.cli.Main",
                "record", "--to", to, "--port", "0", "--out", folder.resolve("t").toString())
                .redirectError(folder.resolve("talk.log").toFile()).start();
    }

    private static String address(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static HttpRequest ask(String address, String text) {
        return HttpRequest.newBuilder(URI.create(address + "/chat/completions"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text))).build();
    }

    private static String answer(String text) {
        return ("{\"model\":\"m-1\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},"
                + "\"finish_reason\":\"stop\"}]}").formatted(text);
    }

    @Test
    void whatWasAnsweredOutlivesAKillAndBecomesRowsWithoutPersonalData() throws Exception {
        try (RawEndpoint endpoint = RawEndpoint.answering((asked, out) -> {
            if (new String(asked.body(), StandardCharsets.UTF_8).contains("wait")) {
                RawEndpoint.write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\n");
                Thread.sleep(20_000);
            }
            RawEndpoint.send(out, "200 OK", answer("write to ann.lee@firm.com or bob@firm.com"));
        })) {
            Process process = start(endpoint.address());
            String address = address(process);
            CLIENT.send(ask(address, "who? ann.lee@firm.com?"), BodyHandlers.ofString());
            HttpResponse<InputStream> open = CLIENT.send(ask(address, "wait"), BodyHandlers.ofInputStream());
            assertEquals('d', open.body().read());
            process.destroyForcibly().waitFor();
        }
        Path rows = folder.resolve("rows.jsonl");
        Said said = run("traffic", folder.resolve("t").toString(), "--to", rows.toString());
        assertEquals(0, said.code(), said::toString);
        assertTrue(said.out().startsWith("2 answers = 1 rows + 1 left out\n  1 ended_open, the first: "), said::out);
        JsonNode row = Json.mapper().readTree(Files.readString(rows));
        assertEquals("who? [EMAIL_1]?", row.at("/messages/0/content").asText());
        assertEquals("write to [EMAIL_1] or [EMAIL_2]", row.at("/messages/1/content").asText());
        JsonNode json = Json.mapper().readTree(run("traffic", folder.resolve("t").toString(), "--json",
                "--keep-personal-data").out());
        assertEquals(1, json.path("rows").asInt());
        assertFalse(json.has("rows_masked_by_kind"));
    }

    @Test
    void whatCannotBeSetUpIsRefusedInOneLine() {
        Map<List<String>, String> refused = Map.of(
                List.of("record", "--to", "ftp://x"), "--to: an address such as https://host/v1, without keys; got "
                + "another text; it must be an address such as https://host/v1; got another text",
                List.of("record", "--to", "https://h/${K}/v1"), "--to: an address without variables; got one with "
                + "${...}; let the shell fill it in, and keep keys in --key-env",
                List.of("record", "--to", "https://h/v1", "--keep-header", "X-Api-Key"), "--keep-header: headers that "
                + "hold no key, for what they hold is written down; got 'X-Api-Key'; leave it out",
                List.of("record", "--to", "https://h/v1", "--key-env", "NONE"), "--key-env: an environment variable with "
                + "the key; got 'NONE', which is not set; set it: export NONE=...",
                List.of("record", "--to", "https://h/v1", "--key-env", "KEY", "--host", "0.0.0.0"), "--host: a key of the "
                + "clients, where others than this machine can connect and --key-env pays for them; got '0.0.0.0' "
                + "without one; write --client-key-env VARIABLE",
                List.of("traffic", folder.toString()), "%s: a folder with traffic-000001.journal; got one without; check "
                .formatted(folder) + "the path",
                List.of("traffic", folder.toString(), "--since", "yesterday"), "--since: a date, or a date and a time in "
                + "UTC; got 'yesterday'; write 2026-12-01 or 2026-12-01T08:30:00",
                List.of("traffic", folder.toString(), "--text", "("), "--text: a regular expression; got '(' (Unclosed "
                + "group); write \\Q...\\E around what is meant as it stands");
        refused.forEach((arguments, message) -> {
            Said said = run(arguments.toArray(String[]::new));
            assertTrue(said.err().contains(message), () -> arguments + ": " + said + "\nexpected " + message);
        });
    }

    /// Twenty kills at moments nobody chose: whatever a client had been answered in full is in the record.
    @Test
    @Tag("slow")
    void twentyKillsLoseNoAnswerThatAClientHad() throws Exception {
        int had = 0;
        try (RawEndpoint endpoint = RawEndpoint.json(answer("4"))) {
            for (int kill = 0; kill < 20; kill++) {
                Process process = start(endpoint.address());
                String address = address(process);
                List<CompletableFuture<Integer>> open = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    open.add(CLIENT.sendAsync(ask(address, "q%s/%s".formatted(kill, i)), BodyHandlers.ofString())
                            .thenApply(HttpResponse::statusCode).exceptionally(cut -> 0));
                    Thread.sleep(ThreadLocalRandom.current().nextInt(60));
                }
                process.destroyForcibly().waitFor();
                for (CompletableFuture<Integer> one : open) {
                    had += one.get() == 200 ? 1 : 0;
                }
            }
        }
        JsonNode json = Json.mapper().readTree(run("traffic", folder.resolve("t").toString(), "--json").out());
        assertTrue(json.path("rows").asInt() >= had, had + " were answered: " + json);
        assertTrue(had >= 20, "only " + had);
    }
}
