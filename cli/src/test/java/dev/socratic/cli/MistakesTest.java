package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.Keys;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The mistakes of a first day, made at the command line: each is answered at once by a line that says where, what was
/// expected and what to do, and
/// doing that is tried and helps.
class MistakesTest {
    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded").toAbsolutePath().normalize();

    /// A recipe in which every part is right. Its questions are asked of weights of this machine.
    private static final String RIGHT = """
            name: ok
            generate:
              questions: {file: {path: q.jsonl}}
              teacher: {weights: {path: %1$s/teacher}}
              sampling: {max_tokens: 8}
              samples: 1
            curate: {steps: [format]}
            train:
              - name: student
                student: {folder: %1$s/base}
                data: {word_problems: {count: 4}}
                objective: sft
                budget: {steps: 1}
            eval:
              models: {before: {weights: {path: %1$s/base}}, after: {student: student}}
              tasks: [{name: test, questions: {file: {path: q.jsonl}}, max_tokens: 8}]
              compare: [{key: gain, first: after, second: before}]
            """.formatted(EMBEDDED);

    private static final String RUN = "run {}/r.yaml --out {}/run --dry-run";

    @TempDir
    Path folder;

    /// @param wrong   what is typed
    /// @param files   written before
    /// @param text    what stands on the terminal, whole lines or their ends
    /// @param mended  files after following the remedy
    /// @param right   what is typed then; it ends with 0
    private record Mistake(String name, Map<String, String> files, String wrong, List<String> text, Map<String,
            String> mended, String right) {}

    private final List<Mistake> mistakes = new ArrayList<>();

    private void recipe(String name, String before, String after, String... text) {
        assertTrue(RIGHT.contains(before), before);
        mistakes.add(new Mistake(name, Map.of("r.yaml", RIGHT.replace(before, after)), RUN, List.of(text),
                Map.of("r.yaml", RIGHT), RUN));
    }

    private void command(String name, String wrong, String right, String... text) {
        mistakes.add(new Mistake(name, Map.of("r.yaml", RIGHT), wrong, List.of(text), Map.of(), right));
    }

    @TestFactory
    Stream<DynamicTest> everyMistakeIsAnsweredByALineWhoseRemedyHelps() {
        ofTheCommandLine();
        return mistakes.stream().map(mistake -> DynamicTest.dynamicTest(mistake.name(), () -> tried(mistake)));
    }

    private void ofTheCommandLine() {
        command("1 a command misspelt", "tran {}/t.yaml --out {}/o --dry-run", "train {}/t.yaml --out {}/o --dry-run",
                "a command; got 'tran'; write 'train'");
        command("2 an option misspelt", "run {}/r.yaml --otu {}/o --dry-run", "run {}/r.yaml --out {}/o --dry-run",
                "run: a known option; got '--otu'; write '--out'");
        command("3 a recipe that is not there", "run {}/nope.yaml --dry-run", "run {}/r.yaml --dry-run",
                "{}/nope.yaml: a config file; got none there; check the path");
        command("4 a folder for a recipe", "run {} --dry-run", "run {}/r.yaml --dry-run",
                "{}: a config file; got a folder; give the path of a file in it");
        recipe("5 a key misspelt", "samples: 1", "sampels: 1",
                "{}/r.yaml:6:3: generate: a known key (questions, strategy, prompt, few_shot, teacher, samples, "
                        + "sampling, checks, limit, budget, reject_limit, seed, code); got 'sampels'; write 'samples'");
        recipe("6 a word for a number", "samples: 1", "samples: two",
                "{}/r.yaml:6:12: generate.samples: a whole number from -2147483648 to 2147483647; got 'two'");
        recipe("7 a number below its range", "samples: 1", "samples: 0",
                "{}/r.yaml:6:12: generate.samples: at least 1; got 0");
        recipe("8 a tab", "  samples: 1", "\tsamples: 1",
                "{}/r.yaml:6:1: YAML or JSON; got found character '\\t(TAB)' that cannot start any token. (Do "
                        + "not use \\t(TAB) for indentation) (while scanning for the next token)");
        recipe("9 a key twice", "curate:", "name: again\ncurate:",
                "{}/r.yaml:7:1: each key once; got 'name' again, first at {}/r.yaml:1:1; remove one of the two");
        recipe("10 questions that are not there", "path: q.jsonl}}\n  teacher", "path: gone.jsonl}}\n  teacher",
                "{}/r.yaml:3:22: generate.questions.file.path: a file of questions; got '{}/gone.jsonl', where "
                        + "there is none; check the path");
        recipe("14 an objective misspelt", "objective: sft", "objective: forward_lk",
                "{}/r.yaml:12:5: train[0].objective: a preset or a file; got 'forward_lk'; write 'forward_kl'");
        recipe("15 distillation without a teacher", "objective: sft", "objective: forward_kl",
                "{}/r.yaml:9:5: train[0].teacher: the folder of a teacher, which objective 'forward_kl' "
                        + "compares with; got nothing; add teacher: <folder>, or take the objective sft");
        recipe("17 a folder of the student misspelt", "/base}\n", "/bsae}\n",
                "{}/r.yaml:10:15: train[0].student.folder: a folder of a Hugging Face model; got '" + EMBEDDED
                        + "/bsae', where there is none; write 'base', which is there");
        recipe("18 questions of the evaluation not there", "{file: {path: q.jsonl}}, max",
                "{file: {path: tset.jsonl}}, max",
                "{}/r.yaml:16:43: eval.tasks[0].questions.file.path: a file of questions; got '{}/tset.jsonl', "
                        + "where there is none; check the path");
        recipe("18 a prompt of the evaluation misspelt", "max_tokens: 8}]", "max_tokens: 8, prompt: boxd}]",
                "{}/r.yaml:16:75: eval.tasks[0].prompt: a built-in template or a file; got 'boxd'; write 'boxed'");
        recipe("18 weights of the evaluation misspelt", "/base}}, after", "/bsae}}, after",
                "{}/r.yaml:15:31: eval.models.before.weights.path: a folder of a Hugging Face model; got '" + EMBEDDED
                        + "/bsae', where there is none; write 'base', which is there");
        recipe("19 a student that is not trained", "{student: student}", "{student: studnet}",
                "{}/r.yaml:15:" + (54 + EMBEDDED.toString().length())
                        + ": eval.models.after.student: a student that this recipe trains; got 'studnet'; "
                        + "write 'student'");
        recipe("19 a side of a comparison misspelt", "first: after", "first: aftre",
                "{}/r.yaml:17:25: eval.compare[0].first: a model of this evaluation; got 'aftre'; write 'after'");
        recipe("35 a key of another tool", "samples: 1", "few_shot: {file: q.jsonl}",
                "{}/r.yaml:6:13: generate.few_shot.examples: one of file, files; got nothing; add 'examples: ...'",
                        "{}/r.yaml:6:14: generate.few_shot: a known key (examples, layout, fields, k, seed, by); got "
                                + "'file'");
        recipe("37 a bare number for a choice", "budget: {steps: 1}", "budget: 3",
                "{}/r.yaml:13:13: train[0].budget: one of steps, tokens, epochs; got '3'; say of what: {steps: 3}");
        command("23 a value without its path", "run {}/r.yaml --dry-run --set samples",
                "run {}/r.yaml --dry-run --set generate.samples=2",
                "--set: PATH=VALUE, such as samples=8; got 'samples'; write samples=VALUE");
        command("24 a stage misspelt", "run {}/r.yaml --dry-run --from tarin", "run {}/r.yaml --dry-run --from train",
                "--from STAGE: one of generate, curate, logits, train, eval, report; got 'tarin'; write 'train'");
        command("25 a file for the run folder", "run {}/r.yaml --out {}/q.jsonl",
                "run {}/r.yaml --dry-run --out {}/other",
                "{}/q.jsonl: a folder to write into; got a file; choose another folder, or move the file away");
        command("26 an evaluation before the training", "run {}/r.yaml --out {}/o --only eval",
                "run {}/r.yaml --out {}/o --from train",
                "{}/o/train/student/config.json: the student 'student', trained; got none there; run the stage "
                        + "train first: --from train instead of --only or a later --from");
        command("28 a training without data", "train {}/nodata.yaml --out {}/o", "train {}/t.yaml --out {}/o",
                "{}/nodata.yaml:1:1: data: rows to learn; got nothing; add data: {file: {path: FILE.jsonl}}");
        command("30 a value for a key that is not there", "curate {}/a.jsonl --out {}/o --set bananas=3",
                "curate {}/a.jsonl --out {}/o --set steps=[format] --dry-run",
                "--set bananas: a known key (steps, evaluation, layout, fields, failed_limit); got 'bananas'");
        command("30 a value for a command without a config", "serve %s/base --set bananas=3".formatted(EMBEDDED),
                "serve --help",
                "--set: nothing: serve has no config; got 'bananas'; use the options of serve; see 'socratic "
                        + "help serve'");
        recipe("31 a step misspelt", "[format]", "[near_duplictes]",
                "{}/r.yaml:7:18: curate.steps[0]: one of verdicts, format, length, repetition, language, "
                        + "refusal, reasoning, consistency, quality, artifacts, pii, toxicity, repair, "
                                + "exact_duplicates, "
                                + "near_duplicates, substring_duplicates, "
                                + "semantic_duplicates, clusters, decontaminate, review, select, "
                                + "perplexity, ifd, learnability, pass_rate, judge, quotas, mix, token_budget, "
                                + "k_center, facility_location, deita, s1; "
                                + "got 'near_duplictes'; write 'near_duplicates'");
        recipe("31 a step that asks whom the recipe does not name", "[format]", "[{ifd: {model: small}}]",
                "{}/r.yaml:7:18: curate.steps[0]: a model of this recipe's models; got 'small'; add models: {small: "
                        + "{weights: {path: FOLDER}}}");
        command("32 no threads", "run {}/r.yaml --dry-run --threads 0", "run {}/r.yaml --dry-run --threads 1",
                "--threads: at least 1; got 0; leave it out to use all");
        command("33 an address without a model's name", "eval http://127.0.0.1:9/v1 --tasks {}/tasks.yaml --out {}/o",
                "eval http://127.0.0.1:9/v1 --model-name m --tasks {}/tasks.yaml --out {}/o --dry-run",
                "--model-name: the name the endpoint knows the model by; got none; write --model-name NAME");
        command("33 a name that no task has", "eval %s/base --tasks gsm8 --out {}/o".formatted(EMBEDDED),
                "eval %s/base --tasks gsm8k --data {} --out {}/o --dry-run".formatted(EMBEDDED),
                "--tasks:1:12: suites[0]: tasks: the name of a task, a group or a tag, or a file or folder of tasks; "
                        + "got 'gsm8'; did you mean 'gsm8k'?");
        command("33 a task whose data are not here", "eval %s/base --tasks arc_easy --out {}/o".formatted(EMBEDDED),
                "eval %s/base --tasks gsm8k --data {} --out {}/o --dry-run".formatted(EMBEDDED),
                "--tasks:1:12: suites[0]: task 'arc_easy': dataset_path: a folder on this machine with the split "
                        + "'test'; got 'allenai/ai2_arc' (ARC-Easy), a data set of the hub; download it and give the "
                        + "folder it lies in: --data DIR, where DIR/allenai/ai2_arc/ARC-Easy/test.jsonl or .parquet "
                        + "is");
        command("29 a file of other columns to curate", "curate {}/t.csv --out {}/o --dry-run",
                "curate {}/t.csv --out {}/o --dry-run --config {}/fields.yaml",
                "answers: at least one row of a conversation; got none among its 1 rows; {}/t.csv:2: row: a "
                        + "field question, "
                        + "instruction, messages, conversations or text; got Problem, Solution; say with fields "
                                + "which of them holds "
                        + "what; the columns there are Problem, Solution: say which holds what, such as fields: "
                        + "{user: ..., assistant: ...}");
        command("34 a column that is not there", "verify {}/q.jsonl --gold answr --answer question",
                "verify {}/q.jsonl --gold answer --answer question",
                "--gold: a field of the rows; got 'answr', which none of the first 2 has; write 'answer'");
        command("a file for the folder of a run", "report {}/q.jsonl", "report --help",
                "{}/q.jsonl: the folder of a run; got a file; give what --out of the run was");
        command("an empty variable of a script", "run {}/r.yaml --dry-run --out=", "run {}/r.yaml --dry-run --out={}/o",
                "--out DIR: a path; got an empty text");
        command("36 a file of another format for a model", "inspect {}/m.onnx", "inspect %s/base".formatted(EMBEDDED),
                "{}/m.onnx: a folder of a Hugging Face model; got a file; this format is not read: give the "
                        + "folder with config.json and safetensors that it was made from");
    }

    /// A recipe that is right again was right before: it is looked at once.
    private final Set<String> helped = new HashSet<>();

    private void tried(Mistake mistake) throws IOException {
        Shell shell = shell(mistake.name(), Map.of());
        mistake.files().forEach(shell::file);
        List<String> before = shell.files();
        Shell.Result result = shell.line(mistake.wrong());
        refused(result, mistake.text().stream().map(line -> "socratic: " + line).toList());
        assertEquals(before, shell.files(), "a mistake leaves nothing behind");
        if (!mistake.mended().isEmpty() && !helped.add(mistake.right() + mistake.mended())) {
            return;
        }
        mistake.mended().forEach(shell::file);
        Shell.Result then = shell.line(mistake.right());
        assertEquals(0, then.code(), () -> "the remedy does not help: " + then);
    }

    /// Exit code 2, these lines and no others but the forecast's, no stack.
    private static void refused(Shell.Result result, List<String> lines) {
        assertEquals(ExitCode.USAGE, result.code(), result::toString);
        List<String> said = result.err().lines()
                .filter(line -> line.startsWith("socratic: ") && !line.startsWith("socratic: see '")).toList();
        assertEquals(lines, said, result::toString);
        assertFalse(result.err().contains("    at "), result::toString);
    }

    private Shell shell(String name, Map<String, String> environment) {
        Shell shell = new Shell(folder.resolve(name.replaceAll("[^A-Za-z0-9]", "_")), environment);
        return shell.file("q.jsonl", """
                {"question": "What is 2 + 3?", "answer": "5"}
                {"question": "What is 4 + 3?", "answer": "7"}
                """)
                .file("t.yaml",
                        "{student: {folder: %s/base}, data: {word_problems: {count: 4}}, budget: {steps: 1}}".formatted(
                        EMBEDDED))
                .file("nodata.yaml", "{student: {folder: %s/base}, budget: {steps: 1}}".formatted(EMBEDDED))
                .file("gsm8k/main/test.jsonl", "{\"question\": \"1 + 1?\", \"answer\": \"2\\n#### 2\"}\n")
                .file("gsm8k/main/train.jsonl", "{\"question\": \"1 + %s?\", \"answer\": \"#### 2\"}\n".repeat(5))
                .file("tasks.yaml", "tasks: [{name: test, questions: {file: {path: q.jsonl}}, max_tokens: 8}]")
                .file("api.yaml", api("http://127.0.0.1:9/v1", ""))
                .file("evaluated.yaml", """
                        name: evaluated
                        eval:
                          models: {api: {endpoint: {base_url: "http://127.0.0.1:9/v1", model: m}}}
                          tasks: [{name: test, questions: {file: {path: q.jsonl}}}]
                        """)
                .file("a.jsonl",
                        "{\"messages\": [{\"role\": \"user\", \"content\": \"2 + 3?\"}, {\"role\": "
                                + "\"assistant\", \"content\": \"The answer is 5.\"}]}\n")
                .file("t.csv", "Problem,Solution\nWhat is 2 + 3?,It is 5.\n")
                .file("fields.yaml", "fields: {user: Problem, assistant: Solution}")
                .file("m.onnx", "ONNX");
    }

    private static String api(String address, String more) {
        return """
                name: api
                generate:
                  questions: {file: {path: q.jsonl}}
                  teacher: {endpoint: {base_url: "%s", model: m%s}}
                eval: {models: {api: teacher}, tasks: [{name: test, questions: {file: {path: q.jsonl}}}]}
                """.formatted(address, more);
    }

    @Test
    void columnsThatAreNotMappedAreNamedWithTheFieldsToWrite() {
        Shell shell = shell("11", Map.of())
                .file("t.csv",
                        "Problem Text,Expected\n\"Tom has 3 apples, eats 1. How many are left?\",2\nWhat is 2 + 2?,4\n")
                .file("r.yaml",
                        RIGHT.replace("{file: {path: q.jsonl}}\n  teacher", "{file: {path: t.csv}}\n  teacher"));
        refused(shell.line(RUN),
                List.of("socratic: {}/r.yaml:3:15: generate.questions.file: at least one question; "
                        + "got none among its 2 rows; {}/t.csv:2: "
                + "row: a field question, instruction, messages, conversations or text; got Problem Text, "
                        + "Expected; say with fields which of them holds what; "
                + "the columns there are Problem Text, Expected: say which holds what, such as fields: "
                        + "{question: Problem Text, answer: ...}"));
        shell.file("r.yaml", RIGHT.replace("{file: {path: q.jsonl}}\n  teacher",
                "{file: {path: t.csv, fields: {question: Problem Text, answer: Expected}}}\n  teacher"));
        Shell.Result mapped = shell.line(RUN);
        assertEquals(0, mapped.code(), mapped::toString);
        assertTrue(mapped.err().contains("2 requests (2 questions x 1 samples)"), mapped::toString);
    }

    @Test
    void aModelThatWasNotPulledIsNamedWithTheCommandThatFetchesIt() throws IOException {
        Shell shell = shell("16", Map.of("HF_HUB_CACHE", folder.resolve("16/cache").toString()))
                .file("r.yaml", RIGHT.replace(EMBEDDED + "/base}\n", "org/base}\n"));
        refused(shell.line(RUN),
                List.of("socratic: train.student.path: a folder that exists, or a model in the cache {}/cache; "
                        + "got 'org/base', which is neither; "
                + "check the path, or fetch it: socratic pull org/base"));
        String commit = "0123456789abcdef0123456789abcdef01234567"; // as pull leaves it
        Path model = shell.path("cache/models--org--base");
        shell.file("cache/models--org--base/refs/main", commit);
        Path snapshot = Files.createDirectories(model.resolve("snapshots")).resolve(commit);
        Files.createSymbolicLink(snapshot, EMBEDDED.resolve("base"));
        assertEquals(0, shell.line(RUN).code(), () -> shell.line(RUN).toString());
    }

    @Test
    void aKeyInTheConfigIsRefusedUnseenAndTheRightPlaceIsNamed() {
        Shell shell = shell("20", Map.of("MY_KEY", "sk-secret"));
        shell.file("r.yaml", api("http://127.0.0.1:9/v1", ", api_key: sk-secret"));
        Shell.Result pasted = shell.line(RUN);
        refused(pasted, List.of("socratic: {}/r.yaml:4:69: generate.teacher.endpoint: a known key (" + endpointKeys()
                + "); got 'api_key'; "
                + "write 'key_env', the name of an environment variable that holds the key"));
        shell.file("r.yaml", api("http://127.0.0.1:9/v1", ", key_env: sk-secret"));
        Shell.Result named = shell.line(RUN);
        assertEquals(ExitCode.USAGE, named.code());
        assertTrue(named.err().contains("the name of an environment variable (letters, digits, _), not the key itself"),
                named::toString);
        assertFalse((pasted.err() + pasted.out() + named.err() + named.out()).contains("sk-secret"));
        shell.file("r.yaml", api("http://127.0.0.1:9/v1", ", key_env: MY_KEY"));
        assertEquals(0, shell.line(RUN).code());
    }

    private static String endpointKeys() {
        return Keys.of(TeacherConfig.Endpoint.class, "").stream().map(Keys.Key::path)
                .filter(path -> !path.matches(".*[.\\[<].*")).collect(Collectors.joining(", "));
    }

    @Test
    void aVariableThatIsNotSetIsToldByADryRunAndRefusedByARun() {
        Shell shell = shell("22", Map.of()).file("r.yaml", api("http://127.0.0.1:9/v1", ", key_env: MY_KEY"));
        Shell.Result dry = shell.line(RUN);
        assertEquals(0, dry.code(), dry::toString);
        assertTrue(dry.err()
                .contains(
                "socratic: {}/r.yaml:4:69: generate.teacher.endpoint.key_env: the environment variable MY_KEY "
                        + "is not set; "
                + "a run needs it: export MY_KEY=...\n"), dry::toString);
        refused(shell.line("run {}/r.yaml --out {}/run"),
                List.of("socratic: {}/r.yaml:4:69: generate.teacher.endpoint.key_env: "
                + "an environment variable that holds the endpoint's key; got 'MY_KEY', which is not set; export "
                        + "MY_KEY=... and run again"));
        assertFalse(Files.exists(shell.path("run")));
    }

    @Test
    void aTrainingBeyondTheMemoryIsRefusedWithFiguresAndTheMicroBatchThatFitsIsNamed() {
        String random =
                "student: {random: {hidden: 65536, layers: 80, heads: 64, kv_heads: 8, intermediate: 262144}}\n    "
                        + "tokenizer: {folder: {path: " + EMBEDDED + "/base}}";
        Shell shell = shell("38", Map.of())
                .file("r.yaml", RIGHT.replace("student: {folder: " + EMBEDDED + "/base}", random));
        Shell.Result weights = shell.line(RUN);
        assertEquals(ExitCode.USAGE, weights.code(), weights::toString);
        assertTrue(weights.err().matches(
                "(?s).*train\\[0]: a training that fits into this machine's [0-9.,]+ GiB; got about 7[0-9],[0-9]{3} "
                + "GiB on the way back: optimizer 3[0-9],[0-9]{3} GiB, .*; take a smaller student or teacher, or a "
                        + "machine with more memory\n"), weights::toString);
        shell.file("r.yaml", RIGHT.replace("objective: sft", "micro_tokens: 1000000000"));
        Shell.Result batch = shell.line(RUN);
        Matcher remedy = Pattern.compile("GiB (?:on the way back|while the loss is computed): activations [0-9.,]+ "
                + "GiB, .*; write micro_tokens: ([0-9]+)").matcher(batch.err());
        assertTrue(remedy.find(), batch::toString);
        shell.file("r.yaml", RIGHT.replace("objective: sft", "micro_tokens: " + remedy.group(1)));
        assertEquals(0, shell.line(RUN).code(), () -> shell.line(RUN).toString());
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        Shell shell = shell("all", Map.of())
                .file("r.yaml", RIGHT.replace("path: q.jsonl}}\n  teacher", "path: gone.jsonl}}\n  teacher")
                .replace("objective: sft", "objective: forward_kl").replace("/base}}, after", "/bsae}}, after")
                        .replace("max_tokens: 8}]", "max_tokens: 8, prompt: boxd}]"));
        for (String command : List.of(RUN, "run {}/r.yaml --out {}/run")) {
            Shell.Result result = shell.line(command);
            assertEquals(ExitCode.USAGE, result.code(), result::toString);
            assertEquals(List.of("3:22", "16:75", "9:5", "15:31"),
                    Pattern.compile("r\\.yaml:([0-9]+:[0-9]+): ").matcher(result.err()).results()
                    .map(one -> one.group(1)).toList(), result::toString);
        }
        assertFalse(Files.exists(shell.path("run")), "nothing is asked, nothing is written");
    }
}
