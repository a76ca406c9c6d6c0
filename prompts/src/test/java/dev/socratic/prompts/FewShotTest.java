package dev.socratic.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.FileList;
import dev.socratic.datasets.source.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewShotTest {
    private static final List<FewShotExample> POOL = IntStream.range(0, 10)
            .mapToObj(i -> new FewShotExample("e" + i, Map.of("question", "Question " + i + "?"))).toList();

    @TempDir
    Path folder;

    @Test
    void theQuestionItselfIsNeverAnExampleUnderWhateverIdOrBlanks() {
        for (long seed = 0; seed < 50; seed++) {
            List<FewShotExample> chosen = fewShot(8, seed).choose(POOL, "e3", "  question  5?\n");
            assertEquals(8, Set.copyOf(chosen).size());
            assertFalse(ids(chosen).contains("e3"));
            assertFalse(ids(chosen).contains("e5"));
        }
    }

    @Test
    void seedAndQuestionDecideTheChoice() {
        assertEquals(ids(fewShot(3, 1).choose(POOL, "q", "?")), ids(fewShot(3, 1).choose(POOL, "q", "?")));
        assertNotEquals(ids(fewShot(3, 1).choose(POOL, "q", "?")), ids(fewShot(3, 2).choose(POOL, "q", "?")));
        assertNotEquals(ids(fewShot(3, 1).choose(POOL, "q", "?")), ids(fewShot(3, 1).choose(POOL, "r", "?")));
    }

    @Test
    void everyExampleIsChosenSometimes() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.addAll(ids(fewShot(1, 0).choose(POOL, "q" + i, "?")));
        }
        assertEquals(10, seen.size());
    }

    @Test
    void tooFewExamplesAreRefused() {
        assertEquals(
                "few_shot.k: at most as many as there are other examples; got 10 of 9; write a smaller k or give "
                        + "more examples",
                assertThrows(ConfigException.class, () -> fewShot(10, 0).choose(POOL, "e1", "?")).getMessage());
        assertEquals("k: at least 1; got 0; without examples use chain_of_thought",
                assertThrows(IllegalArgumentException.class, () -> fewShot(0, 0)).getMessage());
    }

    @Test
    void examplesAreReadFromQuestionRowsAsTheyAre() throws IOException {
        Path file = Files.writeString(folder.resolve("examples.jsonl"),
                "{\"id\":\"q_1\",\"question\":\"1 + 1?\",\"answer\":2,\"tags\":[\"x\"]}\n\n{\"question\":\"a\"}\n");
        List<FewShotExample> examples = FewShotExample.read(new FewShot(file, 1, 0));
        assertEquals(new FewShotExample("q_1", Map.of("question", "1 + 1?", "answer", "2")), examples.getFirst());
        assertTrue(examples.get(1).id().matches("e_[0-9a-f]{16}"));
    }

    @Test
    void examplesHaveTheFormatsAndLayoutsOfQuestions() throws IOException {
        Map<String, String> wanted = Map.of("question", "1 + 1?", "solution", "1 + 1 = 2", "answer", "2");
        Path gsm8k = Files.writeString(folder.resolve("gsm8k.jsonl"),
                "{\"question\":\"1 + 1?\",\"answer\":\"1 + 1 = <<1+1=2>>2\\n#### 2\"}\n");
        assertEquals(wanted, FewShotExample.read(new FewShot(gsm8k, 1, 0)).getFirst().values());
        Path table = Files.writeString(folder.resolve("table.csv"), "q,worked,a\n1 + 1?,1 + 1 = 2,2\n");
        Map<String, String> fields = Map.of("question", "q", "solution", "worked", "answer", "a");
        Map<String, String> read = FewShotExample.read(new FewShot(new FileList.File(table), Layout.AUTO, fields, 1, 0)).getFirst()
                .values();
        wanted.forEach((name, value) -> assertEquals(value, read.get(name)));
        Path chat = Files.writeString(folder.resolve("chat.jsonl"),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"1 + 1?\"},{\"role\":\"assistant\",\"content\":\"1 + "
                        + "1 = 2\"}]}");
        assertEquals("1 + 1 = 2", FewShotExample.read(new FewShot(chat, 1, 0)).getFirst().values().get("solution"));
        Map<String, String> wrong = Map.of("question", "problem");
        assertEquals(
                table + ":2: problem: a text or a number; got the fields q, worked, a; name another field; mend or "
                        + "remove this row",
                assertThrows(DataException.class,
                        () -> FewShotExample.read(new FewShot(new FileList.File(table), Layout.AUTO, wrong, 1, 0)))
                        .getMessage());
    }

    @Test
    void severalFilesAreOnePoolWhateverTheFormatOfEach() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"1\",\"question\":\"1 + 1?\",\"answer\":2}\n");
        Files.writeString(folder.resolve("b.csv"), "id,question,answer\n2,2 + 2?,4\n");
        FewShot shots = read("examples: {files: [a.jsonl, b.csv]}\nk: 2\n");
        List<FewShotExample> pool = FewShotExample.read(shots);
        assertEquals(List.of("1", "2"), ids(pool));
        assertEquals(Set.of("1", "2"), Set.copyOf(ids(shots.choose(pool, "q", "?"))));
        FewShot one = read("examples: b.csv\n");
        assertEquals(List.of("2"), ids(FewShotExample.read(one)));
    }

    @Test
    void everyBadLineOfAnExampleFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("examples.jsonl"), "[1]\n{\"question\":\"a\"}\n{\"question\n");
        DataException e = assertThrows(DataException.class, () -> FewShotExample.read(new FewShot(file, 1, 0)));
        assertEquals(2, e.problems().size());
        assertEquals(file + ":1: a JSON object; got array; mend or remove this row", e.problems().getFirst()
                .toString());
        assertTrue(e.problems().get(1).place().startsWith(file + ":3"), e.getMessage());
    }

    private FewShot read(String yaml) {
        return ConfigReader.read(yaml, "task.yaml", folder, FewShot.class);
    }

    private static FewShot fewShot(int k, long seed) {
        return new FewShot(Path.of("unread"), k, seed);
    }

    private static List<String> ids(List<FewShotExample> examples) {
        return examples.stream().map(FewShotExample::id).toList();
    }

    private static FewShotExample example(String id, String question, String solution) {
        return new FewShotExample(id, Map.of("question", question, "solution", solution));
    }

    @Test
    void examplesAreChosenByLikenessDiversityOrLength() {
        List<FewShotExample> pool = List.of(
                example("ducks", "How many eggs do the ducks lay?", "a"),
                example("eggs", "How many duck eggs are sold in a week?", "a\nb"),
                example("train", "How far does the train go?", "a\nb\nc"),
                example("same", "How many duck eggs are sold in a week, then?", "a"));
        String question = "How many duck eggs are sold in a year?";
        assertEquals(List.of("eggs", "same"), chosen(pool, question, FewShot.Choice.SIMILAR).stream().sorted().toList());
        assertEquals("eggs", chosen(pool, question, FewShot.Choice.DIVERSE).getLast());
        assertEquals(List.of("train", "eggs"), chosen(pool, question, FewShot.Choice.DIVERSE));
        assertEquals(List.of("train", "eggs"), chosen(pool, question, FewShot.Choice.COMPLEX));
    }

    private static List<String> chosen(List<FewShotExample> pool, String question, FewShot.Choice by) {
        return new FewShot(new FileList.File(Path.of("unread")), Layout.AUTO, Map.of(), 2, 0, by)
                .choose(pool, "q", question).stream().map(FewShotExample::id).toList();
    }
}
