package dev.socratic.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageReport;
import dev.socratic.generator.endpoint.EndpointModel;
import dev.socratic.generator.endpoint.FakeTime;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/// An endpoint that adds two numbers, but first does whatever a test wants of it; and the `generate` stage asking it,
/// from a config in YAML to the files in a folder.
final class OddServer implements AutoCloseable {
    static final String KEY = "sk+TEST/key+0123456789/abcdef==";

    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    private final MockWebServer server = new MockWebServer();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final FakeTime time = new FakeTime();

    /// One request.
    ///
    /// @param attempt the how manieth for this question
    /// @param first   the first number of the sum
    /// @param right   the sum
    record Asked(RecordedRequest request, JsonNode body, int attempt, int first, int right) {
        /// @return the number of the question, from 0
        int number() {
            return first - 10;
        }

        String words() {
            return "%s and so on.\nThe answer is %s.".formatted(first, right);
        }
    }

    /// @param odd what to say instead of a good answer; empty for one
    OddServer(Function<Asked, Optional<MockResponse>> odd) throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                Asked one = seen(request);
                asked.add(one);
                return odd.apply(one).orElseGet(() -> good(one));
            }
        });
        server.start();
    }

    /// One that does it at the first attempt at each question.
    static OddServer first(MockResponse odd) throws IOException {
        return new OddServer(one -> one.attempt() == 1 ? Optional.of(odd) : Optional.empty());
    }

    private Asked seen(RecordedRequest request) {
        try {
            JsonNode body = Json.mapper().readTree(request.getBody().utf8());
            String question = body.path("messages").path(0).path("content").asText();
            Matcher sum = SUM.matcher(question);
            sum.find();
            int first = Integer.parseInt(sum.group(1));
            return new Asked(
                    request, body, attempts.merge(question, 1, Integer::sum), first, first
                            + Integer.parseInt(sum.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode body(String text) {
        ObjectNode body = Json.mapper().createObjectNode().put("id", "c").put("object", "chat.completion")
                .put("created", 1).put("model", "m");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        body.putObject("usage").put("prompt_tokens", 20).put("completion_tokens", 12).put("total_tokens", 32);
        return body;
    }

    static ObjectNode choice(ObjectNode body) {
        return (ObjectNode) body.at("/choices/0");
    }

    static ObjectNode message(ObjectNode body) {
        return (ObjectNode) body.at("/choices/0/message");
    }

    static MockResponse ok(JsonNode body) {
        return ok(body.toString());
    }

    static MockResponse ok(String body) {
        return status(200, body).build();
    }

    static MockResponse good(Asked one) {
        return ok(body(one.words()));
    }

    static MockResponse.Builder status(int code, String body) {
        return new MockResponse.Builder().code(code).addHeader("Content-Type", "application/json").body(body);
    }

    /// The model behind it, for tests without a stage.
    EndpointModel open(String keys) {
        String yaml = "{base_url: \"%s\", model: m, concurrency: 1, retries: 3, price_in: 1, price_out: 2, %s}"
                .formatted(url("/v1"), keys);
        return EndpointModel.open(
                ConfigReader.read(yaml, "endpoint", TeacherConfig.Endpoint.class), Map.of("TEST_KEY", KEY), 1,
                        time);
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /// @return lines the endpoint was worth
    List<String> notes() {
        return List.copyOf(notes);
    }

    FakeTime time() {
        return time;
    }

    String url(String path) {
        return server.url(path).toString();
    }

    /// @param report what the stage said
    /// @param files  `answers.jsonl`, `rejected.jsonl`, `failed.jsonl`
    record Ran(StageReport report, Map<String, List<JsonNode>> files, Path folder) {
        List<JsonNode> answers() {
            return files.get("answers.jsonl");
        }

        List<JsonNode> failed() {
            return files.get("failed.jsonl");
        }

        String problem() {
            return failed().getFirst().path("problem").asText();
        }
    }

    /// Asks four questions, two at a time.
    Ran generate(Path folder) throws Exception {
        return generate(folder, "", "{}");
    }

    /// @param keys     further keys of the endpoint, as YAML in one line
    /// @param sampling as YAML in one line
    Ran generate(Path folder, String keys, String sampling) throws Exception {
        return generate(folder, "/v1", keys, sampling, 4);
    }

    Ran generate(Path folder, String path, String keys, String sampling, int questions) throws Exception {
        return generate(folder, path, keys, sampling, questions, "");
    }

    /// @param samples of each question
    Ran generate(Path folder, String keys, String sampling, int questions, int samples, String... further)
            throws Exception {
        return generate(folder, "/v1", keys, sampling, questions,
                "samples: " + samples + "\n" + String.join("\n", further) + "\n");
    }

    private Ran generate(Path folder, String path, String keys, String sampling, int questions, String further)
            throws Exception {
        Files.createDirectories(folder);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            rows.add("{\"question\": \"What is %s + %s?\", \"answer\": \"%s\"}".formatted(i + 10, 2 * i, 3 * i + 10));
        }
        Path file = Runs.questions(folder, rows);
        String address = url("/").replaceFirst("/$", "") + path; // with ${NAME} as it is
        String yaml = """
                questions: {file: {path: %s}}
                prompt: plain
                teacher: {endpoint: {base_url: "%s", model: m, concurrency: 1, retries: 3, price_in: 1, price_out: 2%s}}
                sampling: %s
                %s""".formatted(file, address, keys.isEmpty() ? "" : ", " + keys, sampling, further);
        GenerateConfig config = ConfigReader.read(yaml, "generate.yaml", GenerateConfig.class);
        TeacherConfig.Endpoint endpoint = (TeacherConfig.Endpoint) config.teacher();
        Path run = folder.resolve("run");
        try (EndpointModel model = EndpointModel.open(
                endpoint, Map.of("TEST_KEY", KEY, "OTHER_KEY", "0ther-secret-42"), 1, time)) {
            StageReport report = GenerateStage.run(config, model, Runs.context(run, Progress.telling(notes::add)));
            Map<String, List<JsonNode>> files = new ConcurrentHashMap<>();
            for (String name : Runs.FILES) {
                files.put(name, rows(run.resolve(name)));
            }
            return new Ran(report, files, run);
        }
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(Json.mapper().readTree(line));
        }
        return rows;
    }

    /// Asks as many questions as there are cases; the answer to each is the case's to make.
    Ran generate(Path folder, List<?> cases) throws Exception {
        return generate(folder, "/v1", "", "{}", cases.size());
    }

    /// @return every file below a folder that holds a text
    static List<Path> holding(Path folder, String text) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> read(file).contains(text)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
