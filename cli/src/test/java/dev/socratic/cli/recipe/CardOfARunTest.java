package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Places;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.models.engine.Compute;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a student's card says of its run.
class CardOfARunTest {
    private static final Path BASE = Path.of("../recipes/embedded/base").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream talk = new ByteArrayOutputStream();

    @Test
    void theCardSaysTeachersSourcesFiltersScoresAndCostsAsTheRunRecordedThem() throws Exception {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            questions.add("{\"question\": \"What is %s + 1?\", \"answer\": \"%s\", \"licence\": \"mit\"}".formatted(
                    i, i == 5 ? 7 : i + 1));
        }
        Files.write(folder.resolve("questions.jsonl"), questions);
        Files.writeString(folder.resolve("held.jsonl"), """
                {"question": "Ann adds 40 + 50, what is it?", "answer": "90"}
                {"question": "Ann adds 70 + 20, what is it?", "answer": "90"}
                """);
        try (Endpoint endpoint = new Endpoint()) {
            Recipe recipe = recipe("""
                    generate:
                      questions: {file: {path: "%1$s/questions.jsonl"}}
                      prompt: plain
                      teacher: {%2$s}
                      samples: 2
                      sampling: {max_tokens: 10}
                    curate: {steps: [verdicts, exact_duplicates]}
                    train:
                      - {name: small, student: {folder: "%3$s"}, budget: {steps: 1}, batch_tokens: 100,
                         micro_tokens: 100, max_seq: 64}
                    eval:
                      models: {teacher: teacher, before: {weights: "%3$s"}, after: {student: small}}
                      tasks: [{name: sums, prompt: plain, max_tokens: 4,
                               questions: {file: {path: "%1$s/held.jsonl"}}}]
                    energy: {watts: 300, usd_per_hour: 2, usd_per_kwh: 0.3}
                    """.formatted(folder, endpoint.config("").replace("adder", "gpt-4-adder"), BASE));
            assertEquals(ExitCode.DONE, run(recipe, EnumSet.of(Stage.GENERATE, Stage.CURATE, Stage.TRAIN)),
                    talk::toString);
            String trained = card();
            assertFalse(trained.contains("## Scores"), trained);
            assertEquals(ExitCode.DONE, run(recipe, EnumSet.allOf(Stage.class)), talk::toString);
            String card = card();
            assertTrue(card.contains("| gpt-4-adder | text | not stated | forbids, terms of OpenAI (2024-01-31): output "
                    + "may not be used to develop models that compete with OpenAI; read "
                    + "https://openai.com/policies/terms-of-use/ |"), card);
            assertTrue(card.contains("| questions of questions.jsonl (licence mit) | 5 |  |\n| curate/train.jsonl | 5 | "),
                    card);
            assertTrue(card.contains("| generate: checks of answers | 12 | 10 | {final_answer=2} |\n"
                    + "| curate: verdicts | 10 | 10 | {} |\n| curate: decontaminate | 10 | 10 | {} |\n"
                    + "| curate: exact_duplicates | 10 | 5 | {exact_duplicate:5} |"), card);
            assertTrue(card.matches("(?s).*\\| sums \\| teacher \\(teacher\\) \\| [0-9.]+ % \\[[0-9.]+, [0-9.]+] of 2 \\| "
                    + "-?\\+?[0-9.]+ points \\[[-+][0-9.]+, [-+][0-9.]+], p [0-9.e-]+ \\|.*"), card);
            assertTrue(card.contains("| sums | base (before) | 0.0 %") && card.contains("| sums | student (after) |"), card);
            assertTrue(card.contains("Energy is an estimate: 300.0 W over the wall time"), card);
            assertTrue(card.matches("(?s).*\\| generate \\| 120 \\| 120 \\| 12\\.00 USD \\| [0-9.]+ s \\| 0\\.[0-9]{4} USD "
                    + "\\| 0\\.[0-9]{4} kWh \\|\n.*\\| train/small \\| .*\n\\| together \\| .*"), card);
            assertTrue(card.indexOf("## What it took") < card.indexOf("The whole config:"), card);
            run(recipe, EnumSet.allOf(Stage.class));
            assertEquals(card, card(), "a run that does nothing changes nothing");
            assertTrue(talk.toString(StandardCharsets.UTF_8).contains("train/small: skipped"), talk::toString);
        }
    }

    @Test
    void aStudentOfRowsOfItsOwnSaysTheFilesByTheirHashes() throws Exception {
        AtomicFiles.write(folder.resolve("rows.jsonl"), "{\"text\": \"one two\"}\n");
        Recipe recipe = recipe("""
                train:
                  - name: small
                    student: {folder: "%s"}
                    data: {mix: {parts: [{source: {file: {path: "%s/rows.jsonl"}}}, {source: {word_problems: {count: 3}}}]}}
                    budget: {steps: 1}
                    batch_tokens: 100
                    micro_tokens: 100
                    max_seq: 90
                    too_long_limit: 1
                """.formatted(BASE, folder));
        assertEquals(ExitCode.DONE, run(recipe, EnumSet.allOf(Stage.class)), talk::toString);
        assertTrue(card().contains("| rows.jsonl | all that can be read | "
                + dev.socratic.core.json.Hashes.of(folder.resolve("rows.jsonl")) + " |\n"
                + "| word problems of this tool, split train, seed 0 | 3 | made from the seed |"), card());
        assertTrue(card().contains("| no price given | no wattage given |"), card());
    }

    @Test
    void aTeacherWhoseTermsForbidItIsToldOrRefusedAsTheRecipeWants() throws Exception {
        Path llama = Files.createDirectories(folder.resolve("teacher"));
        Files.writeString(llama.resolve("README.md"), "---\nlicense: other\nlicense_name: tongyi-qianwen\n---\n");
        String yaml = """
                logits: [{name: store, teacher: "%s", data: {word_problems: {count: 1}}}]
                train: [{name: s, student: {folder: "%s"}, data: {word_problems: {count: 1}}, captured: store,
                         objective: forward_kl, budget: {steps: 1}}]
                """.formatted(llama, BASE);
        String terms = "'teacher', terms of Tongyi Qianwen License Agreement (2023-08-03): the materials and their output "
                + "may not be used to improve any other large language model than Tongyi Qianwen; read "
                + "https://huggingface.co/Qwen/Qwen-72B/blob/main/LICENSE";
        assertEquals(List.of("logits[0].teacher: " + terms + "; this is no legal advice, and licences: refuse ends a run "
                + "here"), look(yaml).warnings());
        assertEquals("logits[0].teacher: a teacher whose terms allow training on what it writes; got " + terms
                + "; take another teacher, or write licences: warn if you may",
                assertThrows(ConfigException.class, () -> look(yaml + "licences: refuse").require()).getMessage());
        Findings silent = look(yaml + "licences: ignore");
        assertTrue(silent.none() && silent.warnings().isEmpty());
        Files.writeString(llama.resolve("README.md"), "---\nlicense: llama3.1\n---\n");
        assertEquals(1, look(yaml + "licences: refuse").warnings().size(), "a condition is told, never refused");
    }

    @Test
    void anEnergyThatIsNoneIsRefused() {
        assertEquals("recipe:3:17: energy.watts: more than 0; got -1.0",
                assertThrows(ConfigException.class, () -> recipe("energy: {watts: -1}")).getMessage());
    }

    private static Findings look(String yaml) {
        Findings findings = new Findings(Places.none());
        Recipe recipe = recipe(yaml);
        recipe.licences().look(recipe, findings);
        return findings;
    }

    private static Recipe recipe(String yaml) {
        return ConfigReader.read("name: told\n\n" + yaml, "recipe", Recipe.class);
    }

    private String card() throws Exception {
        return Files.readString(folder.resolve("run/train/small/README.md"));
    }

    private int run(Recipe recipe, EnumSet<Stage> stages) throws InterruptedException {
        PrintStream stream = new PrintStream(talk, true, StandardCharsets.UTF_8);
        return new Runner(recipe, folder.resolve("run"), new Console(stream, stream, false, false, Map.of()),
                Clock.systemUTC(), 1, Compute.CPU).run(stages);
    }
}
