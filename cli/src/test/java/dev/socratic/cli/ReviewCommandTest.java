package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.console.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `socratic review` as a process of its own, and what it refuses.
class ReviewCommandTest {
    @TempDir
    Path folder;

    private Path rows() throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), """
                {"id": "a", "question": "What is 2+3?", "answer": "It is 5."}
                """);
    }

    @Test
    void itPrintsItsAddressAnswersAndEndsInOrder() throws Exception {
        Path file = rows();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "dev.socratic.cli.Main",
                        "review",
                file.toString()).redirectError(folder.resolve("err").toFile()).start();
        try {
            byte[] first = new byte[200];
            int read = process.getInputStream().read(first);
            String line = new String(first, 0, read, StandardCharsets.UTF_8).strip();
            assertTrue(line.matches("http://127\\.0\\.0\\.1:[0-9]+/\\?token=[0-9a-f]{32}"), line);
            URI address = URI.create(line);
            HttpClient client = HttpClient.newHttpClient();
            assertEquals("{\"status\":\"ok\"}", client.send(HttpRequest.newBuilder(address.resolve("/healthz")).build(),
                    BodyHandlers.ofString()).body());
            assertEquals(200, client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .statusCode());
            Shell.Result second = new Shell(folder, Map.of()).run("review", file.toString());
            assertEquals(ExitCode.FAILED, second.code());
            assertTrue(second.err().contains("rows.jsonl.review: to be the only one that writes here; got another "
                    + "run at "
                    + "work; wait until it has ended, or choose another folder"), second.err());
            process.toHandle().destroy(); // which leaves the streams open
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(ExitCode.DONE, process.exitValue(), Files.readString(folder.resolve("err")));
            assertEquals(0, process.getInputStream().readAllBytes().length, "one line of data and no more");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatCannotBeReviewedIsRefusedByName() throws IOException {
        Shell shell = new Shell(folder, Map.of());
        rows();
        assertTrue(shell.run("review", "{}/none.jsonl").err().contains("none.jsonl: a run's folder or a file of "
                + "rows; got "
                + "nothing there; check the name"));
        assertTrue(shell.run("review", "{}").err().contains(
                "a run's folder, with generate or curate in it; got a folder without them; name a run's folder, or "
                        + "files "
                        + "of rows"));
        Shell.Result open = shell.run("review", "{}/rows.jsonl", "--host", "0.0.0.0");
        assertEquals(ExitCode.USAGE, open.code());
        assertTrue(open.err().contains("--host: a key, where others than this machine can connect; got '0.0.0.0' "
                + "without "
                + "one; write --key-env VARIABLE, or leave --host out"), open.err());
    }
}
