package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.Forecast;
import dev.socratic.cli.recipe.Models;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.cli.serve.OpenAiServer;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.trainer.config.TrainConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every recipe in miniature. The demo's is run by [SurvivalTest].
class RecipesTest {
    private static final Path RECIPES = Path.of("..", "recipes");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream talk = new ByteArrayOutputStream();

    @Test
    void everyRecipeIsReadAsItStands() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            for (Path recipe : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                ConfigReader.read(recipe, Recipe.class);
            }
        }
    }

    @Test
    void everyRecipesCostIsForeseenBeforeAnythingRuns() {
        List<String> demo = forecast(ConfigReader.read(RECIPES.resolve("demo.yaml"), Recipe.class, Map.of(
                "generate.questions.word_problems.count", "10", "generate.samples", "3", "generate.sampling.max_tokens",
                "96",
                "train[0].budget.tokens", "600000"))).lines();
        assertTrue(demo.getFirst().matches(
                "generate: 30 requests \\(10 questions x 3 samples\\), about [\\d,]+ prompt tokens and at most "
                        + "2,880 new ones; local weights, no price"), demo.getFirst());
        assertTrue(demo.get(2)
                .matches("train/student_sft: 600,000 tokens; 787,584 weights, 2\\.8 TFLOP, about 0\\.\\d\\d GiB while the "
                        + "loss is computed: process 0\\.41 GiB, .*"),
                        demo.get(2));
        // Factors of rank 4 beside seven matrices of 4 layers: 4 (in + out) each.
        List<String> adapter = forecast(ConfigReader.read(RECIPES.resolve("demo.yaml"), Recipe.class, Map.of(
                "train[0].adapter.lora.r", "4", "train[0].budget.tokens", "600000"))).lines();
        assertTrue(adapter.get(2).startsWith("train/student_sft: 600,000 tokens; 822,400 weights, of which an "
                + "adapter's "
                + "34,816 learn, 2.0 TFLOP"), adapter.get(2));
        List<String> teacher = forecast(ConfigReader.read(RECIPES.resolve("teacher.yaml"), Recipe.class)).lines();
        assertTrue(teacher.getLast().contains("4,156,160 weights"), teacher.getLast());
    }

    @Test
    void theTeachersRecipeTrainsADecoderFromNothing() throws Exception {
        Map<String, String> small = new LinkedHashMap<>(Map.of(
                "train[0].budget.tokens", "6000", "train[0].evaluate.rows", "8", "train[0].tokenizer.train_bpe.rows",
                "300"));
        int phases = ConfigReader.read(RECIPES.resolve("teacher.yaml"), Recipe.class).train().size();
        for (int phase = 1; phase < phases; phase++) {
            small.put("train[%s].budget.tokens".formatted(phase), "4000");
            small.put("train[%s].evaluate.rows".formatted(phase), "8");
        }
        small.putAll(fewProblems("teacher.yaml"));
        run("teacher.yaml", small);
        assertTrue(Files.exists(folder.resolve("run/train/teacher/model.safetensors")), talk());
        assertTrue(losses("teacher_first").getLast() < losses("teacher_first").getFirst(), talk());
    }

    /// A tenth of a per cent of the problems would do: making a hundred thousand that no step reads takes a minute.
    private static Map<String, String> fewProblems(String recipe) {
        Map<String, String> few = new LinkedHashMap<>();
        List<TrainConfig> trainings = ConfigReader.read(RECIPES.resolve(recipe), Recipe.class).train();
        for (int training = 0; training < trainings.size(); training++) {
            int parts = trainings.get(training).data().map(mix -> ((ExampleSource.Mix) mix).parts().size()).orElse(0);
            for (int part = 0; part < parts; part++) {
                few.put("train[%s].data.mix.parts[%s].source.word_problems.count".formatted(training, part), "1000");
            }
        }
        return few;
    }

    @Test
    void theRecipeOfTheTeacherOfComposedStoriesGoesOnFromTheEmbeddedOneAndIsAskedBothSplits() throws Exception {
        run("teacher_compositional.yaml", Map.of("train[0].budget.tokens", "2000", "train[0].evaluate.rows", "2",
                "train[0].data.mix.parts[0].source.word_problems.count", "20",
                "train[0].data.mix.parts[1].source.word_problems.count", "5",
                "eval.tasks[0].questions.word_problems.count", "2", "eval.tasks[0].max_tokens", "8",
                "eval.tasks[1].questions.word_problems.count", "2", "eval.tasks[1].max_tokens", "8"));
        assertTrue(Files.readString(folder.resolve("run/train/teacher/README.md")).contains("| held_out_forms | student "
                + "(teacher) |"), talk());
    }

    @Test
    void theRecipeOfComposedStoriesTeachesABaseThatHasReadThemByTextAndByDistribution() throws Exception {
        Map<String, String> small = new LinkedHashMap<>(fewProblems("composed.yaml"));
        small.putAll(Map.of("generate.questions.word_problems.count", "6", "generate.samples", "1",
                "generate.teacher.weights.batch", "6", "train[0].budget.tokens", "3000", "train[0].evaluate.rows", "2",
                "train[1].budget.tokens", "1500", "train[2].budget.tokens", "1500"));
        for (int task = 0; task < 2; task++) {
            small.put("eval.tasks[%s].questions.word_problems.count".formatted(task), "2");
            small.put("eval.tasks[%s].max_tokens".formatted(task), "8");
        }
        run("composed.yaml", small);
        assertTrue(losses("student_kd").getLast() < losses("student_sft").getLast(), talk());
        assertTrue(Files.isDirectory(folder.resolve("run/logits/teacher")), talk());
    }

    @Test
    void theBasesRecipeTrainsWithTheTeachersTokenizer() throws Exception {
        Map<String, String> small = new LinkedHashMap<>(Map.of(
                "train[0].budget.tokens", "10000", "train[0].evaluate.rows", "8", "train[1].budget.tokens", "4000",
                "train[1].evaluate.rows", "8"));
        small.putAll(fewProblems("base.yaml"));
        run("base.yaml", small);
        assertEquals(
                Files.readString(RECIPES.resolve("embedded/teacher/tokenizer.json")),
                Files.readString(folder.resolve("run/train/base/tokenizer.json")));
        assertTrue(losses("base_first").getLast() < losses("base_first").getFirst(), talk());
    }

    @Test
    void theComparisonOfObjectivesTrainsAStudentByEachOfThemFromTheSameStart() throws Exception {
        String few = "{word_problems: {count: 8, seed: 3}}";
        Map<String, String> start = new LinkedHashMap<>(Map.of("eval.tasks[0].questions.word_problems.count", "2"));
        for (int store = 0; store < 3; store++) {
            start.put("logits[%s].data".formatted(store), few);
        }
        for (int student = 0; student < 2; student++) {
            start.put("train[%s].data".formatted(student), few);
            start.put("train[%s].budget".formatted(student), "{steps: 1}");
        }
        run("objectives_start.yaml", start);
        Path begun = folder.resolve("run");
        List<TrainConfig> students = ConfigReader.read(RECIPES.resolve("objectives.yaml"), Recipe.class).train();
        Map<String, String> small = new LinkedHashMap<>(Map.of("eval.tasks[0].questions.word_problems.count", "2"));
        for (int i = 0; i < students.size(); i++) {
            TrainConfig student = students.get(i);
            String entry = "train[%s].".formatted(i);
            small.put(entry + "data", few);
            small.put(entry + "budget", "{steps: 1}");
            small.put(entry + "student.folder", begun.resolve("train/warm").toString());
            student.store()
                    .ifPresent(store ->
                            small.put(entry + "store",
                                    begun.resolve("logits").resolve(store.getFileName()).toString()));
            student.teacherFolder().filter(teacher -> teacher.endsWith("assistant"))
                    .ifPresent(teacher -> small.put(entry + "teacher", begun.resolve("train/assistant").toString()));
            if (!student.moreTeachers().isEmpty()) {
                small.put(entry + "more_teachers", "[" + RECIPES.resolve("embedded/base").toAbsolutePath() + "]");
            }
        }
        run("objectives.yaml", small, "compared");
        for (TrainConfig student : students) {
            assertTrue(Files.exists(folder.resolve("compared/train").resolve(student.name())
                    .resolve("model.safetensors")), student.name() + talk());
        }
    }

    @Test
    void aStudentLearnsFromAStoreThatItsRecipeCapturesAndBothRunAgainWhenTheStoreIsAnother() throws Exception {
        Path objective = Files.writeString(folder.resolve("own.yaml"),
                "{name: own, terms: [{views: [{temperature: {tau: 2}}], distance: kl}]}");
        Path recipe = Files.writeString(folder.resolve("stored.yaml"), """
                name: stored
                logits:
                  - name: sampled
                    teacher: "%s"
                    data: {word_problems: {count: 8, seed: 3}}
                    capture: {temperature: 2, max_seq: 200, encoding: {sampled: {draws: 12}}}
                train:
                  - name: student
                    student: {folder: "%s"}
                    data: {word_problems: {count: 8, seed: 3}}
                    objective: own.yaml
                    captured: sampled
                    budget: {steps: 3}
                    batch_tokens: 400
                    micro_tokens: 400
                    max_seq: 200
                """.formatted(RECIPES.resolve("embedded/teacher").toAbsolutePath(), RECIPES.resolve("embedded/base").toAbsolutePath()));
        run(recipe.toString(), Map.of());
        assertEquals(3, losses("student").size(), talk());
        String card = Files.readString(folder.resolve("run/train/student/README.md"));
        assertTrue(card.contains("| objective | own.yaml |") && !card.contains(folder.toString()), card);
        talk.reset();
        run(recipe.toString(), Map.of());
        assertFalse(talk().contains("runs"), talk());
        String unknown = assertThrows(ConfigException.class,
                () -> ConfigReader.read(recipe, Recipe.class, Map.of("train[0].captured", "other"))).getMessage();
        assertTrue(unknown.contains(
                "train: student 'student' learns from the store 'other', which this recipe does not capture; known: "
                        + "[sampled]"), unknown);
        run(recipe.toString(), Map.of("logits[0].capture.seed", "2"));
        assertTrue(talk().contains("logits/sampled: runs again") && talk().contains("train/student: runs again"),
                talk());
        talk.reset();
        Files.writeString(objective, Files.readString(objective).replace("kl}", "kl, weight: 0.5}"));
        run(recipe.toString(), Map.of("logits[0].capture.seed", "2"));
        assertTrue(!talk().contains("logits/sampled: runs") && talk().contains("train/student: runs again"), talk());
    }

    @Test
    void aStudentLearnsFromTheStoresOfSeveralTeachersThatItsRecipeCapturesOneAfterAnother() throws Exception {
        String rows = "data: {word_problems: {count: 8, seed: 3}}";
        Path recipe = Files.writeString(folder.resolve("several.yaml"), """
                name: several
                logits:
                  - {name: large, teacher: "%s", %s, capture: {max_seq: 200, encoding: {top_k: {k: 64}}}}
                  - {name: small, teacher: "%s", %s, capture: {max_seq: 200, encoding: sampled}}
                train:
                  - {name: student, student: {folder: "%s"}, %s, objective: uncertainty, captured: large, more_captured: [small], budget: {steps: 3}, batch_tokens: 400, micro_tokens: 400, max_seq: 200}
                """.formatted(RECIPES.resolve("embedded/teacher").toAbsolutePath(), rows, RECIPES.resolve("embedded/base").toAbsolutePath(), rows, RECIPES.resolve("embedded/base").toAbsolutePath(), rows));
        run(recipe.toString(), Map.of());
        assertEquals(3, losses("student").size(), talk());
        talk.reset();
        run(recipe.toString(), Map.of("logits[1].capture.seed", "2"));
        assertTrue(talk().contains("logits/large: skipped") && talk().contains("logits/small: runs again"), talk());
        assertTrue(talk().contains("train/student: runs again because input more_stores[0] changed"), talk());
    }

    @Test
    void aChainOfAssistantsIsTrainedStageAfterStageAndRunsAgainFromTheOneThatChanged() throws Exception {
        String few = "{word_problems: {count: 8, seed: 3}}";
        Map<String, String> small =
                new LinkedHashMap<>(Map.of("eval.tasks[0].questions.word_problems.count", "2", "logits[0].data", few));
        for (int i = 0; i < 5; i++) {
            small.put("train[%s].data".formatted(i), few);
            small.put("train[%s].budget".formatted(i), "{steps: 2}");
        }
        List<String> costs = forecast(ConfigReader.read(RECIPES.resolve("assistants.yaml"), Recipe.class, small))
                .lines();
        assertTrue(
                costs.get(1).startsWith("logits/of_the_assistant: what a teacher of 2,598,656 weights expects"),
                costs.toString());
        assertTrue(costs.get(2).contains(" beside a teacher of 4,156,160,"), costs.toString());
        run("assistants.yaml", small);
        for (String stage : List.of("train/assistant", "train/takd", "train/dgkd", "train/stored", "eval/dgkd")) {
            assertTrue(talk().contains(stage + ": "), talk());
        }
        assertTrue(talk().indexOf("train/assistant: ") < talk().indexOf("logits/of_the_assistant: "), talk());
        talk.reset();
        Files.writeString(folder.resolve("run/train/assistant/notes.txt"),
                "what lies beside a model makes no other one");
        run("assistants.yaml", small);
        assertFalse(talk().contains("runs"), talk());
        small.put("train[0].budget", "{steps: 3}");
        run("assistants.yaml", small);
        for (String stage : List.of("train/assistant", "logits/of_the_assistant", "train/takd", "train/dgkd",
                "train/stored", "eval/takd")) {
            assertTrue(talk().contains(stage + ": runs again because"), stage + talk());
        }
        assertFalse(talk().contains("train/direct: runs again"), talk());
    }

    @Test
    void aStoreOfAStudentThatIsNotTrainedYetIsRefusedInOneLine() {
        Recipe recipe = ConfigReader.read(RECIPES.resolve("assistants.yaml"), Recipe.class,
                Map.of("logits[0].data", "{word_problems: {count: 8, seed: 3}}"));
        Console console = new Console(new PrintStream(talk, true, StandardCharsets.UTF_8),
                new PrintStream(talk, true, StandardCharsets.UTF_8), false, false, Map.of());
        String message = assertThrows(ConfigException.class,
                () -> new Runner(recipe, folder.resolve("run"), console, Clock.systemUTC(), 1, Compute.CPU)
                        .run(EnumSet.of(Stage.LOGITS))).getMessage();
        assertEquals(
                ("logits/of_the_assistant: the student 'assistant' of this recipe as a teacher; got none in %s; "
                        + "train it first: run the stage train too")
                .formatted(folder.resolve("run/train/assistant")), message);
    }

    @Test
    void aTeacherOfEightBitsAnswersIsEvaluatedAndIsAnotherThanTheWholeOne() throws Exception {
        Path recipe = Files.writeString(folder.resolve("eight.yaml"), """
                name: eight
                generate:
                  questions: {word_problems: {count: 4, seed: 9}}
                  teacher: {weights: {path: "%s", weights: int8}}
                  sampling: {max_tokens: 96}
                eval:
                  models: {teacher: teacher}
                  tasks: [{name: sums, questions: {word_problems: {count: 4, seed: 10}}, max_tokens: 96}]
                """.formatted(RECIPES.resolve("embedded/teacher").toAbsolutePath()));
        run(recipe.toString(), Map.of("generate.reject_limit", "1"));
        assertTrue(Files.readString(folder.resolve("run/recipe.yaml")).contains("weights: int8"), talk());
        talk.reset();
        run(recipe.toString(), Map.of("generate.reject_limit", "1"));
        assertFalse(talk().contains("runs"), talk());
        run(recipe.toString(), Map.of("generate.reject_limit", "1", "generate.teacher.weights.weights", "none"));
        assertTrue(talk().contains("generate: runs again") && talk().contains("eval/teacher: runs again"), talk());
    }

    /// An adapter is trained, goes on in a second training, teaches a third student and is evaluated; a base that
    /// changed is another student.
    @Test
    void anAdapterIsAStudentLikeAnyOther() throws Exception {
        Path base = folder.resolve("base");
        try (Stream<Path> files = Files.list(RECIPES.resolve("embedded/base"))) {
            Files.createDirectories(base);
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
        String rows = "data: {word_problems: {count: 8, seed: 3}}, budget: {steps: 2}, batch_tokens: 400, "
                + "micro_tokens: 400, max_seq: 200";
        Path recipe = Files.writeString(folder.resolve("adapter.yaml"), """
                name: adapter
                train:
                  - {name: low, student: {folder: "%s"}, adapter: {lora: {r: 4, alpha: 8}}, %s}
                  - {name: more, student: {earlier: low}, adapter: {lora: {r: 4, alpha: 8}}, %s}
                  - {name: taught, student: {folder: "%s"}, objective: word_kd, teacher: {earlier: more}, %s}
                eval:
                  models: {low: {student: low}, more: {student: more}}
                  tasks: [{name: sums, questions: {word_problems: {count: 4, seed: 9}}, max_tokens: 4}]
                """.formatted(base, rows, rows, base, rows));
        run(recipe.toString(), Map.of());
        Path low = folder.resolve("run/train/low");
        assertTrue(Files.exists(low.resolve("adapter_model.safetensors")), talk());
        assertFalse(Files.exists(low.resolve("model.safetensors")), talk());
        assertTrue(Files.exists(folder.resolve("run/eval/more")), talk());
        assertEquals(2, losses("taught").size(), talk());
        talk.reset();
        run(recipe.toString(), Map.of());
        assertFalse(talk().contains("runs"), talk());
        Files.writeString(base.resolve("generation_config.json"),
                Files.readString(base.resolve("generation_config.json")).replace("{", "{\"top_k\": 3,"));
        run(recipe.toString(), Map.of());
        assertTrue(talk().contains("train/low: runs again") && talk().contains("eval/low: runs again"), talk());
    }

    @Test
    void aStudentLearnsFromAStoreOfATeacherThatIsServed() throws Exception {
        Path teacher = RECIPES.resolve("embedded/teacher").toAbsolutePath();
        try (LocalModel model = Models.weights(teacher, 8, 1, Compute.CPU);
                OpenAiServer server = OpenAiServer.start(model, 0)) {
            Path recipe = Files.writeString(folder.resolve("served.yaml"), """
                    name: served
                    logits:
                      - name: likeliest
                        endpoint: {base_url: "http://localhost:%s/v1", model: teacher}
                        tokenizer: "%s"
                        data: {word_problems: {count: 8, seed: 3}}
                        capture: {max_seq: 200, encoding: {top_k: {k: 20}}}
                    train:
                      - name: student
                        student: {folder: "%s"}
                        data: {word_problems: {count: 8, seed: 3}}
                        objective: "%s"
                        captured: likeliest
                        budget: {steps: 3}
                        batch_tokens: 400
                        micro_tokens: 400
                        max_seq: 200
                    """.formatted(server.port(), teacher, RECIPES.resolve("embedded/base").toAbsolutePath(),
                    Files.writeString(folder.resolve("kl.yaml"), "name: kl\nterms: [{distance: kl}]")));
            assertTrue(forecast(ConfigReader.read(recipe, Recipe.class)).lines().getFirst().equals(
                    "logits/likeliest: what the served teacher expects at every position of its rows, once"));
            run(recipe.toString(), Map.of());
            assertEquals(3, losses("student").size(), talk());
            talk.reset();
            run(recipe.toString(), Map.of());
            assertFalse(talk().contains("runs"), talk());
            String both = assertThrows(ConfigException.class,
                    () -> ConfigReader.read(recipe, Recipe.class, Map.of("logits[0].teacher", teacher.toString())))
                            .getMessage();
            assertTrue(both.contains("logits 'likeliest': one of teacher and endpoint; got both"), both);
        }
    }

    @Test
    void realQuestionsFlowThroughEveryStageOverHttp() throws Exception {
        Path questions = folder.resolve("questions.jsonl");
        Files.writeString(questions, """
                {"question": "Tom has 3 boxes with 4 apples in each box. He eats 2 apples. How many apples are left?", "answer": "3 * 4 = <<3*4=12>>12\\n12 - 2 = 10\\n#### 10"}
                {"question": "Anna has 12 shells and gets 9 more from Ben. How many shells does she have in all?", "answer": "12 + 9 = 21\\n#### 21"}
                {"question": "Mia reads 5 pages each day for 6 days. Then she reads 7 more. How many pages is that?", "answer": "#### 37"}
                not json
                """);
        Path held = Files.writeString(folder.resolve("held_out.jsonl"), """
                {"question": "A train leaves with 80 people; 35 get off at the mill. Who is still on board?", \
                        "answer": "#### 45"}
                """);
        try (LocalModel teacher = Models.weights(RECIPES.resolve("embedded/teacher"), 8, 1, Compute.CPU);
                OpenAiServer server = OpenAiServer.start(teacher, 0)) {
            Map<String, String> small = new LinkedHashMap<>();
            small.put("generate.questions.file.path", questions.toString());
            small.put("generate.teacher.endpoint.base_url", "http://localhost:" + server.port() + "/v1");
            small.put("generate.samples", "3");
            small.put("generate.checks", "[truncated, format]");
            small.put("curate.steps", "[verdicts, exact_duplicates]");
            small.put("train[0].budget.steps", "2");
            small.put("eval.tasks[0].questions.file.path", held.toString());
            run("gsm8k.yaml", small);
        }
        JsonNode rows = Json.read(folder.resolve("run/summary.json"), JsonNode.class).get("rows");
        long dropped = 0;
        for (JsonNode reason : rows.get("dropped")) {
            dropped += reason.asLong();
        }
        assertEquals(12, rows.get("answers").asLong(),
                "four rows, three samples each, the broken row counted too: " + rows);
        assertEquals(12, rows.get("kept").asLong() + dropped + rows.get("failed").asLong(), rows.toString());
        assertTrue(rows.get("kept").asLong() > 0, rows + talk());
        assertEquals(1, Files.readAllLines(folder.resolve("run/generate/quarantine.jsonl")).size());
        assertTrue(Files.readString(folder.resolve("run/report.html")).contains("gsm8k"));
    }

    private void run(String name, Map<String, String> overrides) throws InterruptedException {
        run(name, overrides, "run");
    }

    private void run(String name, Map<String, String> overrides, String out) throws InterruptedException {
        Console console = new Console(
                new PrintStream(talk, true, StandardCharsets.UTF_8),
                new PrintStream(talk, true, StandardCharsets.UTF_8), false, false, Map.of());
        Recipe recipe = ConfigReader.read(RECIPES.resolve(name), Recipe.class, overrides);
        int code = new Runner(recipe, folder.resolve(out), console, Clock.systemUTC(), 1, Compute.CPU)
                .run(EnumSet.allOf(Stage.class));
        assertEquals(ExitCode.DONE, code, talk());
    }

    private java.util.List<Double> losses(String student) throws IOException {
        return Files.readAllLines(folder.resolve("run/train/" + student + "/metrics.jsonl")).stream()
                .map(line -> Json.read(line, JsonNode.class, "metrics"))
                .filter(row -> row.has("loss"))
                .map(row -> row.get("loss").asDouble())
                .toList();
    }

    private String talk() {
        return talk.toString(StandardCharsets.UTF_8);
    }

    /// In float32 on the processor.
    private static Forecast forecast(Recipe recipe) {
        return new Forecast(recipe, Compute.CPU);
    }
}
