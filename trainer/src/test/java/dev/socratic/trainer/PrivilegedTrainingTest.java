package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Whole trainings whose teacher reads another prompt than the student.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegedTrainingTest {
    private static final String REST = """
            budget: {steps: {n: 4}}
            batch_tokens: 256
            micro_tokens: 128
            max_seq: 96
            shuffle_buffer: 8
            checkpoint_every: 2
            optimizer: {learning_rate: 0.01, decay: constant}
            dtype: float32
            """;
    private static final String ON_POLICY = """
            name: own
            rollout: {student: {fraction: 0.8, max_new_tokens: 6}}
            terms: [{distance: kl}]
            """;

    @TempDir
    static Path folder;

    private Path base;
    private Path rows;
    private Path own;

    @BeforeAll
    void aBaseAndRowsThatKnowMoreThanTheyAsk() throws IOException {
        base = new TinyModel().added("<|im_start|>", "<|im_end|>").template(
                TinyModel.CHATML.replace("{% if add", "{% if loud is defined %}{{ loud }}{% endif %}{% if add"))
                .rows(264).write(folder.resolve("base"));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            all.append("{\"messages\": [{\"role\": \"user\", \"content\": \"%s + 1?\"}, ".formatted(i))
                    .append("{\"role\": \"assistant\", \"content\": \"%s\"}], \"hint\": \"count on\"}%n".formatted(
                            i + 1));
        }
        rows = Files.writeString(folder.resolve("rows.jsonl"), all);
        own = Files.writeString(folder.resolve("own.yaml"), ON_POLICY);
    }

    private String config(String more, String teacher) {
        return "name: student\nstudent: {folder: {path: \"%s\"}}\n%s".formatted(base,
                teacher.isEmpty() ? "" : "teacher: %s\n".formatted(teacher))
                + "data: {file: {path: \"%s\"}}\n".formatted(rows) + REST + more;
    }

    private Path run(String name, String more, Progress progress) {
        return run(name, more, progress, "\"" + base + "\"");
    }

    private Path run(String name, String more, Progress progress, String teacher) {
        Path stage = folder.resolve(name);
        try {
            Files.createDirectories(stage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TrainStage.run(ConfigReader.read(config(more, teacher), "config", TrainConfig.class),
                new StageContext(stage, progress, Clock.systemUTC(), 1), Compute.CPU);
        return stage;
    }

    private Path prompt(String name, String variables, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".md"),
                "---\nname: %s\nversion: 1\nvariables: %s\n---\n[user]\n%s\n".formatted(name, variables, text));
    }

    private static List<String> losses(Path stage) throws IOException {
        return Files.readAllLines(stage.resolve("metrics.jsonl")).stream().filter(line -> line.contains("\"loss\""))
                .map(line -> line.replaceAll(".*\"loss\":([^,}]*).*", "$1")).toList();
    }

    @Test
    void aTeacherThatReadsTheSamePromptByItsOwnTemplateTeachesTheSame() throws IOException {
        for (String objective : List.of("forward_kl", own.toString())) {
            String same = "objective: \"%s\"\nprecision: float32\n".formatted(objective);
            Path without = run("without_" + objective.length(), same, Progress.SILENT);
            Path plain = run("plain_" + objective.length(), same + "teacher_prompt: plain\n", Progress.SILENT);
            assertEquals(TrainStageTest.results(without).get("model.safetensors"),
                    TrainStageTest.results(plain).get("model.safetensors"), objective);
            assertEquals(losses(without), losses(plain));
        }
    }

    @Test
    void aTeacherThatKnowsMoreSaysOtherThingsOfTheSameAnswerAndTheRunGoesOnAsIfUndisturbed() throws IOException {
        Path hinted = prompt("hinted", "[question, hint]", "{{hint}}: {{question}}");
        String config = "objective: \"%s\"\nteacher_prompt: \"%s\"\n".formatted(own, hinted);
        Path calm = run("calm", config, Progress.SILENT);
        assertTrue(Double.parseDouble(losses(calm).getFirst()) > 1e-4,
                "the student is the teacher, but for the prompt");
        assertThrows(TrainStageTest.Stopped.class, () -> run("stopped", config, new TrainStageTest.StopAfter(3)));
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(run("stopped", config, Progress.SILENT)));
    }

    @Test
    void answersUsedAgainKeepTheTeachersPrompt() throws IOException {
        Path hinted = prompt("again", "[question, hint]", "{{hint}}: {{question}}");
        for (String kept : List.of("updates: 2", "replay: {capacity: 4, fresh_fraction: 0.3}")) {
            Path objective = Files.writeString(folder.resolve("kept.yaml"), ON_POLICY.replace("fraction: 0.8", kept));
            String config = "objective: \"%s\"\nteacher_prompt: \"%s\"\n".formatted(objective, hinted);
            Path calm = run("kept_" + kept.length(), config, Progress.SILENT);
            for (String loss : losses(calm)) {
                assertTrue(Double.parseDouble(loss) > 1e-4, kept + ": the teacher's prompt is lost in " + losses(calm));
            }
            assertThrows(TrainStageTest.Stopped.class, () -> run("kept_stopped_" + kept.length(),
                    config, new TrainStageTest.StopAfter(3)));
            assertEquals(TrainStageTest.results(calm), TrainStageTest.results(run("kept_stopped_" + kept.length(),
                    config, Progress.SILENT)));
        }
    }

    @Test
    void argumentsOfTheTeachersChatTemplateAreItsOwn() throws IOException {
        String config = "objective: forward_kl\n";
        Map<String, String> same = TrainStageTest.results(
                run("quiet", config + "teacher_chat_template_kwargs: {}\n", Progress.SILENT));
        Path loud = run("loud", config + "teacher_chat_template_kwargs: {loud: \"Think!\"}\n", Progress.SILENT);
        assertTrue(Double.parseDouble(losses(loud).getFirst()) > 1e-4);
        assertNotEquals(same.get("model.safetensors"), TrainStageTest.results(loud).get("model.safetensors"));
        Path both = run("both", config + "chat_template_kwargs: {loud: \"Think!\"}\n", Progress.SILENT);
        assertTrue(Double.parseDouble(losses(both).getFirst()) < 1e-6, "both sides read the student's text");
    }

    @Test
    void aPromptThatNamesAFieldNoRowHasIsRefusedInOneLine() throws IOException {
        Path wrong = prompt("wrong", "[question, hnt]", "{{hnt}}: {{question}}");
        ConfigException refused = assertThrows(ConfigException.class, () -> run("refused",
                "objective: forward_kl\nteacher_prompt: \"%s\"\n".formatted(wrong), Progress.SILENT));
        assertEquals("teacher_prompt: variables that are fields of the rows; got {{hnt}} in 'wrong', which no row has; "
                + "correct the name, or say where it stands: teacher_prompt: {file: <file>, fields: {hnt: <field>}}",
                refused.getMessage());
        run("mended", "objective: forward_kl\nteacher_prompt: {file: \"%s\", fields: {hnt: hint}}\n".formatted(wrong),
                Progress.SILENT);
    }

    @Test
    void whatAPromptOfItsOwnCannotGoWithIsRefusedByName() {
        ConfigException refused = assertThrows(ConfigException.class, () -> run("features",
                "objective: tiny_bert\nteacher_prompt: solution\nloss_on: all\n", Progress.SILENT));
        assertEquals(List.of(
                "loss_on: assistant, where the teacher reads another prompt; got all; remove loss_on",
                "objective 'tiny_bert'.terms[0].tap: logits, for a teacher with another prompt stands at other "
                        + "positions than the student; got embedding; leave teacher_prompt out, or remove the term"),
                refused.problems().stream().map(Object::toString).limit(2).toList());
        ConfigException untaught = assertThrows(ConfigException.class, () -> run("untaught",
                "objective: sft\nteacher_chat_template_kwargs: {loud: \"!\"}\n", Progress.SILENT));
        assertEquals("teacher_chat_template_kwargs: an objective that compares with a teacher; got 'sft'; leave "
                + "teacher_chat_template_kwargs out, or take another objective", untaught.getMessage());
        ConfigException unread = assertThrows(ConfigException.class, () -> run("unread",
                "objective: forward_kl\nchat_template_kwargs: {enable_thinking: false}\n", Progress.SILENT));
        assertTrue(unread.getMessage().endsWith("a chat template that reads the variable 'enable_thinking'; got one "
                + "that does not; leave it out of the template's arguments, or correct its name"), unread.getMessage());
    }

    private Path itself(String name, String weights, String more, Progress progress) {
        return run(name, "objective: forward_kl\n" + more, progress, "{self: {weights: %s}}".formatted(weights));
    }

    @Test
    void aStudentThatTeachesItselfAsItIsOrWithoutItsAdapterLearnsWhatAFolderOfThoseWeightsTeaches() throws IOException {
        assertTrue(losses(itself("live", "live", "", Progress.SILENT)).stream()
                .allMatch(loss -> Math.abs(Double.parseDouble(loss)) < 1e-6), "live, by the same prompt");
        String adapter = "teacher_prompt: solution\nadapter: {lora: {r: 2, alpha: 4}}\n";
        Path start = itself("start", "start", adapter, Progress.SILENT);
        assertEquals(TrainStageTest.results(run("folder", "objective: forward_kl\n" + adapter, Progress.SILENT))
                .get("adapter_model.safetensors"), TrainStageTest.results(start).get("adapter_model.safetensors"),
                "the adapter switched off is the base");
        assertTrue(Double.parseDouble(losses(start).getFirst()) > 1e-4);
    }

    @Test
    void anAverageOfTheStudentIsInTheCheckpointAndWithNothingKeptItIsTheStudent() {
        String prompt = "teacher_prompt: solution\n";
        Path live = itself("now", "live", prompt, Progress.SILENT);
        Path nothing = itself("nothing", "{ema: {decay: 0}}", prompt, Progress.SILENT);
        assertEquals(TrainStageTest.results(live).get("model.safetensors"),
                TrainStageTest.results(nothing).get("model.safetensors"));
        String slow = "{ema: {decay: 0.5, every: 2}}";
        Path calm = itself("slow", slow, prompt, Progress.SILENT);
        assertNotEquals(TrainStageTest.results(live).get("model.safetensors"),
                TrainStageTest.results(calm).get("model.safetensors"));
        assertThrows(TrainStageTest.Stopped.class,
                () -> itself("slow_stopped", slow, prompt, new TrainStageTest.StopAfter(3)));
        assertEquals(TrainStageTest.results(calm),
                TrainStageTest.results(itself("slow_stopped", slow, prompt, Progress.SILENT)));
    }

    @Test
    void whatAStudentCannotHaveBesideItselfIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> itself("alone", "start",
                "more_teachers: [\"%s\"]\nteacher_precision: bfloat16\n".formatted(base), Progress.SILENT));
        assertEquals(List.of(
                "more_teachers: no teachers beside the student itself; got 1; leave it out, or name folders alone",
                "teacher_precision: nothing, for the teacher computes as the student does; got 'bfloat16'; leave it "
                        + "out"),
                refused.problems().stream().map(Object::toString).toList());
    }

    @Test
    void presetsOfAStudentThatTeachesItselfNeedNoTeacherAndGoOnAsIfUndisturbed() throws IOException {
        for (String preset : List.of("opsd", "sdft", "sdpo")) {
            Path shorter = Files.writeString(folder.resolve(preset + ".yaml"),
                    read(preset).replace("rollout: student", "rollout: {student: {max_new_tokens: 6}}")
                            .replace("completions: 8", "completions: 2, max_new_tokens: 6"));
            String config = "objective: \"%s\"\n".formatted(shorter);
            Path calm = run(preset, config, Progress.SILENT, "");
            assertTrue(losses(calm).stream().allMatch(loss -> Math.abs(Double.parseDouble(loss)) > 1e-5), preset);
            assertThrows(TrainStageTest.Stopped.class,
                    () -> run(preset + "_stopped", config, new TrainStageTest.StopAfter(3), ""));
            assertEquals(TrainStageTest.results(calm),
                    TrainStageTest.results(run(preset + "_stopped", config, Progress.SILENT, "")), preset);
        }
    }

    @Test
    void whatTheStudentWritesIsForTheTeacherThatItsPromptsTagNames() throws IOException {
        Path other = new TinyModel().added("<|im_start|>", "<|im_end|>").template(TinyModel.CHATML).alwaysWrites(65)
                .rows(264).write(folder.resolve("other"));
        Path mopd = Files.writeString(folder.resolve("mopd.yaml"),
                read("mopd").replace("rollout: student", "rollout: {student: {max_new_tokens: 6}}"));
        String config = "objective: \"%s\"\nmore_teachers: [\"%s\"]\n".formatted(mopd, base)
                + "tags: {field: hint, of: {\"count on\": %s}}\n";
        Path itself = run("tag_1", config.formatted(1), Progress.SILENT, "\"" + other + "\"");
        assertTrue(Math.abs(Double.parseDouble(losses(itself).getFirst())) < 1e-6, losses(itself).toString());
        Path taught = run("tag_0", config.formatted(0), Progress.SILENT, "\"" + other + "\"");
        assertTrue(Double.parseDouble(losses(taught).getFirst()) > 0.01, losses(taught).toString());
    }

    @Test
    void aTeacherWithAnotherTokenizerReadsItsOwnPromptToo() throws IOException {
        Path other = new TinyModel().merge("3", "+").added("<|im_start|>", "<|im_end|>").template(TinyModel.CHATML)
                .rows(272).write(folder.resolve("tokenizer"));
        Path hinted = prompt("across", "[question, hint]", "{{hint}}: {{question}}");
        Path gold = Files.writeString(folder.resolve("gold.yaml"), read("gold").replace("fraction: 0.5, ",
                "fraction: 0.5, max_new_tokens: 6, "));
        String config = "objective: \"%s\"\n".formatted(gold);
        Path plain = run("gold_plain", config, Progress.SILENT, "\"" + other + "\"");
        String told = config + "teacher_prompt: \"%s\"\n".formatted(hinted);
        Path calm = run("gold_told", told, Progress.SILENT, "\"" + other + "\"");
        assertNotEquals(losses(plain), losses(calm));
        assertThrows(TrainStageTest.Stopped.class,
                () -> run("gold_stopped", told, new TrainStageTest.StopAfter(3), "\"" + other + "\""));
        assertEquals(TrainStageTest.results(calm),
                TrainStageTest.results(run("gold_stopped", told, Progress.SILENT, "\"" + other + "\"")));
    }

    private static String read(String preset) throws IOException {
        try (InputStream in = TrainStage.class.getResourceAsStream("presets/" + preset + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
