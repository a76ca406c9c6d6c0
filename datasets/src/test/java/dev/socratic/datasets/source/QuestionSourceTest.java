package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.SharedData;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.wordproblems.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionSourceTest {
    @TempDir
    Path folder;

    @Test
    void aGsm8kRowIsAQuestionASolutionWithoutMarksAndAnAnswer() throws Exception {
        Question q =
                only("{\"question\": \"How many?\", \"answer\": \"She has 48/2 = <<48/2=24>>24.\\n#### 1,024\", "
                        + "\"grade\": 3}");
        assertEquals("She has 48/2 = 24.", q.solution().orElseThrow());
        assertEquals("1,024", q.answer().orElseThrow());
        assertEquals("rows.jsonl", q.source());
        assertEquals("{\"grade\":3}", Json.line(q.extra()));
    }

    @Test
    void aSocraticRowKeepsItsSubQuestions() throws Exception {
        Question q =
                only("{\"question\": \"How many?\", \"answer\": \"How many hens? ** There are 2+2=<<2+2=4>>4 "
                        + "hens.\\n#### 4\"}");
        assertEquals("There are 2+2=4 hens.", q.solution().orElseThrow());
        assertEquals("[{\"question\":\"How many hens?\",\"answer\":\"There are 2+2=4 hens.\"}]",
                Json.line(q.extra().get("steps")));
    }

    @Test
    void theOtherLayoutsAreFoundOutByTheirFields() throws Exception {
        Question alpaca = only("{\"instruction\": \"Add.\", \"input\": \"1 2\", \"output\": \"3\", \"id\": \"x7\"}");
        assertEquals("Add.\n\n1 2", alpaca.question());
        assertEquals(Optional.of("3"), alpaca.solution());
        assertEquals(RowIds.question("Add.\n\n1 2"), alpaca.id());
        assertEquals("{\"original_id\":\"x7\"}", Json.line(alpaca.extra()));
        Question shared = only("{\"conversations\": [{\"from\": \"system\", \"value\": \"Be brief.\"},"
                + "{\"from\": \"human\", \"value\": \"Hi?\"}, {\"from\": \"gpt\", \"value\": \"Hi.\"}]}");
        assertEquals("Hi?", shared.question());
        assertEquals(Optional.of("Hi."), shared.solution());
        assertEquals("Hi?", only("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi?\"}]}").question());
        assertEquals(Optional.of("4"), only("{\"question\": \"2+2?\", \"answer\": 4}").answer());
    }

    @Test
    void anyFileIsReadByAMapping() throws Exception {
        Path file = file("{\"problem\": {\"text\": \"How many?\"}, \"answers\": [18, 19], \"answer\": \"no\"}");
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("question", "problem.text");
        fields.put("answer", "answers[-1]");
        Question q = read(new QuestionSource.File(file, Layout.AUTO, fields, Optional.empty())).getFirst();
        assertEquals("How many?", q.question());
        assertEquals(Optional.of("19"), q.answer());
        assertEquals("{\"original_answer\":\"no\"}", Json.line(q.extra()));
    }

    @Test
    void rowsThatDoNotFitGoToTheQuarantineAndTheRestGoesOn() throws Exception {
        Path file = file(
                "{\"question\": \"a\", \"answer\": \"#### 1\"}\n{\"question\": \"b\", \"answer\": "
                        + "\"none\"}\n{\"q\": 1}\nx\n"
                + "{\"question\": \"c\", \"answer\": \"#### 2\"}");
        Quarantine.Listed bad = Quarantine.list();
        try (RowStream<Question> rows = QuestionSource.File.of(file).open(bad, 0)) {
            assertEquals(List.of("a", "c"), rows.toList().stream().map(Question::question).toList());
        }
        assertEquals(
                List.of("2: answer: a solution that ends in #### and the answer; got none",
                        "3: answer: a string; got nothing"),
                bad.rows().subList(0, 2).stream().map(row -> row.line() + ": " + row.reason()).toList());
        assertEquals(3, bad.count());
    }

    @Test
    void aFileOfNoKnownLayoutSaysWhatItHasAndWhatToDo() throws Exception {
        Path file = file("{\"prompt\": \"a\", \"gold\": 1}");
        Quarantine.Listed bad = Quarantine.list();
        try (RowStream<Question> rows = QuestionSource.File.of(file).open(bad, 0)) {
            assertEquals(List.of(), rows.toList());
        }
        assertEquals(
                "row: a field question, instruction, messages, conversations or text; got prompt, gold; say with "
                        + "fields which of them holds what",
                bad.rows().getFirst().reason());
    }

    @Test
    void wrongMappingsAreRefusedWhenTheConfigIsRead() {
        Path file = folder.resolve("rows.jsonl");
        assertEquals(
                "fields: known names are [answer, choices, licence, question, solution, source]; got \"awnser\"",
                assertThrows(IllegalArgumentException.class, () -> new QuestionSource.File(
                        file, Layout.AUTO, Map.of("awnser", "x"), Optional.empty())).getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> new QuestionSource.File(file, Layout.AUTO, Map.of("answer", "x"), Optional.empty()));
        assertThrows(IllegalArgumentException.class,
                () -> new QuestionSource.File(file, Layout.AUTO, Map.of(), Optional.of(0L)));
    }

    @Test
    void aMixByCountHasExactlySoManyOfEachInAnOrderTheSeedDecides() throws Exception {
        QuestionSource mix = new QuestionSource.Mix(List.of(part("a", 300, Optional.empty(), Optional.of(200L)),
                part("b", 300, Optional.empty(), Optional.of(100L))));
        List<String> first = texts(mix, 1);
        assertEquals(first, texts(mix, 1));
        assertNotEquals(first, texts(mix, 2));
        assertEquals(200, first.stream().filter(t -> t.startsWith("a")).count());
        assertEquals(300, first.size());
        assertEquals(IntStream.range(0, 200).mapToObj(i -> "a" + i).toList(),
                first.stream().filter(t -> t.startsWith("a")).toList());
        QuestionSource more = new QuestionSource.Mix(List.of(part("a", 3, Optional.empty(), Optional.of(5L))));
        assertEquals(
                "mix.parts[0].count: as many rows as the count says; got 2 fewer; lower the count",
                assertThrows(DataException.class, () -> texts(more, 1)).getMessage());
    }

    @Test
    void aMixByWeightHoldsItsSharesAndEndsWithTheFirstPart() throws Exception {
        QuestionSource mix = new QuestionSource.Mix(List.of(part("a", 3_000, Optional.of(3.0), Optional.empty()),
                part("b", 5_000, Optional.of(1.0), Optional.empty())));
        List<String> drawn = texts(mix, 5);
        long ofA = drawn.stream().filter(t -> t.startsWith("a")).count();
        assertEquals(3_000, ofA);
        assertTrue(Math.abs(drawn.size() - 4_000) < 4 * Math.sqrt(3_000 * 0.25) / 0.75, "drawn " + drawn.size());
    }

    @Test
    void weightsAndCountsAreNotMingled() {
        assertThrows(IllegalArgumentException.class, () -> new QuestionSource.Mix(List.of(
                part("a", 1, Optional.of(1.0), Optional.empty()), part("b", 1, Optional.empty(), Optional.of(1L)))));
        assertThrows(IllegalArgumentException.class, () -> new QuestionSource.Mix(List.of()));
    }

    @Test
    void thePartsOfASplitMakeUpTheWhole() throws Exception {
        QuestionSource all = part("q", 500, Optional.empty(), Optional.empty()).source();
        Map<String, Double> shares = new LinkedHashMap<>(Map.of("train", 0.8));
        shares.put("test", 0.2);
        List<String> train = texts(new QuestionSource.Split(all, shares, "train", 0), 1);
        List<String> test = texts(new QuestionSource.Split(all, shares, "test", 0), 1);
        assertEquals(500, train.size() + test.size());
        assertTrue(train.stream().noneMatch(test::contains));
        assertTrue(test.size() > 50);
    }

    @Test
    void wordProblemsAreASourceToo() {
        List<Question> questions = read(new QuestionSource.WordProblems(Split.TRAIN, 20, 0));
        assertEquals(20, questions.stream().map(Question::id).collect(Collectors.toSet()).size());
    }

    @Test
    void allOfGsm8kIsReadAndNothingIsLost() {
        Quarantine.Listed bad = Quarantine.list();
        try (RowStream<Question> rows = QuestionSource.File.of(SharedData.file("data/gsm8k/train.jsonl"))
                .open(bad, 0)) {
            List<Question> all = rows.toList();
            assertEquals(7_473, all.size());
            assertTrue(all.stream()
                    .allMatch(q -> q.answer().orElseThrow().matches("-?[\\d,]*\\.?\\d+")
                            && !q.solution().orElseThrow().contains("<<")));
        }
        assertEquals(List.of(), bad.rows());
        try (RowStream<Question> rows = QuestionSource.File.of(SharedData.file("data/gsm8k/test_socratic.jsonl"))
                .open(bad, 0)) {
            List<Question> all = rows.toList();
            assertEquals(1_319, all.size());
            assertTrue(all.stream().allMatch(q -> q.extra().get("steps").size() > 0));
        }
    }

    private Question only(String row) throws Exception {
        return read(QuestionSource.File.of(file(row))).getFirst();
    }

    private Path file(String rows) throws Exception {
        return Files.writeString(folder.resolve("rows.jsonl"), rows + "\n");
    }

    private QuestionSource.Mix.Part part(String name, int rows, Optional<Double> weight, Optional<Long> count) {
        try {
            Path file = folder.resolve(name + rows + ".jsonl");
            Files.write(file,
                    IntStream.range(0, rows).mapToObj(i -> "{\"question\":\"%s%s\"}".formatted(name, i)).toList());
            return new QuestionSource.Mix.Part(QuestionSource.File.of(file), weight, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(QuestionSource source, long seed) {
        try (RowStream<Question> rows = source.open(Quarantine.refuse(), seed)) {
            return rows.toList().stream().map(Question::question).toList();
        }
    }

    private static List<Question> read(QuestionSource source) {
        try (RowStream<Question> rows = source.open(Quarantine.list(), 0)) {
            return rows.toList();
        }
    }
}
