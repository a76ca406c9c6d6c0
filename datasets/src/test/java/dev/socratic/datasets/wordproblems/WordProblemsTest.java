package dev.socratic.datasets.wordproblems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordProblemsTest {
    private static final Form WORKED = new Form.Worked("Think step by step.");

    /// Solved by hand from the story's own words.
    private static final WordProblem BY_HAND = new WordProblem(
            "by_hand", Split.TRAIN, new java.util.TreeMap<>(java.util.Map.of("a", 24, "b", 16)), Optional.empty(),
            "Anna has 24 nuts and finds 16 more. Ben has twice as many. How many has he?",
            List.of(new SubQuestion("How many has Anna?", SolutionStep.of(24, Operation.PLUS, 16)),
                    new SubQuestion("How many has he?", SolutionStep.of(40, Operation.TIMES, 2))));

    private static final StoryBook TINY = StoryReader.read("""
            people: Anna she her her, Ben he him his
            aside 2..20: It is {x} degrees outside.
            == tiny
            numbers: a 2..5, b 2..5
            story: {name} has {a} nuts and {b} eggs.
            step: all = a + b | How many things?
            step: two = all * 2
            ask: How much is 2 times that?
            """, "tiny.txt");

    @TempDir
    Path folder;

    @Test
    void theSplitsOfDifferentSeedsNeverMeet() {
        Set<String> training = new HashSet<>();
        Set<String> trainingNumbers = new HashSet<>();
        Set<String> trainingStories = new HashSet<>();
        for (long seed = 0; seed < 3; seed++) {
            of(Split.TRAIN, 4_000, seed).problems().forEach(problem -> {
                training.add(problem.question());
                trainingNumbers.add(combination(problem));
                trainingStories.add(problem.template());
            });
        }
        for (long seed = 0; seed < 3; seed++) {
            of(Split.HELD_OUT_NUMBERS, 1_000, seed).problems().forEach(problem -> {
                assertFalse(training.contains(problem.question()), problem.question());
                assertFalse(trainingNumbers.contains(combination(problem)), problem.question());
                assertTrue(trainingStories.contains(problem.template()), problem.template());
            });
            of(Split.HELD_OUT_TEMPLATES, 1_000, seed).problems().forEach(problem -> {
                assertFalse(training.contains(problem.question()), problem.question());
                assertFalse(trainingStories.contains(problem.template()), problem.template());
            });
        }
    }

    @Test
    void noTextComesTwice() {
        for (Split split : Split.values()) {
            List<String> texts = of(split, 3_000, 5).problems().map(WordProblem::question).toList();
            assertEquals(3_000, Set.copyOf(texts).size());
        }
    }

    @Test
    void everyStoryOfASplitHasItsShare() {
        var counts = of(Split.TRAIN, 4_700, 1).problems()
                .collect(Collectors.groupingBy(WordProblem::template, Collectors.counting()));
        assertEquals(StoryBook.builtin().of(Split.TRAIN).size(), counts.size());
        double fair = 4_700.0 / counts.size();
        counts.forEach((story, count) ->
                assertTrue(count > fair * 0.5 && count < fair * 1.6, () -> story + ": " + count));
    }

    @Test
    void theSameRecordGivesTheSameProblemsAndALongerOneBeginsWithThem() {
        List<WordProblem> longer = of(Split.TRAIN, 60, 9).problems().toList();
        assertEquals(longer.subList(0, 20), of(Split.TRAIN, 20, 9).problems().toList());
        assertNotEquals(longer, of(Split.TRAIN, 60, 10).problems().toList());
    }

    /// Pinned, since models are trained on what a seed means; a book of the test's own, so that new stories leave it
    /// alone.
    @Test
    void aSeedMeansTheSameProblemsOnEveryPlatform() {
        DistinctProblems problems = DistinctProblems.of(of(Split.TRAIN, 3, 42), TINY);
        assertEquals(
                List.of("Ben has 2 nuts and 3 eggs. How much is 2 times that?",
                        "Ben has 5 nuts and 3 eggs. How much is 2 times that?",
                        "Anna has 2 nuts and 2 eggs. How much is 2 times that?"),
                List.of(problems.next().question(), problems.next().question(), problems.next().question()));
    }

    @Test
    void noTextComesTwiceEvenWhereStoriesHaveFewToGive() {
        DistinctProblems problems = DistinctProblems.of(of(Split.TRAIN, 100, 0), TINY);
        List<WordProblem> all = drain(problems);
        assertEquals(100, all.stream().map(WordProblem::question).distinct().count());
    }

    @Test
    void problemsAreMadeLazily() {
        assertEquals(3, of(Split.TRAIN, Integer.MAX_VALUE, 0).problems().limit(3).count());
    }

    @Test
    void theFormsWriteWhatTheModelsLearn() {
        assertEquals(chat("Think step by step.", "<think>\n24 + 16 = 40\n40 * 2 = 80\n</think>\nThe answer is 80."),
                TrainingRow.of(BY_HAND, new Form.Worked("Think step by step.")));
        assertEquals(chat("Answer only.", "The answer is 80."),
                TrainingRow.of(BY_HAND, new Form.Direct("Answer only.")));
        assertEquals(
                chat("Break it.",
                        "<think>\nHow many has Anna? 24 + 16 = 40\nHow many has he? 40 * 2 = 80\n</think>\nThe "
                                + "answer is 80."),
                TrainingRow.of(BY_HAND, new Form.Socratic("Break it.")));
        assertEquals(chat("Which numbers?", "24, 16"), TrainingRow.of(BY_HAND, new Form.Reading("Which numbers?")));
    }

    @Test
    void readingNamesTheNumbersOfTheStoryAndNeverTheDistractors() {
        for (WordProblem problem : of(Split.TRAIN, 300, 4).problems().toList()) {
            String said = ((TrainingRow.Chat) TrainingRow.of(problem, new Form.Reading("?"))).messages().getLast()
                    .content();
            List<Integer> numbers = java.util.Arrays.stream(said.split(", ")).map(Integer::valueOf).toList();
            assertEquals(List.copyOf(problem.numbers().values()), numbers);
            problem.distractor().ifPresent(aside -> numbers.forEach(
                    number -> assertFalse(aside.matches(".*\\b" + number + "\\b.*"), aside + " against " + said)));
        }
    }

    /// The same words as the module `prompts` says in its built-in templates, where they are pinned as well; the two
    /// cannot see each other.
    @Test
    void formsAreReadByNameWithTheInstructionsOfTheBuiltInPrompts() {
        assertEquals(new WordProblems(Split.TRAIN, 1000, 0, new Form.Worked("Think step by step.")), read("{}"));
        assertEquals(new Form.Direct("Answer only."), read("{form: direct}").form());
        assertEquals(new Form.Socratic("Break this into smaller questions and answer each."),
                read("{form: socratic}").form());
        assertEquals(new WordProblems(Split.HELD_OUT_TEMPLATES, 7, 3, new Form.Arithmetic(4)),
                read("{split: held_out_templates, count: 7, seed: 3, form: {arithmetic: {lines: 4}}}"));
    }

    @Test
    void arithmeticRowsAreLinesThatAreTrueAndUseEveryOperation() {
        Set<String> operations = new HashSet<>();
        List<TrainingRow> rows = new WordProblems(Split.TRAIN, 200, 1, new Form.Arithmetic(5)).rows().toList();
        assertEquals(200, rows.size());
        for (TrainingRow row : rows) {
            String text = ((TrainingRow.Text) row).text();
            assertEquals(5, text.lines().count());
            text.lines().forEach(line -> {
                String[] parts = line.split(" ");
                int left = Integer.parseInt(parts[0]);
                int right = Integer.parseInt(parts[2]);
                operations.add(parts[1]);
                assertTrue(NumberRange.allow(SolutionStep.of(left, Operation.of(parts[1]).orElseThrow(), right)), line);
                assertEquals(line, SolutionStep.of(left, Operation.of(parts[1]).orElseThrow(), right).toString());
            });
        }
        assertEquals(Set.of("+", "-", "*", "/"), operations);
    }

    @Test
    void listsAreLinesThatSayTheSameNumbersTwice() {
        List<TrainingRow> rows = new WordProblems(Split.TRAIN, 50, 1, new Form.Lists(8)).rows().toList();
        assertEquals(50, rows.size());
        Set<String> lists = new HashSet<>();
        for (TrainingRow row : rows) {
            List<String> lines = ((TrainingRow.Text) row).text().lines().toList();
            assertEquals(8, lines.size());
            for (String line : lines) {
                String[] halves = line.split(": ");
                assertEquals(halves[0], halves[1], line);
                assertTrue(halves[0].matches("\\d{1,3}(, \\d{1,3}){1,5}"), line);
                lists.add(halves[0]);
            }
        }
        assertTrue(lists.size() > 390, "only %s of 400 lists differ".formatted(lists.size()));
    }

    @Test
    void rowsAreWrittenAsTheTrainerReadsThem() throws IOException {
        Path file = folder.resolve("rows.jsonl");
        new WordProblems(Split.TRAIN, 2, 0, WORKED).writeRows(file);
        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().matches(
                "\\{\"messages\":\\[\\{\"role\":\"user\",\"content\":\".*\\?\\\\nThink step by "
                        + "step\\.\"},\\{\"role\":\"assistant\",\"content\":\"<think>\\\\n.*\\\\n</think>\\\\nThe "
                        + "answer is \\d+\\.\"}]}"),
                lines.getFirst());
        new WordProblems(Split.TRAIN, 1, 0, new Form.Arithmetic(1)).writeRows(file);
        assertTrue(Files.readString(file).matches("\\{\"text\":\"\\d+ [-+*/] \\d+ = \\d+\"}\n"),
                Files.readString(file));
    }

    @Test
    void aQuestionCarriesAnswerSolutionAndWhereItBelongs() {
        Question question = BY_HAND.toQuestion();
        assertEquals(Optional.of("80"), question.answer());
        assertEquals(Optional.of("24 + 16 = 40\n40 * 2 = 80"), question.solution());
        assertEquals(List.of("split:train", "template:by_hand"), question.tags());
        assertTrue(question.id().startsWith("q_"));
    }

    @Test
    void askingForMoreThanTheStoriesCanTellIsRefusedWithTheNumberTheyCan() {
        DistinctProblems problems = DistinctProblems.of(of(Split.TRAIN, 1_000_000, 0), TINY);
        String message = assertThrows(dev.socratic.core.error.ConfigException.class, () -> drain(problems))
                .getMessage();
        assertTrue(message.matches(
                "word_problems.count: no more problems than the stories can tell apart; got 1000000; write \\d+ or "
                        + "less"), message);
        assertEquals("count: at least 1; got 0; 1000 is the default",
                assertThrows(IllegalArgumentException.class, () -> of(Split.TRAIN, 0, 0)).getMessage());
    }

    private static List<WordProblem> drain(DistinctProblems problems) {
        List<WordProblem> all = new ArrayList<>();
        problems.forEachRemaining(all::add);
        return all;
    }

    private static TrainingRow chat(String instruction, String answer) {
        return new TrainingRow.Chat(
                List.of(ChatMessage.user(BY_HAND.question() + "\n" + instruction), ChatMessage.assistant(answer)));
    }

    private static WordProblems read(String yaml) {
        return ConfigReader.read(yaml, "test.yaml", WordProblems.class);
    }

    private static String combination(WordProblem problem) {
        return problem.template() + new java.util.TreeMap<>(problem.numbers());
    }

    private static WordProblems of(Split split, int count, long seed) {
        return new WordProblems(split, count, seed, WORKED);
    }
}
