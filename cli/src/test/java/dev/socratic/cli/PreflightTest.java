package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recipe names and is not there, or is something else, or does not fit, is found by a dry run, whatever part
/// names it.
class PreflightTest {
    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded").toAbsolutePath().normalize();
    private static final String RIGHT = """
            name: ok
            generate:
              questions: {file: {path: q.jsonl}}
              teacher: {weights: {path: %1$s/teacher}}
              sampling: {max_tokens: 8}
            curate: {steps: [format]}
            train:
              - name: student
                student: {folder: {path: %1$s/base}}
                data: {file: {path: chat.jsonl}}
                budget: {steps: 1}
            eval:
              models: {after: {student: student}}
              tasks: [{name: test, questions: {file: {path: q.jsonl}}, max_tokens: 8}]
            """.formatted(EMBEDDED);

    @TempDir
    Path folder;

    private Shell shell() {
        return new Shell(folder, Map.of())
                .file("q.jsonl", "{\"question\": \"What is 2 + 3?\", \"answer\": \"5\"}\n")
                .file("ungraded.jsonl", "{\"question\": \"What is 2 + 3?\", \"gold_answer\": \"5\"}\n")
                .file("empty.jsonl", "")
                .file("numbers.jsonl", "1\n2\n")
                .file("one.jsonl",
                        "{\"question\": \"What is 1 + 1?\", \"solution\": \"1 + 1 = 2\", \"answer\": \"2\"}\n")
                .file("chat.jsonl",
                        "{\"messages\": [{\"role\": \"user\", \"content\": \"2 + 3?\"}, {\"role\": "
                                + "\"assistant\", \"content\": \"5\"}]}\n")
                .file("odd.md", "---\nname: odd\nversion: 1\n---\n[user]\n{{question}} {{nobody}}\n");
    }

    /// @param changed by what stood before: what stands there now
    private void found(Map<String, String> changed, String... texts) {
        String recipe = RIGHT;
        for (Map.Entry<String, String> change : changed.entrySet()) {
            assertTrue(recipe.contains(change.getKey()), change.getKey());
            recipe = recipe.replace(change.getKey(), change.getValue());
        }
        Shell.Result result = shell().file("r.yaml", recipe).line("run {}/r.yaml --out {}/run --dry-run");
        assertEquals(ExitCode.USAGE, result.code(), result::toString);
        for (String text : texts) {
            assertTrue(result.err().contains(text), () -> text + "\nis not in " + result);
        }
        assertFalse(result.err().contains("a bug of ours"), result::toString);
    }

    @Test
    void theRightRecipeIsRight() {
        Shell.Result result = shell().file("r.yaml", RIGHT).line("run {}/r.yaml --out {}/run --dry-run");
        assertEquals(0, result.code(), result::toString);
        assertFalse(Files.exists(folder.resolve("run")), "a rehearsal writes nothing");
    }

    @Test
    void filesThatHoldNothingOrSomethingElse() {
        found(Map.of("questions: {file: {path: q.jsonl}}\n", "questions: {file: {path: empty.jsonl}}\n"),
                "r.yaml:3:15: generate.questions.file: at least one question; got an empty file; give a file "
                        + "with rows");
        found(Map.of("questions: {file: {path: q.jsonl}}\n", "questions: {file: {path: numbers.jsonl}}\n"),
                "generate.questions.file: at least one question; got none among its 2 rows; {}/numbers.jsonl:1: ");
        found(Map.of("questions: {file: {path: q.jsonl}}, max", "questions: {file: {path: ungraded.jsonl}}, max"),
                "eval.tasks[0].questions: questions with a gold answer; got none among the first 1; besides, "
                        + "rows have gold_answer");
        found(Map.of("path: chat.jsonl", "path: numbers.jsonl"),
                "train[0].data.file: at least one conversation or text; got none among its 2 rows");
    }

    @Test
    void aNamedPipeIsNoFileAndIsNotWaitedFor() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("pipe.jsonl").toString()).start().waitFor());
        found(Map.of("questions: {file: {path: q.jsonl}}\n", "questions: {file: {path: pipe.jsonl}}\n"),
                "'{}/pipe.jsonl', which is no regular file");
    }

    @Test
    void filesOfStepsAndOfParts() {
        found(Map.of("[format]", "[{decontaminate: {against: [{file: {path: gone.jsonl}}]}}]"),
                "curate.steps[0].decontaminate.against[0].file.path: a file of questions; got '{}/gone.jsonl', "
                        + "where there is none");
        found(Map.of("data: {file: {path: chat.jsonl}}",
                "data: {mix: {parts: [{source: {file: {path: chat.jsonl}}}, {source: {file: {path: gone.jsonl}}}]}}"),
                "train[0].data.mix.parts[1].source.file.path: a file of rows; got '{}/gone.jsonl'");
    }

    @Test
    void promptsAndTheirExamples() {
        found(Map.of("  sampling: {max", "  prompt: few_shot\n  sampling: {max"),
                "generate.few_shot: examples for the prompt 'few_shot'; got none");
        found(Map.of("  sampling: {max",
                "  prompt: few_shot\n  few_shot: {examples: one.jsonl, k: 4}\n  sampling: {max"), "few_shot", "4 of 1");
        found(Map.of("  sampling: {max", "  prompt: odd.md\n  sampling: {max"), "generate.prompt", "{{nobody}}");
        found(Map.of("  sampling: {max", "  prompt: gone.md\n  sampling: {max"), "generate.prompt", "gone.md",
                "none there");
    }

    @Test
    void modelsThatDoNotOpenOrDoNotFit() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(EMBEDDED.resolve("base").resolve(name), broken.resolve(name));
        }
        found(Map.of(EMBEDDED + "/teacher}", "broken}"), "generate.teacher.weights.path: ");
        Files.write(broken.resolve("model.safetensors"), new byte[] {8, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        found(Map.of(EMBEDDED + "/base}", "{}/broken}"), "train[0].student.folder: ");
        found(Map.of(EMBEDDED + "/teacher}", "q.jsonl}"),
                "a folder of a Hugging Face model; got the file '{}/q.jsonl'; give the folder it lies in");
    }

    @Test
    void objectivesAgainstModelsRowsAndStores() {
        found(Map.of("    budget", "    objective: dpo\n    budget"),
                "train[0].data: rows with two answers (prompt, chosen, rejected), which objective 'dpo' "
                        + "compares; got conversations with one");
        found(Map.of("    budget", "    objective: forward_kl\n    store: nowhere\n    budget"),
                "a store of a teacher's distributions; got '{}/nowhere', where there is none");
        found(Map.of("    budget", "    max_seq: 4000\n    budget"),
                "train[0].max_seq: at most 513, the student's context and the token predicted last; got 4000");
        found(Map.of("student: {folder: {path: " + EMBEDDED + "/base}}",
                "student: {random: {hidden: 100, layers: 2, heads: 7, kv_heads: 7, intermediate: 64}}\n    tokenizer: "
                        + "{folder: {path: "
                + EMBEDDED + "/base}}"), "train[0]");
    }

    @Test
    void aPromptThatLeavesNoRoomIsRefusedAndOneThatLeavesLittleIsTold() {
        Shell shell = shell().file("q.jsonl", "{\"question\": \"" + "What is 2 + 3? ".repeat(200)
                + "\", \"answer\": \"5\"}\n").file("r.yaml", RIGHT);
        Shell.Result result = shell.line("run {}/r.yaml --out {}/run --dry-run");
        assertEquals(ExitCode.USAGE, result.code(), result::toString);
        assertTrue(result.err().contains("a context with room for the first prompt of"), result::toString);
        Shell.Result little = shell().file("r.yaml", RIGHT.replace("sampling: {max_tokens: 8}",
                "sampling: {max_tokens: 4000}")).line("run {}/r.yaml --out {}/run --dry-run");
        assertEquals(0, little.code(), little::toString);
        assertTrue(little.err()
                .contains("generate.sampling.max_tokens: 4000 new tokens at most, but behind the first prompt of"),
                little::toString);
    }

    @Test
    void aPreviewPrintsThePromptsAsTheyWouldBeSentAndAsksNobodyUnlessTold() {
        Shell shell = shell().file("r.yaml", RIGHT);
        Shell.Result prompts = shell.line("run {}/r.yaml --out {}/run --preview 5");
        assertEquals(0, prompts.code(), prompts::toString);
        assertTrue(prompts.out().contains("[user]\nWhat is 2 + 3?\nThink step by step."), prompts::toString);
        assertFalse(Files.exists(folder.resolve("run")), "nothing is asked");
        Shell.Result asked = shell.line("run {}/r.yaml --out {}/run --preview 5 --ask --json");
        JsonNode json = Json.read(asked.out(), JsonNode.class, "preview");
        assertEquals(1, json.get("prompts").size(), asked::toString);
        assertEquals(1, json.get("answers").size(), asked::toString);
        Shell.Result alone = shell.line("run {}/r.yaml --ask");
        assertEquals("socratic: --ask: --preview K beside it; got nothing; write --preview 5 --ask\n", alone.err());
    }

    private static final String JINJA = """
            ---
            name: mine
            version: 3
            variables: [question]
            example_variables: [question, answer]
            ---
            [system]
            {% if 'prove' in question | lower %}
            Write a proof.
            {% endif %}

            [user]
            {# The examples in one turn. #}
            {% for example in examples %}
            {{ loop.index }}) {{ example.question }} {{ example.answer }}
            {% endfor %}
            {{ question | upper }}
            """;

    private static final String ASKING = """
            questions: {file: {path: q.jsonl}}
            teacher: {weights: {path: %s/teacher}}
            prompt: mine.md
            few_shot: {examples: one.jsonl, k: 1}
            sampling: {max_tokens: 8}
            """;

    @Test
    void aPromptOfOnesOwnMayUseLoopsConditionsAndFiltersAndAPreviewShowsWhatItSays() {
        Shell shell = shell().file("mine.md", JINJA).file("r.yaml", RIGHT.replace("  sampling: {max",
                "  prompt: mine.md\n  few_shot: {examples: one.jsonl, k: 1}\n  sampling: {max"));
        Shell.Result prompts = shell.line("run {}/r.yaml --out {}/run --preview 5");
        assertEquals(0, prompts.code(), prompts::toString);
        assertTrue(prompts.out().contains("[user]\n1) What is 1 + 1? 2\nWHAT IS 2 + 3?\n"), prompts::toString);
        assertFalse(prompts.out().contains("[system]"), prompts::toString);
        shell.file("q.jsonl", "{\"question\": \"Prove 1 = 1.\", \"answer\": \"5\"}\n");
        assertTrue(shell.line("run {}/r.yaml --out {}/run --preview 5").out().contains("Write a proof."));
        shell.file("g.yaml", ASKING.formatted(EMBEDDED));
        Shell.Result generate = shell.line("generate {}/g.yaml --out {}/run --preview 1");
        assertTrue(generate.out().contains("[user]\n1) What is 1 + 1? 2\nPROVE 1 = 1.\n"), generate::toString);
    }

    @Test
    void aMistakeInAPromptOfOnesOwnIsToldWithItsLineAndWhatToWrite() {
        mistaken("{% endfor %}", "", "{}/mine.md:17: a template in Jinja; got 'one of [else, endfor] expected; got "
                + "end of "
                + "the template'; mend it, or write {% raw %} ... {% endraw %} around signs that are text");
        mistaken("question | upper", "qestion | upper", "{}/mine.md:17: a variable that the header declares [question, "
                + "examples]; got {{qestion}}; write {{question}}");
        mistaken("| upper }}", "| upper }} \\{{x}} {#1#}", "{}/mine.md:17: '{{' as Jinja writes it; got '\\{{'; "
                + "write");
        mistaken("example.answer", "example.anwser", "{}/mine.md:15: values and fields that are there; got ''dict "
                + "object' "
                + "has no attribute 'anwser'' for question 'q_");
        mistaken("question | upper", "question + 1", "{}/mine.md:17: what its filters and operators can work with; got "
                + "TypeError 'can only concatenate str (not \"int\") to str' for question 'q_");
    }

    private void mistaken(String before, String after, String message) {
        assertTrue(JINJA.contains(before), before);
        Shell shell = shell().file("mine.md", JINJA.replace(before, after)).file("g.yaml", ASKING.formatted(EMBEDDED));
        for (String how : List.of("--dry-run", "--preview 1")) {
            Shell.Result result = shell.line("generate {}/g.yaml --out {}/run " + how);
            assertEquals(ExitCode.USAGE, result.code(), result::toString);
            assertTrue(result.err().contains("prompt: " + message), () -> message + "\nis not in " + result);
        }
    }

    /// The dry run looks at the first questions; the run itself at all, before it asks one.
    @Test
    void aQuestionThatAPromptCannotBeRenderedWithIsNamedBeforeAnythingIsAsked() {
        Shell shell = shell().file("g.yaml", ASKING.formatted(EMBEDDED))
                .file("mine.md", JINJA.replace("question | upper", "question.split()[5] | upper"))
                .file("q.jsonl", "{\"id\": \"long\", \"question\": \"What is 2 + 3 and 4?\"}\n"
                        + "{\"id\": \"short\", \"question\": \"What is 2?\"}\n");
        assertEquals(0, shell.line("generate {}/g.yaml --out {}/run --preview 1").code());
        Shell.Result result = shell.line("generate {}/g.yaml --out {}/run");
        assertEquals(ExitCode.USAGE, result.code(), result::toString);
        assertTrue(result.err().contains("{}/mine.md:17: values and fields that are there; got 'list object has no "
                + "element "
                + "5' for question 'short'; correct the name, or ask first"), result::toString);
        assertFalse(Files.exists(folder.resolve("run/generate/answers.jsonl")), "nothing is asked");
    }

    /// What `keys` says is what is read: each path that names no list or mapping is taken by `--set`, and refused by
    /// no name.
    @Test
    void everyKeyThatIsListedIsAKeyThatIsRead() {
        Shell shell = shell().file("r.yaml", RIGHT);
        List<JsonNode> keys = new ArrayList<>();
        Json.read(shell.line("keys --json").out(), JsonNode.class, "keys").forEach(keys::add);
        assertTrue(keys.size() > 150, () -> "only " + keys.size());
        Map<String, String> unknown = new LinkedHashMap<>();
        for (JsonNode key : keys.stream().filter(key -> key.get("path").asText()
                .matches("generate\\.(sampling|budget|few_shot|samples|prompt|limit|seed)[a-z_.]*")).toList()) {
            String path = key.get("path").asText();
            Shell.Result result = shell.run("run", "{}/r.yaml", "--dry-run", "--out", "{}/run", "--set", path + "=[]");
            if (result.err().contains("a known key")) {
                unknown.put(path, result.err());
            }
        }
        assertEquals(Map.of(), unknown);
    }
}
