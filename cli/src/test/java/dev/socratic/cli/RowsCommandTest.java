package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of rows as a user has them, through the commands a user gives: nothing is lost or changed without a word.
class RowsCommandTest {
    private static final Path TEACHER = Path.of("../recipes/embedded/teacher");
    /// Prints what a message has; calls and thoughts are the assistant's.
    private static final String TEMPLATE =
            "{% for t in tools or [] %}{{ t | tojson }}{% endfor %}{% for m in messages %}{{ '<|' + m.role + '|>' }}"
            + "{{ (m.reasoning_content or '') + (m.content or '') }}{% for c in m.tool_calls or [] %}{{ "
            + "c.function.name }}{% endfor %}"
            + "{{ '<|end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
    private static final String ASKED = "{\"role\": \"user\", \"content\": \"Two and two?\"}";

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void shell() {
        shell = new Shell(folder, Map.of());
    }

    @Test
    void everyRowOfATableIsJudgedOrToldByItsLine() {
        StringBuilder table = new StringBuilder(",gold,answer,note,note\n");
        for (int i = 0; i < 200; i++) {
            table.append(i).append(i == 60 ? ",60,it is 60,5\" wide,x\n" : i == 90 ? ",90,\"it is\" 90,x,y\n"
                    : ",%s,it is %s,a,b\n".formatted(i, i));
        }
        shell.file("t.csv", table.toString()).file("t.tsv", "gold\tanswer\r4\t3\" is 4\r5\tis 5\r");
        Shell.Result judged = verify("t.csv");
        assertEquals("200 rows: 199 equal, 0 different, 0 without an answer, 1 unreadable", last(judged.out()));
        assertTrue(judged.out().contains(
                "row 92: gold '', answer 'none found': a separator after a closing quote; got ' '"), judged.out());
        assertEquals("2 rows: 2 equal, 0 different, 0 without an answer, 0 unreadable", last(verify("t.tsv").out()));
        Shell.Result double_ = shell.run("verify", "{}/t.csv", "--gold", "note", "--answer", "answer");
        assertEquals(
                "socratic: --gold: a field of the rows; got 'note', which none of the first 199 has;"
                        + " known: Unnamed: 0, gold, answer, note.1, note.2",
                double_.err().strip(), "a column that is not there is said once: " + double_);
        assertEquals(ExitCode.USAGE, double_.code());
    }

    @Test
    void jsonIsReadAsItStands() {
        shell.file("lines.json", "{\"gold\": 1, \"answer\": \"is 1\", \"bleu\": NaN}\n{\"gold\": 2, \"answer\": \"is "
                + "2\"}\n")
                .file("pretty.jsonl", "{\n  \"gold\": 1,\n  \"answer\": \"is 1\"\n}\n{\n  \"gold\": 2,\n  "
                        + "\"answer\": \"is 2\"\n}\n")
                .file("data.json", "{\"data\": [{\"gold\": 1, \"answer\": \"is 1\"},\n {\"gold\": 2, \"answer\": "
                        + "\"is 2\"}]}");
        for (String name : new String[] {"lines.json", "pretty.jsonl", "data.json"}) {
            assertEquals("2 rows: 2 equal, 0 different, 0 without an answer, 0 unreadable", last(verify(name).out()),
                    name);
        }
    }

    @Test
    void aPipeOrADeviceEndsInOneLine() throws Exception {
        Path pipe = folder.resolve("pipe.jsonl");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.createSymbolicLink(folder.resolve("zero.csv"), Path.of("/dev/zero"));
        for (String name : new String[] {"pipe.jsonl", "zero.csv"}) {
            Shell.Result refused = verify(name);
            assertEquals("socratic: {}/" + name
                    + ": a regular file; got a pipe or a device; write what it gives into a file and name that",
                    refused.err().strip());
        }
    }

    /// The teacher reads what it is to predict: as many positions as the tokens that count.
    @Test
    void fieldsOfAConversationAreLearnedOrLeftOutByName() throws IOException {
        model();
        long plain = positions("{\"messages\": [" + ASKED + ", {\"role\": \"assistant\", \"content\": \"four\"}]}");
        long longer = positions("{\"messages\": [" + ASKED
                + ", {\"role\": \"assistant\", \"content\": \"four\", \"thinking\": \"two two\"}]}");
        assertTrue(longer > plain, longer + " positions with thoughts, " + plain + " without");
        long called = positions("{\"messages\": [" + ASKED
                + ", {\"role\": \"assistant\", \"content\": null, \"tool_calls\": "
                + "[{\"name\": \"four\", \"arguments\": {}}]}]}");
        assertEquals(plain, called, "the call is learned in place of the text");
        String two = "{\"messages\": [" + ASKED
                + ", {\"role\": \"assistant\", \"content\": \"five\", \"train\": false}, "
                + "{\"role\": \"user\", \"content\": \"No.\"}, {\"role\": \"assistant\", \"content\": \"four\"}]}";
        assertEquals(plain, positions(two), "the wrong answer is context");
        assertTrue(positions(two.replace(", \"train\": false", "")) > plain);
        Shell.Result told = capture("{\"messages\": [{\"role\": \"user\", \"name\": \"Ann\", \"content\": \"x\"}, "
                + "{\"role\": \"assistant\", \"content\": \"four\"}], \"topic\": 1, \"chat_template_kwargs\": "
                + "{\"style\": \"dry\"}}");
        assertTrue(told.err().contains("1 row has fields that are not read: topic"), told.toString());
        assertTrue(told.err().contains("1 row has fields that the chat template does not use: name, style"),
                told.toString());
        Shell.Result documents = capture("{\"documents\": [{\"text\": \"x\"}], \"messages\": [" + ASKED
                + ", {\"role\": \"assistant\", \"content\": \"four\"}]}\n{\"messages\": [" + ASKED
                        + ", {\"role\": \"assistant\", \"content\": \"x\"}]}");
        assertTrue(documents.err().contains("documents_not_in_chat_template"), documents.toString());
        Shell.Result half = capture(
                "{\"messages\": [" + ASKED + ", {\"role\": \"assistant\", \"content\": \"x\", \"weight\": 0.5}]}\n"
                + "{\"messages\": [" + ASKED + ", {\"role\": \"assistant\", \"content\": \"x\"}]}");
        assertTrue(half.err().contains(
                "messages[1].weight: 0 or 1, true or false; got 0.5; a turn counts fully or not at all"),
                half.toString());
        assertTrue(half.err().contains("kept 1 + dropped 0 + failed 1"), half.toString());
    }

    @Test
    void whatIsCuratedKeepsItsFieldsAndTrainsTheSame() throws IOException {
        shell.file("chats.jsonl", """
                {"id": "a", "topic": "sums", "system": "Be brief.",
                        "conversations": [{"from": "human", "value": "What is two and two?"},
                        {"from": "gpt", "value": "It is four.", "weight": 1}]}
                {"id": "b", "topic": "sums", "system": "Be brief.",
                        "conversations": [{"from": "human", "value": "What is three and five?"},
                        {"from": "gpt", "value": "That makes eight."}]}
                """);
        Shell.Result curated = shell.run("curate", "{}/chats.jsonl", "--out", "{}/c");
        assertEquals(ExitCode.DONE, curated.code(), curated.toString());
        Path train;
        try (Stream<Path> all = Files.walk(folder.resolve("c"))) {
            train = all.filter(file -> file.endsWith("train.jsonl")).findFirst().orElseThrow();
        }
        JsonNode first = Json.read(Files.readAllLines(train).getFirst(), JsonNode.class, "train.jsonl");
        assertEquals("a", first.path("id").asText());
        assertEquals("sums", first.path("topic").asText());
        assertEquals("Be brief.", first.path("messages").path(0).path("content").asText());
        model();
        long before = positions(Files.readString(folder.resolve("chats.jsonl"), StandardCharsets.UTF_8));
        assertEquals(before, positions(Files.readString(train, StandardCharsets.UTF_8)));
    }

    @Test
    void aRehearsalSaysOnceWhyRowsAreNoQuestions() {
        shell.file("q.csv", "problem,worked\n" + "2+2?,4\n".repeat(50))
                .file("g.yaml", "teacher: {endpoint: {base_url: \"http://127.0.0.1:9/v1\", model: m}}\nquestions: "
                        + "{file: {path: \"{}/q.csv\"}}\n");
        Shell.Result rehearsed = shell.run("generate", "{}/g.yaml", "--out", "{}/g", "--dry-run");
        assertTrue(rehearsed.err()
                .contains("50 rows could not be read, such as {}/q.csv:2: row: a field question, instruction, "
                        + "messages, "
                + "conversations or text; got problem, worked; say with fields which of them holds what"),
                        rehearsed.toString());
    }

    private void model() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(TEACHER)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(model.resolve(file.getFileName()), file.toRealPath());
            }
        }
        Files.deleteIfExists(model.resolve("chat_template.jinja"));
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    }

    private long positions(String rows) {
        Shell.Result captured = capture(rows);
        return Json.read(captured.out(), JsonNode.class, captured.toString()).path("positions").asLong();
    }

    private Shell.Result capture(String rows) {
        shell.file("rows.jsonl", rows.replace("{}", "{ }"));
        String store = "{}/store" + System.nanoTime();
        return shell.run("logits", "--teacher", "{}/model", "--data", "{}/rows.jsonl", "--out", store, "--encoding",
                "{top_k: {k: 2}}",
                "--report-rows", "0", "--threads", "1", "--set", "max_seq=256", "--json");
    }

    private Shell.Result verify(String name) {
        return shell.run("verify", "{}/" + name, "--gold", "gold", "--answer", "answer");
    }

    private static String last(String text) {
        return text.lines().reduce((a, b) -> b).orElse("");
    }
}
