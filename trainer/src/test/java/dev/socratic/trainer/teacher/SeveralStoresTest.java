package dev.socratic.trainer.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.run.Progress;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.capture.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stage `train` with several teachers: live, from stores, by the tags of rows.
class SeveralStoresTest {
    private static final String SMALL = """
            name: small
            student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}
            tokenizer: {folder: {path: "%s"}}
            data: {file: {path: "%s"}}
            objective: "%s"
            budget: {steps: {n: 3}}
            batch_tokens: 700
            micro_tokens: 400
            max_seq: 200
            shuffle_buffer: 8
            optimizer: {learning_rate: 0.02}
            """;

    @TempDir
    static Path folder;

    private static Path large;
    private static Path small;
    private static Path data;

    @BeforeAll
    static void teachers() throws IOException {
        large = StoreFixture.teacher(folder.resolve("large"), 1);
        small = StoreFixture.teacher(folder.resolve("small"), 2);
        data = rows("rows", "math", "code", "math", "code", "math", "code");
    }

    /// One row for each tag, in the form of what the generator writes; none for `-`.
    private static Path rows(String name, String... tags) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < tags.length; i++) {
            String tag = tags[i].isEmpty() ? "" : ", \"teacher\": {\"name\": \"%s\"}".formatted(tags[i]);
            if (tags[i].equals("-")) {
                continue;
            }
            lines.add(
                    ("{\"messages\": [{\"role\": \"user\", \"content\": \"What is %s + 2?\"}, {\"role\": "
                            + "\"assistant\", \"content\": \"The answer is %s.\"}]%s}").formatted(i, i + 2, tag));
        }
        return Files.write(folder.resolve(name + ".jsonl"), lines);
    }

    private static Path store(Path teacher, Path rows, String name, Encoding encoding, double temperature)
            throws IOException {
        return StoreFixture.capture(teacher, folder.resolve(name), ExampleSource.File.of(rows),
                StoreFixture.config(encoding, temperature, 1));
    }

    private static Path objective(String name, String teachers) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"),
                "name: %s\nterms: [{against: {teachers: %s}, distance: kl}]".formatted(name, teachers));
    }

    private static List<Double> losses(String yaml, String name) throws IOException {
        TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class),
                StoreFixture.context(folder.resolve(name), Progress.SILENT), Compute.CPU);
        return Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1")))
                .toList();
    }

    private static List<String> refused(String yaml) {
        String run = "refused-" + yaml.hashCode();
        List<String> lines = assertThrows(SocraticException.class, () -> losses(yaml, run)).getMessage().lines()
                .toList();
        assertFalse(Files.exists(folder.resolve(run).resolve("metrics.jsonl")));
        return lines;
    }

    private static String config(Path objective, String more) {
        return SMALL.formatted(large, data, objective) + more;
    }

    private static String live() {
        return "teacher: \"%s\"\nmore_teachers: [\"%s\"]\n".formatted(large, small);
    }

    private static String stored(Path first, Path second) {
        return "store: \"%s\"\nmore_stores: [\"%s\"]\n".formatted(first, second);
    }

    @Test
    void storesOfSeveralTeachersTrainTheStudentOfTheLiveOnes() throws IOException {
        Path bySample = objective("by_sample", "{weigh: label, per: sample}");
        Path first = store(large, data, "first", new Encoding.Dense(Width.FLOAT), 1);
        Path second = store(small, data, "second", new Encoding.Dense(Width.FLOAT), 2);
        List<Double> asked = losses(config(bySample, live()), "live");
        List<Double> read = losses(config(bySample, stored(first, second) + live()), "stored");
        assertEquals(3, asked.size());
        for (int i = 0; i < asked.size(); i++) {
            assertEquals(asked.get(i), read.get(i), 1e-3 * asked.get(i), "step " + i);
        }
        assertTrue(refused(config(bySample, stored(second, first) + live())).getFirst()
                .startsWith(second + ": teacher: the one the store was made with, "));
    }

    @Test
    void eachRowsOwnTeacherTeachesItLiveOrFromAStoreOfItsRowsAlone() throws IOException {
        String tags = "tags: {field: teacher.name, of: {math: 0, code: 1}}\n";
        Path first = store(large, rows("math", "math", "-", "math", "-", "math"), "of-math",
                new Encoding.Dense(Width.FLOAT), 1);
        Path byTag = objective("own", "{weigh: tag}");
        List<Double> asked = losses(config(byTag, live() + tags), "tag-live");
        List<Double> read =
                losses(config(byTag,
                        stored(first,
                                store(small, rows("code", "-", "code", "-", "code", "-", "code"), "of-code",
                                        new Encoding.Dense(Width.FLOAT), 1)) + tags), "tag-stored");
        for (int i = 0; i < asked.size(); i++) {
            assertEquals(asked.get(i), read.get(i), 1e-3 * asked.get(i), "step " + i);
        }
        String other = "tags: {field: teacher.name, of: {code: 1}, otherwise: 0}\n";
        assertEquals(asked, losses(config(byTag, live() + other), "tag-otherwise"));
    }

    @Test
    void aRowWhoseTagNamesNoTeacherIsRefusedWithItsFileAndLine() throws IOException {
        Path byTag = objective("strict", "{weigh: tag}");
        String tags = "tags: {field: teacher.name, of: {math: 0, code: 1}}\n";
        Path unknown = rows("unknown", "math", "maths", "code");
        assertEquals(
                List.of(unknown
                        + ":2: teacher.name: a tag, one of math, code; got 'maths'; write 'math', or add it to "
                        + "tags.of, or give such rows a teacher: tags.otherwise"),
                refused(SMALL.formatted(large, unknown, byTag) + live() + tags));
        String[] many = Collections.nCopies(40, "math").toArray(String[]::new);
        many[39] = "physics"; // far behind the rows of the first steps
        assertTrue(refused(SMALL.formatted(large, rows("many", many), byTag) + live() + tags).getFirst()
                .contains("many.jsonl:40: teacher.name: a tag, one of math, code; got 'physics'; add it"));
        Path none = rows("none", "math", "code", "");
        assertEquals(
                List.of(none
                        + ":3: teacher.name: a tag, one of math, code; got nothing; add it to tags.of, or give such "
                        + "rows a teacher: tags.otherwise"),
                refused(SMALL.formatted(large, none, byTag) + live() + tags));
    }

    @Test
    void tagsThatAreMissingOrNameNoTeacherAreRefused() throws IOException {
        Path byTag = objective("tagless", "{weigh: tag}");
        assertEquals(
                List.of("tags: which teacher a row's tag names, by which objective 'tagless' weighs them; got "
                        + "nothing; add tags: {field: <field of the rows>, of: {<tag>: 0, <tag>: 1}}"),
                refused(config(byTag, live())));
        String remedy = "0 is teacher or store, then more_teachers or more_stores in their order";
        assertEquals(
                List.of("tags.of.code: the number of a teacher, 0 to 1; got 2; " + remedy,
                        "tags.otherwise: the number of a teacher, 0 to 1; got -1; " + remedy),
                refused(config(byTag, live() + "tags: {of: {math: 0, code: 2}, otherwise: -1}\n")));
        assertTrue(refused(config(byTag, live() + "tags: {of: {}}\n")).getFirst()
                .endsWith("tags.of: at least one tag and the number of its teacher; got none; write of: {math: 0, "
                        + "code: 1}"));
        Path student = Files.writeString(folder.resolve("rollout.yaml"),
                "name: x\nrollout: {student: {updates: 2}}\n"
                        + "terms: [{against: {teachers: {weigh: tag}}, distance: kl}]");
        assertTrue(refused(config(student, live())).getFirst().endsWith(
                "rollout: rows of the data, or what the student has just written to their prompts, have tags, which "
                        + "'tag' weighs teachers by; got 'student'; write rollout: data, or student without replay, "
                        + "updates and staleness"));
    }

    @Test
    void whatStoresOfSeveralTeachersCannotGiveIsSaidBeforeTheFirstStep() throws IOException {
        Path sampled = store(large, data, "sampled", new Encoding.Sampled(50), 1);
        Path likeliest = store(small, data, "likeliest", new Encoding.TopK(1, Tail.BUCKET), 1);
        Path soft = store(small, data, "soft", new Encoding.TopK(12, Tail.BUCKET), 2);
        Path dense = store(large, data, "dense", new Encoding.Dense(Width.HALF), 1);
        String rest = "capture with --encoding dense, or name the teacher's folder instead of a store";
        assertEquals(
                List.of("objective 'chosen'.terms[0].against.teachers.weigh: weights that need no whole "
                        + "distribution, of which a store of 'sampled' has a part; got policy; " + rest),
                refused(config(objective("chosen", "{weigh: policy}"), stored(dense, sampled))));
        Path label = objective("believed", "{weigh: label}");
        assertEquals(
                List.of("objective 'believed'.terms[0].against.teachers.weigh: weights that need no label's "
                        + "probability, which a store of 'sampled' does not know; got label; " + rest),
                refused(config(label, stored(sampled, dense))));
        List<String> cold = refused(config(label, stored(dense, soft)));
        assertEquals(
                "objective 'believed'.terms[0].against.teachers.weigh: a store at temperature 1, where a store of "
                        + "'top_k' knows the label's probability; got 2; "
                + "capture with --set temperature=1, or with --encoding dense, or name the teacher's folder instead "
                + "of a store", cold.getFirst());
        List<String> outside = refused(config(label, stored(dense, likeliest)));
        assertTrue(outside.getFirst()
                .matches(("data: labels among the likeliest tokens of the store \\Q%s\\E, whose probabilities "
                        + "'label' weighs teachers by; ").formatted(likeliest)
                + "got row #0, whose token \\d+ is not among them; capture with a larger k or --encoding dense, or "
                + "write another weigh"), outside.toString());
    }

    @Test
    void howManyStoresThereAreFitsTheObjectiveAndTheTeachersNamedBeside() throws IOException {
        Path mean = objective("mean", "{weigh: mean}");
        Path first = store(large, data, "one", new Encoding.Dense(Width.HALF), 1);
        assertEquals(
                List.of("more_stores: stores of further teachers, which objective 'mean' compares with; got none; "
                        + "add more_stores: [<folder>], one for each teacher from the "
                + "smallest up, or name the teachers' folders instead of a store"),
                        refused(config(mean, "store: \"%s\"\n".formatted(first))));
        assertEquals(
                List.of("more_teachers: the teachers of more_stores, or none; got 2 for 1 stores; remove "
                        + "more_teachers"),
                refused(config(mean,
                        stored(first, first) + "more_teachers: [\"%s\", \"%s\"]\n".formatted(small, small))));
        assertTrue(refused(config(mean, "more_stores: [x]\n")).getFirst().endsWith(
                "more_stores: stores behind that of the largest teacher; got 1 and no store; write store: <folder> "
                        + "too"));
        assertTrue(refused(config(mean, "more_captured: [x]\n")).getFirst().endsWith(
                "more_captured: stores behind that of the largest teacher; got 1 and no captured; write captured: "
                        + "<name> too"));
    }
}
