package dev.socratic.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.browser.Browser;
import dev.socratic.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Rows that `curate` has judged, and `socratic review` over them, as a process of its own.
final class ReviewedRun implements AutoCloseable {
    private final Process process;
    private final URI address;

    private ReviewedRun(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /// A row as `generate` writes it.
    ///
    /// @param question which question it answers
    static ObjectNode row(String id, String question, String reasoning, String answer, String result) {
        ObjectNode row = Json.mapper().createObjectNode().put("id", id).put("question_id", "q-" + question.hashCode());
        row.putArray("messages").add(Json.mapper().createObjectNode().put("role", "system").put("content",
                "Solve it step by step."))
                .add(Json.mapper().createObjectNode().put("role", "user").put("content", question))
                .add(Json.mapper().createObjectNode().put("role", "assistant").put("content",
                        "<think>" + reasoning + "</think>" + answer));
        row.put("reasoning", reasoning).put("answer_text", answer).put("final_answer", result);
        row.putObject("teacher").put("name", "teacher").put("endpoint", "http://127.0.0.1:1").put("revision", "");
        row.putObject("prompt").put("template", "solve").put("version", "1").put("hash", "0");
        row.putObject("sampling").put("temperature", 0.7).put("top_p", 0.95).put("max_tokens", 512).put("seed", 1)
                .put("index", 0);
        row.putObject("usage").put("prompt_tokens", 40).put("completion_tokens", 60).put("cost_usd", 0.0004);
        row.put("finish_reason", "stop");
        row.putArray("verdicts").addObject().put("check", "answer_match").put("passed", true).put("detail", "");
        return row;
    }

    /// Stories of apples, three in a hundred with a wrong sum, three in a hundred told twice.
    static List<ObjectNode> stories(int count) {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; rows.size() < count; i++) {
            int b = 3 + i % 89;
            int sum = i + b + (i % 33 == 7 ? 1 : 0);
            String name = List.of("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus").get(i % 7);
            String question = "%s has %s apples in box number %s and buys %s more at the market on the way home. "
                    .formatted(name, i, i, b) + "How many apples does %s have now?".formatted(name);
            rows.add(row("row-%05d".formatted(i), question, "%s starts with %s apples.%s We add: %s + %s = %s."
                    .formatted(name, i, " Then come more.".repeat(i % 12), i, b, sum),
                            "The answer is **%s**, since $%s + %s = %s$."
                            .formatted(sum, i, b, sum), String.valueOf(sum)));
            if (i % 33 == 20) {
                rows.add(row("twin-%05d".formatted(i), question.replace("at the market", "in the market"),
                        "Start: %s.".formatted(i), "So it is %s.".formatted(sum), String.valueOf(sum)));
            }
        }
        return rows;
    }

    /// Writes the rows, for nobody to judge but the reviewer.
    static Path written(Path folder, List<ObjectNode> rows) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), rows.stream().map(JsonNode::toString)
                .collect(Collectors.joining("\n", "", "\n")));
    }

    /// Writes the rows and has `curate` judge them.
    ///
    /// @return the run's folder
    static Path curated(Path folder, List<ObjectNode> rows) throws IOException {
        written(folder, rows);
        Shell.Result result = new Shell(folder, Map.of()).run("curate", "{}/rows.jsonl", "--out", "{}/run");
        if (result.code() != 0) {
            throw new IOException(result.toString());
        }
        return folder.resolve("run");
    }

    static ReviewedRun start(Path run, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(),
                "-XX:TieredStopAtLevel=1", "-Xmx1g", "-cp", System.getProperty("java.class.path"),
                        "dev.socratic.cli.Main",
                "review", run.toString(), "--port", "0"));
        command.addAll(List.of(options));
        Path log = run.resolveSibling("review.log");
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("no address: " + Files.readString(log));
        }
        return new ReviewedRun(process, URI.create(line.strip()));
    }

    String address() {
        return address.toString();
    }

    /// Opens the page and waits until it is there.
    void show(Browser browser, String hash) throws Exception {
        browser.go("about:blank#" + hash.hashCode());
        browser.go(address + hash);
        browser.until("document.body.dataset.ready === 'true'");
    }

    /// @param path below `/api/`
    JsonNode ask(String path) throws Exception {
        String token = address.getQuery().replaceFirst("^token=", "");
        var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(address.resolve("/api/" + path))
                .header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
        return Json.mapper().readTree(answer.body());
    }

    /// @return how many rows the query finds
    int count(String query) throws Exception {
        return ask("rows?size=1&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).path("total").asInt(-1);
    }

    /// Waits until so many rows were read.
    void await(int rows) throws Exception {
        for (int i = 0; count("") < rows; i++) {
            if (i > 600) {
                throw new IOException("read " + count("") + " rows of " + rows);
            }
            Thread.sleep(200);
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
    }
}
