package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsCommandTest {
    private static final String TEACHER = "../recipes/embedded/teacher";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false, false, Map.of());
        return Socratic.commandLine(console).execute(arguments);
    }

    private JsonNode json() {
        return Json.read(out.toString(StandardCharsets.UTF_8), JsonNode.class, "stdout");
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String rows() throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(file, """
                {"id": "a", "messages": [{"role": "user", "content": "Ann has 3 apples and buys 4. How many?"}, {"role": "assistant", "content": "The answer is 7."}]}
                {"id": "b", "messages": [{"role": "user", "content": "Bob has 9 pens and loses 2. How many?"}, {"role": "assistant", "content": "The answer is 7."}]}
                """);
        return file.toString();
    }

    @Test
    void aStoreIsReportedOnCapturedAndInspected() throws IOException {
        String store = folder.resolve("store").toString();
        assertEquals(ExitCode.DONE,
                run("logits", "--teacher", TEACHER, "--data", rows(), "--out", store, "--encoding", "{top_k: {k: 12}}",
                        "--threads", "1", "--json"), err());
        assertEquals("{top_k:{k:12,tail:bucket}}", json().path("fidelity").get(0).path("encoding").asText());
        assertTrue(json().path("fidelity").size() > 3);
        assertTrue(json().path("fidelity").get(0).path("bytes_a_position").asDouble() > 0,
                "named as in the capture's report");
        long positions = json().path("positions").asLong();
        assertTrue(positions > 4, "" + positions);
        assertEquals(ExitCode.DONE, run("logits", "inspect", store, "--json"), err());
        assertEquals(positions, json().path("size").path("positions").asLong());
        assertTrue(json().path("size").path("bytes_a_position").asDouble() > 0);
        assertEquals(12, json().path("header").path("capture").path("encoding").path("top_k").path("k").asInt());
    }

    @Test
    void aDamagedStoreIsOneLineAndExitCodeOne() throws IOException {
        Path store = folder.resolve("store");
        assertEquals(ExitCode.DONE,
                run("logits", "--teacher", TEACHER, "--data", rows(), "--out", store.toString(), "--report-rows", "0"),
                err());
        Path block = store.resolve("block-00000.bin");
        byte[] bytes = Files.readAllBytes(block);
        bytes[bytes.length - 1] ^= 1;
        Files.write(block, bytes);
        assertEquals(ExitCode.FAILED, run("logits", "inspect", store.toString()));
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("sample 'b' with another checksum; delete this file"), err());
    }

    @Test
    void aHeaderThatWasChangedIsTheDatasFaultAndNoBug() throws IOException {
        Path store = folder.resolve("store");
        assertEquals(ExitCode.DONE, run("logits", "--teacher", TEACHER, "--data", rows(), "--out", store.toString(),
                "--report-rows", "0", "--encoding", "{top_k: {k: 8}}"), err());
        Path header = store.resolve("header.json");
        String written = Files.readString(header);
        String remedy = "the file was changed: put it back as it was, or delete the folder and capture again";
        for (String vocab : new String[] {"0", "-1", "64", "2000000000"}) {
            refused(store, written.replaceFirst("\"vocab\" : [0-9]+", "\"vocab\" : " + vocab), remedy);
        }
        refused(store, written.replace("top_k", "dense").replaceFirst("\\{\\s*\"k\"[^}]*\\}", "{}"), remedy);
        refused(store, written.replaceFirst("\"k\" : 8", "\"k\" : 9"), remedy);
        refused(store, written.replaceFirst("\"top_k\" : \\{[^}]*\\}", "\"sampled\" : {\"draws\" : 50}"), remedy);
    }

    private void refused(Path store, String header, String remedy) throws IOException {
        Files.writeString(store.resolve("header.json"), header);
        assertEquals(ExitCode.FAILED, run("logits", "inspect", store.toString()), err());
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("header.json: ") && err().contains(remedy), err());
    }

    @Test
    void aServedTeacherIsCapturedAndWhatCanBeSaidOfItIsReported() throws IOException {
        String store = folder.resolve("served").toString();
        try (ServedFixture.Server server = ServedFixture.Server.over(Path.of(TEACHER))) {
            String[] ask = {"logits", "--teacher", server.address(), "--model", "teacher", "--tokenizer", TEACHER,
                    "--data", rows(), "--out", store, "--threads", "1", "--json", "--encoding"};
            assertEquals(ExitCode.DONE, run(with(ask, "{top_k: {k: 20}}")), err());
            assertTrue(json().at("/coverage/mass/20").asDouble() > json().at("/coverage/mass/1").asDouble(),
                    json().toString());
            assertTrue(err().contains("cannot be said: report on local weights for that"), err());
            assertEquals(ExitCode.DONE, run("logits", "inspect", store, "--json"), err());
            assertTrue(json().at("/header/provenance/teacher").asText()
                    .startsWith("endpoint:" + server.address() + " teacher@"), json().toString());
            ask[10] = store + "-sampled";
            assertEquals(ExitCode.DONE, run(with(ask, "sampled")), err());
            assertEquals("{sampled:{draws:50}}", json().path("fidelity").get(0).path("encoding").asText());
            ask[4] = "other";
            assertEquals(ExitCode.USAGE, run(with(ask, "sampled")));
            assertTrue(err().contains("a model named 'other'; got 'teacher'; name one that the endpoint serves"),
                    err());
        }
        assertEquals(ExitCode.USAGE,
                run("logits", "--teacher", "http://localhost:1/v1", "--data", rows(), "--model", "m"));
        assertTrue(err()
                .contains("an address as --teacher needs --tokenizer=MODEL: rows are tokenized here, with the "
                        + "teacher's own tokenizer and chat template"), err());
        assertEquals(ExitCode.USAGE, run("logits", "--teacher", TEACHER, "--data", rows(), "--model", "m"));
        assertTrue(err().contains("--model, --tokenizer and --key-env go with an address as --teacher; got the folder"),
                err());
    }

    private static String[] with(String[] arguments, String last) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    @Test
    void wrongSettingsAreUsageErrors() throws IOException {
        assertEquals(ExitCode.USAGE, run("logits", "--data", rows()));
        assertTrue(err().contains("Missing required option: '--teacher=MODEL'"), err());
        assertEquals(ExitCode.USAGE,
                run("logits", "--teacher", TEACHER, "--data", rows(), "--encoding", "{top_k: {k: 0}}"));
        assertTrue(err().contains("k must be 1 to 65535; got 0; 64 is usual"), err());
        assertEquals(ExitCode.USAGE, run("logits", "--teacher", TEACHER, "--data", rows(), "--set", "temperature=0"));
        assertTrue(err().contains("temperature must be above 0; got 0.0"), err());
    }
}
