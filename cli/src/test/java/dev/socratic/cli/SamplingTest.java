package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.recipe.Endpoint;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How tokens are drawn, said in a recipe and seen in what comes out: by local weights and by an endpoint, in
/// generation and in evaluation.
class SamplingTest {
    private static final String QUESTIONS = """
            {"question": "What is 3 + 4?", "answer": "7"}
            {"question": "What is 10 + 20?", "answer": "30"}
            """;

    @TempDir
    Path folder;

    private Shell shell() {
        return new Shell(folder, Map.of()).file("q.jsonl", QUESTIONS);
    }

    private static String generate(String teacher, String sampling) {
        return """
                name: drawn
                generate:
                  questions: {file: {path: q.jsonl}}
                  prompt: plain
                  checks: []
                  teacher: {%s}
                  sampling: {max_tokens: 10, %s}
                """.formatted(teacher, sampling);
    }

    private static String evaluate(String model, String sampling) {
        return """
                name: drawn
                eval:
                  models: {asked: {%s}}
                  tasks: [{name: sums, prompt: plain, questions: {file: {path: q.jsonl}}, max_tokens: 10, %s}]
                """.formatted(model, sampling);
    }

    private List<JsonNode> rows(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream().map(line -> Json.read(line, JsonNode.class, file))
                .toList();
    }

    private Shell.Result run(String recipe, String out) {
        return shell().file("r.yaml", recipe).line("run {}/r.yaml --out {}/" + out);
    }

    private List<String> answers(String sampling, String out) throws IOException {
        Shell.Result ran = run(generate("weights: {path: t}", sampling), out);
        assertEquals(0, ran.code(), ran.toString());
        return rows(out + "/generate/answers.jsonl").stream().map(row -> row.path("answer_text").asText()).toList();
    }

    /// The likeliest token is all that is left of one, and of those as likely as the likeliest.
    @Test
    void localWeightsDrawFromWhatTopKAndMinPLeave() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        List<String> greedy = answers("temperature: 0", "greedy");
        assertEquals(greedy, answers("temperature: 1.5, top_k: 1", "one"));
        assertEquals(greedy, answers("temperature: 1.5, min_p: 1", "likely"));
        assertNotEquals(greedy, answers("temperature: 1.5, top_k: 500", "many"));
        JsonNode drawn = rows("many/generate/answers.jsonl").getFirst().path("sampling");
        assertEquals("500", drawn.path("top_k").asText(), "the row says how it was drawn");
        assertTrue(rows("likely/generate/answers.jsonl").getFirst().path("sampling").has("min_p"));
    }

    @Test
    void anEvaluationOfLocalWeightsDoesToo() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        for (String way : List.of("temperature: 0", "temperature: 1.5, top_k: 1", "temperature: 1.5, min_p: 1")) {
            Shell.Result ran = run(evaluate("weights: {path: t}", way), way.replaceAll("[^a-z0-9]+", "-"));
            assertEquals(0, ran.code(), ran.toString());
        }
        assertEquals(responses("temperature-0"), responses("temperature-1-5-top-k-1"));
        assertEquals(responses("temperature-0"), responses("temperature-1-5-min-p-1"));
        JsonNode said = rows(samples("temperature-1-5-top-k-1")).getFirst().at("/arguments/gen_args_0/arg_1");
        assertEquals("{\"until\":[],\"do_sample\":true,\"temperature\":1.5,\"top_p\":1.0,\"top_k\":1,"
                + "\"max_gen_toks\":10}", said.toString());
    }

    @Test
    void answersOfLocalWeightsAreWhatTheyHaveToBeAndWhatCannotBeObeyedIsSaidBeforehand() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        for (String answer : answers("temperature: 1.5, constrain: {json_schema: {properties: {n: {enum: [3, 7]}}, "
                + "required: [n]}}", "schema")) {
            assertTrue(answer.matches("\\{\"n\": ?[37]}"), answer);
        }
        Shell.Result ran = run(generate("weights: {path: t}", "constrain: {regex: '(?=a)'}"), "refused");
        assertEquals(2, ran.code(), ran.toString());
        assertTrue(ran.err().contains("generate.sampling.constrain: regex: a regular expression that a finite automaton "
                + "can follow; got '(?='; write it without looking around, back or at flags"), ran.err());
    }

    /// Of a stranger with the same tokenizer; the manifest says how much of it stood.
    @Test
    void aDraftedTeacherSaysWhatItSaysAlone() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        ServedFixture.teacher(folder.resolve("d"));
        List<String> alone = answers("temperature: 0", "alone");
        Shell.Result ran = run(generate("weights: {path: t, draft: {path: d, tokens: 3}}", "temperature: 0"), "drafted");
        assertEquals(0, ran.code(), ran.toString());
        assertEquals(alone, rows("drafted/generate/answers.jsonl").stream()
                .map(row -> row.path("answer_text").asText()).toList());
        assertTrue(Files.readString(folder.resolve("drafted/manifest.json")).contains("\"draft_accepted_share\""));
    }

    private List<String> responses(String out) throws IOException {
        return rows(samples(out)).stream().map(row -> row.path("resps").toString()).toList();
    }

    private String samples(String out) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(out + "/eval/asked"))) {
            return folder.relativize(files.filter(file -> file.getFileName().toString().startsWith("samples_"))
                    .findFirst().orElseThrow()).toString();
        }
    }

    @Test
    void anEndpointIsToldThemWhereTheyAreSetAndOnlyThere() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            for (String recipe : List.of("generate", "eval")) {
                for (String more : List.of("top_k: 20, min_p: 0.05", "top_k: 0, min_p: 0", "top_k: -1")) {
                    endpoint.forget();
                    String sampling = "temperature: 0.5, top_p: 0.9, " + more;
                    Shell.Result ran = run(recipe.equals("generate") ? generate(endpoint.config(""), sampling)
                            : evaluate(endpoint.config(""), sampling), recipe + more.length());
                    assertEquals(0, ran.code(), ran.toString());
                    JsonNode body = endpoint.bodies().getFirst();
                    assertEquals(0.5, body.path("temperature").asDouble(), recipe);
                    assertEquals(0.9, body.path("top_p").asDouble(), recipe);
                    assertEquals(more.startsWith("top_k: 20") ? "20 0.05" : " ",
                            body.path("top_k").asText() + " " + body.path("min_p").asText(), recipe + " " + more);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"generate,top_k", "generate,min_p", "eval,top_k", "eval,min_p"})
    void anEndpointThatRefusesOneByNameIsAskedWithoutItAndTheManifestSaysSo(String stage, String field)
            throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            endpoint.refuse(field);
            String sampling = "temperature: 1, top_k: 20, min_p: 0.05";
            Shell.Result ran = run(stage.equals("generate") ? generate(endpoint.config(""), sampling)
                    : evaluate(endpoint.config(""), sampling), "run");
            assertEquals(0, ran.code(), ran.toString());
            assertTrue(ran.err().contains("'%s'".formatted(field)), ran.err());
            JsonNode manifest = Json.read(folder.resolve("run/manifest.json"), JsonNode.class);
            String name = stage.equals("generate") ? "generate" : "eval/asked";
            assertEquals("[\"%s\"]".formatted(field),
                    manifest.path("stages").path(name).path("notes").path("request_fields_refused").toString(),
                    manifest.toString());
            assertTrue(Files.readString(folder.resolve("run/report.html")).contains(
                    (stage.equals("generate") ? "generate" : "asked")
                            + ": the endpoint did not take, and was not sent or under another name: " + field));
            if (stage.equals("eval")) {
                JsonNode summary = Json.read(folder.resolve("run/summary.json"), JsonNode.class);
                assertEquals("[\"%s\"]".formatted(field),
                        summary.at("/eval/asked/sums/request_fields_refused").toString(), summary.toString());
            }
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedInTheSameWordsWhereverItStands() throws Exception {
        Map<String, String> wrong = Map.of(
                "temperature: -1", "temperature: a number from 0 to 100; got -1.0; 0 takes the likeliest token",
                "top_p: 0", "top_p: a number above 0 and at most 1; got 0.0; 1 keeps every token",
                "top_k: -2", "top_k: at least 1, or 0; got -2; 0 keeps every token",
                "min_p: 1.5", "min_p: a number from 0 to 1; got 1.5; 0 keeps every token",
                "stop: ['']", "stop: texts of at least one character; got an empty one; it would end every answer "
                        + "at once");
        wrong.forEach((written, words) -> {
            Shell.Result generate = run(generate("weights: {path: t}", written), "run");
            assertEquals(2, generate.code(), generate.toString());
            assertTrue(generate.err().contains("generate.sampling." + words), generate.err());
            Shell.Result eval = run(evaluate("weights: {path: t}", written), "run");
            assertEquals(2, eval.code(), eval.toString());
            assertTrue(eval.err().contains("eval.tasks[0]." + words), eval.err());
            if (!written.startsWith("stop")) {
                String objective = "rollout: {student: {%s}}\nterms: [{distance: kl}]".formatted(written);
                Shell.Result train = shell().file("o.yaml", objective)
                        .line("objective explain {}/o.yaml --student " + ServedFixture.EMBEDDED);
                assertEquals(2, train.code(), train.toString());
                assertTrue(train.err().contains("rollout.student." + words), train.err());
            }
        });
    }

    @Test
    void aFieldThatTheEndpointIsToldTwiceIsRefused() throws Exception {
        String asked = "endpoint: {base_url: \"http://127.0.0.1:9/v1\", model: m, extra_body: {top_k: 5}}";
        String words = ": each field in one place; got 'top_k' here and in the endpoint's extra_body; leave it out "
                + "there";
        Shell.Result generate = run(generate(asked, "top_k: 4"), "run");
        assertTrue(generate.code() == 2 && generate.err().contains("generate.sampling" + words), generate.toString());
        Shell.Result eval = run(evaluate(asked, "top_k: 4"), "run");
        assertTrue(eval.code() == 2 && eval.err().contains("eval.tasks[0]" + words), eval.toString());
        Shell.Result teacher = run(generate(asked, "top_k: 0") + evaluate("x: y", "top_k: 4").replace("name: drawn", "")
                .replace("{x: y}", "teacher"), "run");
        assertTrue(teacher.code() == 2 && teacher.err().contains("eval.tasks[0]" + words), teacher.toString());
    }

    /// Students that learn from what the likeliest tokens are: the same text, and so the same weights, byte for byte.
    @Test
    void rolloutsDrawFromWhatTopKAndMinPLeave() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        byte[] greedy = student("student: {max_new_tokens: 6, temperature: 0}");
        assertArrayEquals(greedy, student("student: {max_new_tokens: 6, temperature: 1.5, top_k: 1}"));
        assertArrayEquals(greedy, student("student: {max_new_tokens: 6, temperature: 1.5, min_p: 1}"));
        assertFalse(Arrays.equals(greedy, student("student: {max_new_tokens: 6, temperature: 1.5, top_k: 500}")));
        assertArrayEquals(student("teacher: {max_new_tokens: 6, temperature: 0}"),
                student("teacher: {max_new_tokens: 6, temperature: 1.5, top_k: 1}"));
    }

    private byte[] student(String rollout) throws IOException {
        String out = rollout.replaceAll("[^a-z0-9]+", "-");
        Shell.Result ran = shell().file("o.yaml", "name: o\nrollout: {%s}\nterms: [{distance: kl}]".formatted(rollout))
                .file("r.yaml", """
                        name: drawn
                        train:
                          - {name: s, student: {folder: t}, teacher: "%s", objective: o.yaml, budget: {steps: 2},
                             data: {word_problems: {count: 4}}, batch_tokens: 600, micro_tokens: 600, max_seq: 200}
                        """.formatted(Path.of("../recipes/embedded/base").toAbsolutePath().normalize()))
                .line("run {}/r.yaml --out {}/" + out);
        assertEquals(0, ran.code(), ran.toString());
        return Files.readAllBytes(folder.resolve(out + "/train/s/model.safetensors"));
    }

    @Test
    void whatTheModelsMakersRecommendIsSaidWhereItIsNotWhatIsDrawnBy() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        String words = "drawn with temperature 0.7, top_p 1.0, top_k 0, min_p 0.0; the model's generation_config.json "
                + "recommends temperature 0.6, top_p 0.95, top_k 20, min_p 0.0";
        String file = "{\"do_sample\": %s, \"temperature\": 0.6, \"top_p\": 0.95, \"top_k\": 20}";
        String other = generate("weights: {path: t}", "top_p: 1");
        for (String wish : List.of(file.formatted("true"), file.formatted("false"), "{}", "{\"do_sample\": true}",
                "{\"do_sample\": true, \"top_p\": 7}")) {
            Shell.Result ran = shell().file("t/generation_config.json", wish).file("r.yaml", other)
                    .line("run {}/r.yaml --out {}/run --dry-run");
            assertEquals(wish.contains("true, \"temperature"), ran.toString().contains(words), wish + ran);
            assertEquals(0, ran.code(), ran.toString());
        }
        Shell.Result same = shell().file("t/generation_config.json", file.formatted("true"))
                .file("r.yaml", generate("weights: {path: t}", "temperature: 0.6, top_p: 0.95, top_k: 20"))
                .line("run {}/r.yaml --out {}/run --dry-run");
        assertFalse(same.toString().contains("recommends"), same.toString());
    }

    /// What stands in the resolved recipe is what a config may say.
    @Test
    void theResolvedRecipeNamesEveryKeyAndReadsBack() throws Exception {
        ServedFixture.teacher(folder.resolve("t"));
        Shell.Result ran = run(generate("weights: {path: t}", "top_p: 0.9"), "run");
        assertEquals(0, ran.code(), ran.toString());
        assertTrue(Files.readString(folder.resolve("run/recipe.yaml")).contains("""
                  sampling:
                    temperature: 0.7
                    top_p: 0.9
                    top_k: 0
                    min_p: 0.0
                    typical_p: 1.0
                    repetition_penalty: 1.0
                    presence_penalty: 0.0
                    frequency_penalty: 0.0
                    logit_bias: {}
                    max_tokens: 10
                    stop: []
                """), Files.readString(folder.resolve("run/recipe.yaml")));
        Shell.Result again = shell().line("run {}/run/recipe.yaml --out {}/run");
        assertTrue(again.code() == 0 && again.err().contains("generate: skipped"), again.toString());
    }
}
