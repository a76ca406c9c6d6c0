package dev.socratic.datasets.wordproblems;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every story of the built-in book, over many draws.
class StoryBookLaws {
    private static final StoryBook BOOK = StoryBook.builtin();
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Map<String, Integer> SAID = Map.of(
            "twice", 2, "three times", 3, "four times", 4, "five times", 5, "half", 2, "a third", 3, "a quarter", 4,
            "a fifth", 5);
    private static final int DRAWS = 150;

    static Stream<String> stories() {
        return BOOK.stories().stream().map(Story::name);
    }

    @ParameterizedTest
    @MethodSource("stories")
    void everyAnswerComesOutAgainWhenTheWrittenSolutionIsReckonedAfresh(String name) {
        for (WordProblem problem : draws(name)) {
            long last = Long.MIN_VALUE;
            for (String line : problem.solution().split("\n")) {
                String[] parts = line.split(" ");
                long left = Long.parseLong(parts[0]);
                long right = Long.parseLong(parts[2]);
                last = Long.parseLong(parts[4]);
                assertEquals("=", parts[3]);
                switch (parts[1]) {
                    case "+" -> assertEquals(last, left + right, line);
                    case "-" -> assertEquals(last, left - right, line);
                    case "*" -> assertEquals(last, left * right, line);
                    case "/" -> assertEquals(left, last * right, line);
                    case String other -> throw new AssertionError("operation " + other);
                }
            }
            assertEquals(problem.answer(), last);
            assertEquals(String.valueOf(last), problem.toQuestion().answer().orElseThrow());
        }
    }

    /// The steps are made of what the question says and nothing else, and use all of it but the distractor.
    @ParameterizedTest
    @MethodSource("stories")
    void theNumbersToldAreTheNumbersUsed(String name) {
        for (WordProblem problem : draws(name)) {
            List<Integer> told = told(problem);
            List<Integer> asked = new ArrayList<>(problem.numbers().values());
            for (int literal : literals(name)) {
                if (!told.contains(literal)) {
                    throw new AssertionError(
                            "the step uses " + literal + ", which nobody is told: " + problem.question());
                }
                asked.add(literal);
            }
            assertEquals(asked.stream().sorted().toList(), told.stream().sorted().toList(), problem.question());
            List<Integer> known = new ArrayList<>(told);
            for (SolutionStep step : problem.steps()) {
                assertTrue(known.contains(step.left()) && known.contains(step.right()),
                        step + " in " + problem.question());
                known.add(step.result());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stories")
    void numbersStaySmallAndOperationsEasy(String name) {
        for (WordProblem problem : draws(name)) {
            assertTrue(problem.steps().size() >= 2 && problem.steps().size() <= 4);
            for (SolutionStep step : problem.steps()) {
                assertTrue(Stream.of(step.left(), step.right(), step.result()).allMatch(n -> n >= 1 && n <= 200),
                        step::toString);
                switch (step.operation()) {
                    case PLUS, MINUS ->
                            assertTrue(step.left() <= 150 && step.right() <= 150 && step.result() <= 150,
                                    step::toString);
                    case TIMES ->
                            assertTrue(step.result() <= 100 && (easy(step.left()) || easy(step.right())),
                                    step::toString);
                    case DIVIDED_BY -> assertTrue(step.left() <= 100 && easy(step.right()), step::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stories")
    void textsReadAsTheyShould(String name) {
        for (WordProblem problem : draws(name)) {
            String text = problem.question();
            int words = text.split(" ").length;
            assertTrue(words >= 15 && words <= 55, () -> words + " words: " + text);
            assertTrue(text.matches("[A-Z0-9][A-Za-z0-9 ,.]*\\?"), text);
            assertFalse(text.contains("  ") || text.contains(" ,") || text.contains(".."), text);
            assertTrue(Pattern.compile("[.?] [a-z]").matcher(text).results().findAny().isEmpty(), text);
            assertTrue(Pattern.compile("\\ba [aeio][a-z]").matcher(text).results().findAny().isEmpty(), text);
            for (SubQuestion sub : problem.subQuestions()) {
                assertTrue(sub.question().matches("[A-Z][A-Za-z0-9 ,]*\\?"), sub.question());
            }
            assertTrue(text.endsWith(problem.subQuestions().getLast().question()), text);
        }
    }

    @ParameterizedTest
    @MethodSource("stories")
    void aDistractorComesInAQuarterOfTheProblemsAndItsNumberIsNoneThatMatters(String name) {
        List<WordProblem> problems = draws(name, 600);
        long with = problems.stream().filter(problem -> problem.distractor().isPresent()).count();
        assertTrue(with > 600 * 0.17 && with < 600 * 0.33, () -> with + " of 600");
        for (WordProblem problem : problems) {
            problem.distractor().ifPresent(aside -> {
                assertTrue(problem.question().contains(" " + aside + " "), problem.question());
                List<Integer> numbers = numbers(aside);
                assertEquals(1, numbers.size(), aside);
                assertFalse(problem.numbers().containsValue(numbers.getFirst()), problem.question());
            });
        }
    }

    /// Enough combinations that a model cannot learn a story by heart, and enough of them held out to measure with.
    @ParameterizedTest
    @MethodSource("stories")
    void aStoryHasManyNumberCombinations(String name) {
        Story story = story(name);
        Set<Map<String, Integer>> kept = new HashSet<>();
        Set<Map<String, Integer>> heldOut = new HashSet<>();
        Random random = new Random(7);
        for (int i = 0; i < 20_000 && (kept.size() < 100 || !story.heldOut() && heldOut.size() < 10); i++) {
            Map<String, Integer> numbers = new TreeMap<>();
            story.numbers()
                    .forEach(range ->
                            numbers.put(range.name(), range.from() + random.nextInt(range.to() - range.from() + 1)));
            if (ProblemWriter.steps(story, numbers).size() == story.rules().size()) {
                (Split.of(story, numbers) == Split.HELD_OUT_NUMBERS ? heldOut : kept).add(numbers);
            }
        }
        assertTrue(kept.size() >= 100, () -> kept.size() + " combinations");
        assertTrue(story.heldOut() || heldOut.size() >= 10, () -> heldOut.size() + " combinations held out");
    }

    @Test
    void theBookHasTheStoriesItPromises() {
        Map<Integer, Long> bySteps = BOOK.stories().stream()
                .collect(Collectors.groupingBy(story -> story.rules().size(), Collectors.counting()));
        assertAll(
                () -> assertTrue(BOOK.stories().size() >= 40, () -> BOOK.stories().size() + " stories"),
                () -> assertEquals(Set.of(2, 3, 4), bySteps.keySet()),
                () -> assertTrue(BOOK.of(Split.HELD_OUT_TEMPLATES).size() >= 6));
    }

    @Test
    void whatHeldOutStoriesSayAndDoIsKnownFromTraining() {
        assertEquals(Set.of(), minus(kinds(BOOK.of(Split.HELD_OUT_TEMPLATES)), kinds(BOOK.of(Split.TRAIN))));
        assertEquals(Set.of(), minus(words(BOOK.of(Split.HELD_OUT_TEMPLATES)), words(BOOK.of(Split.TRAIN))));
    }

    @Test
    void theVocabularyIsSmallEnoughForAThousandTokens() {
        int words = words(BOOK.stories()).size();
        assertTrue(words <= 420, () -> words + " words");
    }

    /// Two operations that follow one another.
    private static Set<String> kinds(List<Story> stories) {
        return stories.stream().flatMap(story -> IntStream.range(1, story.rules().size())
                .mapToObj(i -> story.rules().get(i - 1).operation() + " then " + story.rules().get(i).operation()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> words(List<Story> stories) {
        Stream<String> wordings = stories.stream().flatMap(story -> Stream.of(
                        story.sentences().stream().flatMap(sentence -> sentence.wordings().stream()),
                        story.ask().wordings().stream(),
                        story.asides().stream().map(Story.Aside::wording),
                        story.rules().stream().flatMap(rule -> rule.ask().stream()),
                        story.picks().stream().flatMap(pick -> pick.choices().stream()).flatMap(List::stream))
                .flatMap(texts -> texts));
        return wordings.map(text -> text.replaceAll("\\{[^}]*\\}", " "))
                .flatMap(text -> Arrays.stream(text.split("[^A-Za-z]+")))
                .filter(word -> !word.isEmpty()).map(word -> word.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> minus(Set<String> all, Set<String> known) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(known);
        return left;
    }

    /// Numbers that a step names itself, which a sentence has to say too: 7 days, 4 legs.
    private static List<Integer> literals(String name) {
        return story(name).rules().stream().flatMap(rule -> Stream.of(rule.left(), rule.right()))
                .filter(side -> Character.isDigit(side.charAt(0))).map(Integer::valueOf).toList();
    }

    /// Numbers of the question, in digits or in words, without the distractor's.
    private static List<Integer> told(WordProblem problem) {
        String text = problem.distractor().map(aside -> problem.question().replace(aside + " ", ""))
                .orElse(problem.question());
        List<Integer> told = new ArrayList<>(numbers(text));
        SAID.forEach((words, number) -> Pattern.compile("\\b" + words + "\\b").matcher(text).results()
                .forEach(found -> told.add(number)));
        return told;
    }

    private static List<Integer> numbers(String text) {
        return NUMBER.matcher(text).results().map(found -> Integer.valueOf(found.group())).toList();
    }

    private static boolean easy(int factor) {
        return factor >= 2 && factor <= 9;
    }

    private static Story story(String name) {
        return BOOK.stories().stream().filter(story -> story.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<WordProblem> draws(String name) {
        return draws(name, DRAWS);
    }

    private static List<WordProblem> draws(String name, int count) {
        Story story = story(name);
        ProblemWriter writer = new ProblemWriter(BOOK, new Random(name.hashCode()));
        Split split = story.heldOut() ? Split.HELD_OUT_TEMPLATES : Split.TRAIN;
        return Stream.generate(() -> writer.write(story, split)).limit(count).toList();
    }
}
