package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.Endpoint;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The recipes for real models, each file as it stands but for models, rows and budgets (`--set`): read, planned and
/// looked at by every build, run in miniature by `-Dgroups=slow`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecipeLibraryTest {
    private static final Path RECIPES = Path.of("..", "recipes").toAbsolutePath().normalize();
    private static final String TEACHER = RECIPES.resolve("embedded/teacher").toString();
    private static final String BASE = RECIPES.resolve("embedded/base").toString();

    /// What each is given in the place of its models and rows, besides what all students are.
    private static final Map<String, Map<String, String>> SMALL = new LinkedHashMap<>();

    static {
        Map<String, String> taught = Map.of("train[0].teacher", TEACHER);
        SMALL.put("black_box_api", Map.of("generate.questions.file.path", "{}/rows.jsonl",
                "generate.teacher.endpoint.base_url", "{url}",
                "generate.sampling.max_tokens", "10", "eval.models.before.weights", BASE));
        SMALL.put("white_box_logits", Map.of("train[0].teacher", TEACHER, "eval.models.teacher.weights", TEACHER,
                "eval.models.before.weights", BASE));
        SMALL.put("stored_logits", Map.of("logits[0].teacher", TEACHER, "logits[0].data.file.path", "{}/rows.jsonl",
                "logits[0].capture.max_seq", "128"));
        SMALL.put("on_policy_reverse_kl", taught);
        SMALL.put("opsd", Map.of());
        SMALL.put("gold_two_tokenizers", Map.of("train[0].teacher", TEACHER, "train[0].student",
                "{random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}",
                "train[0].tokenizer", "{train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}"));
        SMALL.put("several_teachers", Map.of("train[0].teacher", TEACHER, "train[0].more_teachers", "[" + BASE + "]"));
        SMALL.put("distilbert", Map.of("train[0].teacher", "{}/bert", "train[0].student.layers_of.path", "{}/bert",
                "train[0].data.file.path", "{}/text.jsonl", "train[0].max_seq", "32"));
        SMALL.put("lora_laptop", Map.of());
        SMALL.put("qlora_t4", Map.of());
        SMALL.put("one_80gb_gpu", taught);
        SMALL.put("smollm2_cpu", Map.of("train[0].teacher", TEACHER, "eval.models.teacher.weights", TEACHER,
                "eval.models.before.weights", BASE));
    }

    @TempDir
    private static Path folder;

    private Endpoint endpoint;

    @BeforeAll
    void rows() throws Exception {
        endpoint = new Endpoint();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add("{\"question\": \"What is %s + 1?\", \"answer\": \"%s + 1 = %s\\n#### %3$s\", \"domain\": \"%s\"}"
                    .formatted(i, i, i + 1, i % 2 == 0 ? "math" : "code"));
        }
        Files.write(folder.resolve("rows.jsonl"), rows);
        Files.writeString(folder.resolve("held.jsonl"),
                "{\"question\": \"Ann adds 40 + 50, what is it?\", \"answer\": \"40 + 50 = 90\\n#### 90\"}\n");
        Files.writeString(folder.resolve("text.jsonl"), "{\"text\": \"the cat sat on the mat\"}\n".repeat(4));
        bert(Files.createDirectories(folder.resolve("bert")));
    }

    /// Four random layers with a tokenizer of the rows.
    private static void bert(Path bert) throws Exception {
        TokenizerFolder.write(BpeTrainer.train(new TokenizerRecipe(300, List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]"),
                List.of(), "[PAD]", "[SEP]", "{{ messages }}"), Stream.of("the cat sat on the mat")), bert);
        Files.writeString(bert.resolve("tokenizer_config.json"), "{\"cls_token\": \"[CLS]\", \"sep_token\": \"[SEP]\", "
                + "\"mask_token\": \"[MASK]\", \"pad_token\": \"[PAD]\"}");
        Files.writeString(bert.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 300, "hidden_size": 32, "num_hidden_layers": 4,
                 "num_attention_heads": 4, "intermediate_size": 48, "hidden_act": "gelu",
                 "max_position_embeddings": 48, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
                 "initializer_range": 0.15, "pad_token_id": 0}""");
        try (NDManager manager = Engines.manager();
                Encoder random = Encoder.random(EncoderConfig.read(bert), 4, manager)) {
            random.save(bert, DType.F32);
        }
    }

    @AfterAll
    void close() {
        endpoint.close();
    }

    static Stream<String> recipes() {
        return SMALL.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipeIsReadPlannedAndFitsItsModels(String name) {
        Shell.Result result = shell().run(arguments(name, "--dry-run"));
        assertEquals(ExitCode.DONE, result.code(), result::toString);
        assertTrue(result.err().contains("train/student: "), result::toString);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    @Tag("slow")
    void everyRecipeRunsInMiniature(String name) {
        Shell.Result result = shell().run(arguments(name));
        assertEquals(ExitCode.DONE, result.code(), result::toString);
        Path student = folder.resolve("runs").resolve(name).resolve("train/student");
        assertTrue(Files.exists(student.resolve("README.md")) && Files.exists(student.resolve("rows.jsonl")),
                result::toString);
    }

    private static Shell shell() {
        return new Shell(folder, Map.of("TEACHER_KEY", "none"));
    }

    private String[] arguments(String name, String... more) {
        Map<String, String> values = new LinkedHashMap<>(Map.of("train[0].budget", "{steps: 1}",
                "train[0].batch_tokens", "200", "train[0].micro_tokens", "200"));
        if (!SMALL.get(name).containsKey("train[0].max_seq")) {
            values.put("train[0].max_seq", "128");
        }
        if (SMALL.get(name).keySet().stream().noneMatch(key -> key.startsWith("train[0].student"))) {
            values.put("train[0].student.folder", BASE);
        }
        if (!name.equals("black_box_api") && !name.equals("distilbert")) {
            values.put("train[0].data.file.path", "{}/rows.jsonl");
        }
        if (SMALL.get(name).keySet().stream().anyMatch(key -> key.startsWith("eval"))) {
            values.put("eval.tasks[0].questions.file.path", "{}/held.jsonl");
            values.put("eval.tasks[0].max_tokens", "4");
        }
        values.putAll(SMALL.get(name));
        List<String> all = new ArrayList<>(List.of("run", RECIPES.resolve(name + ".yaml").toString(), "--out",
                "{}/runs/" + name, "--threads", "1"));
        values.forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value.replace("{url}",
                endpoint.address()))));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
