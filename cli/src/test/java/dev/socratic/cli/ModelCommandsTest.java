package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `inspect`, `template` and `pull` print and how they end.
class ModelCommandsTest {
    private static final String TEMPLATE = """
            {%- for m in messages -%}
            {%- if m.role == 'system' -%}{{ raise_exception('No system here') }}{%- endif -%}
            {{ '<|' + m.role + '|>' + m.content + '<|end|>' }}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{ '<|assistant|>' }}{%- endif -%}
            {%- if dated %} {{ strftime_now('%d %b %Y') }}{% endif %}""";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Map<String, String> environment, String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false,
                environment);
        return Socratic.commandLine(console).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void templatePrintsWhatTheModelSeesAndNotOneCharacterMore() throws IOException {
        String template = file("t.jinja", TEMPLATE);
        String context = file("c.json",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"H\u00e9 \\ud83d\\ude00\"}], "
                        + "\"add_generation_prompt\": true}");
        assertEquals(ExitCode.DONE, run(Map.of(), "template", template, "--context", context));
        assertEquals("<|user|>H\u00e9 \ud83d\ude00<|end|><|assistant|>", out());
        assertEquals("", err());
        String dated = file("d.json", "{\"messages\": [], \"dated\": true}");
        for (String now : new String[] {"2026-01-15T09:30:00", "2026-01-15", "2026-01-15T09:30:00Z",
                "2026-01-15T23:30:00-05:00"}) {
            assertEquals(ExitCode.DONE, run(Map.of(), "template", template, "--context", dated, "--now", now));
            assertEquals(" 15 Jan 2026", out());
        }
        assertEquals(ExitCode.USAGE, run(Map.of(), "template", template, "--context", dated, "--now", "yesterday"));
        assertEquals("socratic: --now: a time such as 2026-01-15T09:30:00; got 'yesterday'; write it in ISO form\n",
                err());
    }

    @Test
    void templateSaysWhyItRefusesInItsOwnWords() throws IOException {
        String template = file("t.jinja", TEMPLATE);
        String context = file("c.json", "{\"messages\": [{\"role\": \"system\", \"content\": \"x\"}]}");
        assertEquals(ExitCode.FAILED, run(Map.of(), "template", template, "--context", context));
        assertEquals("", out());
        assertEquals(
                "socratic: " + template
                        + ":2: messages the chat template takes; got its refusal 'No system here'; mend the messages\n",
                                err());
        assertEquals(ExitCode.FAILED, run(Map.of(), "template", template, "--context", file("l.json", "[]")));
        assertTrue(err().contains("l.json: a JSON object with messages; got array"), err());
    }

    @Test
    void templateSpansAreCountedInCharacters() throws IOException {
        String template = file("t.jinja", TEMPLATE);
        String context = file("c.json",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"\\ud83d\\ude00\"}, {\"role\": \"assistant\", "
                        + "\"content\": \"Yes\"}]}");
        assertEquals(ExitCode.DONE, run(Map.of(), "template", template, "--context", context, "--spans"));
        JsonNode object = Json.read(out(), JsonNode.class, "out");
        assertEquals("<|user|>\ud83d\ude00<|end|><|assistant|>Yes<|end|>", object.get("text").asText());
        assertEquals("[{\"start\":29,\"end\":39,\"text\":\"Yes<|end|>\"}]", object.get("spans").toString());
    }

    @Test
    void templateOfAFolderPrintsItsSpecialTokens() throws IOException {
        file("tokenizer_config.json",
                "{\"bos_token\": \"<s>\", \"chat_template\": \"{{ bos_token }}{{ messages|length }}{{ tools is "
                        + "defined }}\"}");
        String context = file("c.json", "{\"messages\": []}");
        assertEquals(ExitCode.DONE, run(Map.of(), "template", folder.toString(), "--context", context));
        assertEquals("<s>0True", out());
    }

    private void model(String config) throws IOException {
        file("config.json", config);
        byte[] header =
                "{\"model.embed_tokens.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}".getBytes(
                        StandardCharsets.UTF_8);
        Files.write(folder.resolve("model.safetensors"),
                ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).putFloat(1).putFloat(Float.NaN).array());
    }

    @Test
    void inspectDescribesAnyFamilyAndItsCheckEndsWithOneWhereSomethingIsWrong() throws IOException {
        model("{\"model_type\": \"strange\", \"hidden_size\": 2, \"vocab_size\": 2}");
        assertEquals(ExitCode.DONE, run(Map.of(), "inspect", folder.toString()));
        assertTrue(out().lines().anyMatch(line -> line.matches("parameters +4")), out());
        assertTrue(out().lines().anyMatch(line -> line.matches("type F32 +1 tensors, 16 bytes")), out());
        assertEquals(ExitCode.FAILED, run(Map.of(), "inspect", folder.toString(), "--check"));
        assertTrue(out()
                .contains("error numbers: " + folder
                        + ": model.embed_tokens.weight: finite numbers; got 1 NaN and 0 infinite of 4; "), out());
        assertTrue(out().lines().toList().getLast().matches("check: \\d+ errors, \\d+ warnings"), out());
    }

    @Test
    void inspectAsJsonHasFactsAndDefects() throws IOException {
        model("{\"model_type\": \"strange\", \"hidden_size\": 2, \"vocab_size\": 2}");
        assertEquals(ExitCode.FAILED, run(Map.of(), "inspect", folder.toString(), "--check", "--json", "--tensors"));
        JsonNode object = Json.read(out(), JsonNode.class, "out");
        assertEquals(4, object.get("parameters").asInt());
        assertEquals("F32 (2, 2)", object.get("shapes").get("model.embed_tokens.weight").asText());
        JsonNode defect = null;
        for (JsonNode each : object.get("defects")) {
            defect = each.get("check").asText().equals("numbers") ? each : defect;
        }
        assertEquals("error", defect.get("severity").asText());
        assertEquals("finite numbers", defect.get("problem").get("expected").asText());
        assertEquals(ExitCode.FAILED, run(Map.of(), "inspect", folder.resolve("none").toString(), "--check", "--json"));
        assertEquals(1, Json.read(out(), JsonNode.class, "out").get("defects").size());
    }

    /// A model in the cache as a pull leaves it.
    private Path cached(String name, String commit) throws IOException {
        Path root = folder.resolve("cache/models--" + name.replace("/", "--"));
        Path snapshot = Files.createDirectories(root.resolve("snapshots").resolve(commit));
        Files.createDirectories(root.resolve("refs"));
        Files.writeString(root.resolve("refs/main"), commit);
        return snapshot;
    }

    @Test
    void everyCommandTakesAModelOfTheCacheByItsName() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path snapshot = cached("org/name", commit);
        Files.copy(Path.of("../recipes/embedded/base/config.json"), snapshot.resolve("config.json"));
        Files.copy(Path.of("../recipes/embedded/base/model.safetensors"), snapshot.resolve("model.safetensors"));
        Files.copy(Path.of("../recipes/embedded/base/tokenizer.json"), snapshot.resolve("tokenizer.json"));
        Map<String, String> environment = Map.of("HF_HUB_CACHE", folder.resolve("cache").toString());
        for (String name : new String[] {"org/name", "org/name@main", "org/name@" + commit}) {
            assertEquals(ExitCode.DONE, run(environment, "inspect", name), err());
            assertTrue(out().contains("llama"), out());
        }
        assertEquals(ExitCode.DONE, run(environment, "objective", "explain", "sft", "--student", "org/name"), err());
        String absent =
                ": a folder that exists, or a model in the cache " + folder.resolve("cache")
                        + "; got 'org/other@v2', which is neither; "
                + "check the path, or fetch it: socratic pull org/other@v2\n";
        assertEquals(ExitCode.USAGE, run(environment, "inspect", "org/other@v2"));
        assertEquals("socratic: org/other@v2" + absent, err());
        String recipe = file("recipe.yaml", """
                name: named
                train:
                  - name: one
                    student: {folder: {path: org/name}}
                    objective: forward_kl
                    teacher: org/name
                    data: {word_problems: {count: 4}}
                    budget: {steps: {n: 1}}
                """);
        assertEquals(ExitCode.DONE, run(environment, "run", recipe, "--dry-run"), err());
        assertTrue(out().contains("teacher: \"" + snapshot + "\"") || out().contains("teacher: " + snapshot), out());
        assertEquals(ExitCode.USAGE,
                run(environment, "run", file("other.yaml", Files.readString(folder.resolve("recipe.yaml"))
                .replace("teacher: org/name", "teacher: org/other@v2")), "--dry-run"));
        assertEquals("socratic: train.teacher" + absent, err());
    }

    @Test
    void aPathThatIsThereWinsOverAName() throws IOException {
        HubModels models = new HubModels(Map.of("HF_HUB_CACHE", folder.resolve("cache").toString()),
                line -> { });
        Path snapshot = cached("org/name", "0123456789abcdef0123456789abcdef01234567");
        assertEquals(snapshot, models.folder(Path.of("org/name")));
        assertEquals(Path.of("src/test"), models.folder(Path.of("src/test")));
        assertEquals("./not/there: a folder of a Hugging Face model; got none there; check the path",
                assertThrows(ConfigException.class, () -> models.folder(Path.of("./not/there"))).getMessage());
    }

    @Test
    void mergeMakesAnOrdinaryFolderOfBaseAndAdapter() throws IOException {
        Path fixtures = Path.of("../models/src/test/resources/adapters");
        String out = folder.resolve("merged").toString();
        assertEquals(ExitCode.DONE,
                run(Map.of(), "merge", fixtures.resolve("base_llama").toString(), fixtures.resolve("plain").toString(),
                        "--out", out), err());
        assertEquals(out + "\n", out());
        assertEquals(ExitCode.DONE, run(Map.of(), "inspect", out), err());
        String adapter = fixtures.resolve("plain").toString();
        assertEquals(ExitCode.FAILED, run(Map.of(), "serve", adapter));
        assertEquals(("socratic: %s: base_model_name_or_path: a folder of a model, or a model in the cache; got "
                + "nothing; write where the base lies, or fetch it (socratic pull ORG/NAME), or give the merged model: "
                + "socratic merge BASE %s --out DIR\n").formatted(Path.of(adapter, "adapter_config.json"), adapter),
                err());
    }

    @Test
    void mergeSaysWhatItTookFromWhereBesideTheFolderAndRefusesByName() {
        Path fixtures = Path.of("../models/src/test/resources/peft");
        String out = folder.resolve("merged").toString();
        assertEquals(ExitCode.DONE, run(Map.of(), "merge", fixtures.resolve("base_tied").toString(),
                fixtures.resolve("save_head_tied").toString(), "--out", out), err());
        assertEquals(out + "\n", out(), "a script reads the folder alone");
        assertTrue(err().endsWith("of the base: generation_config.json\nconfig.json is the base's but "
                + "for what the "
                + "adapter changed: tie_word_embeddings false\n"), err());
        String alora = fixtures.resolve("alora").toString();
        String reason = alora + "/adapter_config.json: alora_invocation_tokens: nothing, null or false; got [5,6]; "
                + "the adapter acts only behind "
                + "these tokens, which no merged weight can: merge it with PEFT\n";
        assertEquals(ExitCode.FAILED,
                run(Map.of(), "merge", fixtures.resolve("base_llama").toString(), alora, "--out", out + "2"));
        assertEquals("socratic: " + reason, err());
        assertEquals(ExitCode.FAILED, run(Map.of(), "inspect", alora, "--check"));
        assertTrue(out().endsWith("error weights: " + reason + "check: 1 errors, 0 warnings\n"), out());
    }

    /// No command computes with weights that are no numbers.
    @ParameterizedTest
    @ValueSource(strings = {"eval", "merge", "serve"})
    void weightsThatAreNoNumbersAreSaidByEveryCommandThatLoadsThem(String command) throws IOException {
        Path base = Path.of("../models/src/test/resources/peft/base_llama");
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.copy(base.resolve("config.json"), broken.resolve("config.json"));
        byte[] weights = Files.readAllBytes(base.resolve("model.safetensors"));
        ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putFloat(weights.length - 4, Float.NaN);
        Files.write(broken.resolve("model.safetensors"), weights);
        try (Stream<Path> tokenizer = Files.list(Path.of("../models/src/test/resources/text/embedded"))) {
            for (Path file : tokenizer.toList()) {
                Files.copy(file, broken.resolve(file.getFileName()));
            }
        }
        String questions = file("q.jsonl", "{\"question\": \"1 + 1\", \"answer\": \"2\"}\n");
        String tasks = file("t.yaml", "tasks: [{name: t, questions: {file: {path: '" + questions + "'}}}]\n");
        String[] arguments = switch (command) {
            case "eval" -> new String[] {"eval", broken.toString(), "--tasks", tasks, "--out",
                    folder.resolve("e").toString()};
            case "merge" -> new String[] {"merge", broken.toString(), base.resolveSibling("regex").toString(), "--out",
                    folder.resolve("m").toString()};
            default -> new String[] {"serve", broken.toString(), "--port", "0"};
        };
        assertEquals(ExitCode.FAILED, run(Map.of(), arguments), err());
        assertTrue(err().contains("broken: model.norm.weight: finite numbers; got NaN or infinite ones; take an "
                + "earlier checkpoint"), err());
    }

    @Test
    void pullOfflinePrintsTheFolderInTheCache() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path root = folder.resolve("models--org--name");
        Files.createDirectories(root.resolve("snapshots").resolve(commit));
        Files.createDirectories(root.resolve("refs"));
        Files.writeString(root.resolve("refs/main"), commit);
        Files.writeString(root.resolve("snapshots").resolve(commit).resolve("config.json"), "{}");
        Map<String, String> environment = Map.of("HF_HUB_OFFLINE", "1", "HF_HUB_CACHE", folder.toString());
        assertEquals(ExitCode.DONE, run(environment, "pull", "org/name"));
        assertEquals(root.resolve("snapshots").resolve(commit) + "\n", out());
        assertEquals(ExitCode.USAGE, run(environment, "pull", "org/name/more"));
        assertEquals("socratic: model: a name such as org/name; got 'org/name/more'; copy it from the model's page\n",
                err());
        assertEquals(ExitCode.FAILED, run(environment, "pull", "org/other"));
        assertTrue(err().contains("org/other@main in the cache, for HF_HUB_OFFLINE is set; got nothing"), err());
    }
}
