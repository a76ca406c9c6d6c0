package dev.socratic.datasets.wordproblems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What holds for every composed story, over all forms.
class ComposedLaws {
    private static final Pattern SUM = Pattern.compile("(\\d+) ([-+*/]) (\\d+) = (\\d+)");

    private final StoryGrammar grammar = StoryGrammar.builtin();
    private final List<Composition> forms = grammar.compositions();

    @Test
    void thereAreHundredsOfFormsAndOneInFiveIsHeldOut() {
        long heldOut = forms.stream().filter(Composition::heldOut).count();
        assertEquals(forms.size(), forms.stream().map(Composition::name).distinct().count());
        assertTrue(forms.size() >= 300, "forms: " + forms.size());
        assertTrue(heldOut >= 40 && heldOut <= forms.size() / 3, "held out: %s of %s".formatted(heldOut, forms.size()));
    }

    @Test
    void aHeldOutFormIsMadeOfPartsAndNeighboursThatAreTrained() {
        Set<String> parts = new HashSet<>();
        forms.stream().filter(form -> !form.heldOut())
                .forEach(form -> form.parts().forEach(part -> parts.add(part.name())));
        forms.forEach(form -> form.parts().forEach(part -> assertTrue(parts.contains(part.name()), part.name())));
    }

    @Test
    void everyFormIsSolvedByItsOwnWordsInEveryOrderThatItIsWrittenIn() {
        ComposedWriter writer = new ComposedWriter(grammar, StoryBook.builtin(), new Random(1));
        for (Composition form : forms) {
            Split split = form.heldOut() ? Split.HELD_OUT_TEMPLATES : Split.TRAIN;
            for (int i = 0; i < 3; i++) {
                WordProblem problem = writer.write(form, split);
                Set<Integer> known = new HashSet<>(problem.numbers().values());
                int last = -1;
                for (String line : problem.solution().split("\n")) {
                    Matcher sum = SUM.matcher(line);
                    assertTrue(sum.find(), line);
                    int left = Integer.parseInt(sum.group(1));
                    int right = Integer.parseInt(sum.group(3));
                    last = Operation.of(sum.group(2)).orElseThrow().apply(left, right);
                    assertEquals(last, Integer.parseInt(sum.group(4)), line);
                    assertTrue(known.contains(left) && known.contains(right), "of known numbers: " + problem);
                    known.add(last);
                }
                assertEquals(problem.answer(), last, "the last line is the answer: " + problem);
                assertTrue(problem.steps().stream().allMatch(NumberRange::allow), problem.toString());
                assertFalse((problem.question() + problem.solution()).matches("(?s).*[{}].*"), problem.toString());
                assertTrue(problem.question().endsWith("?"), problem.question());
                problem.numbers().values().forEach(number -> assertTrue(said(problem.question(), number),
                        "every number is said: " + problem));
            }
        }
    }

    private static boolean said(String question, int number) {
        return question.matches("(?s).*\\b%s\\b.*".formatted(number)) || Map.of(2, "twice", 3, "three times", 4,
                "four times").entrySet().stream()
                .anyMatch(times -> times.getKey() == number && question.contains(times.getValue()));
    }

    @Test
    void solutionsAreAsManyAsIsSaidAndAllOfThemAreDrawn() {
        Composition form = forms.stream().filter(one -> one.name().equals("boxes-buys-now")).findFirst().orElseThrow();
        assertEquals(2 * (4 * 2) * (3 * 2) * (4 * 2), ComposedWriter.solutions(form),
                "orders of two products, wordings and sides of three steps");
        Set<String> shapes = new TreeSet<>();
        ComposedWriter writer = new ComposedWriter(grammar, StoryBook.builtin(), new Random(2));
        for (int i = 0; i < 400; i++) {
            WordProblem problem = writer.write(form, form.heldOut() ? Split.HELD_OUT_TEMPLATES : Split.TRAIN);
            shapes.add(problem.solution().replaceAll("\\d+ ([-+*/]) \\d+ = \\d+", "SUM$1")
                    .replaceAll("[A-Z][a-z]+ (keeps|has|begins)", "NAME $1"));
        }
        assertTrue(shapes.size() > 80, "different wordings and orders: " + shapes.size());
    }

    /// What a teacher can be unsure of: the mean over forms of the bits of a solution's wording. Bare steps have none.
    @Test
    void theWordingOfASolutionHasManyBits() {
        double bits = forms.stream().mapToDouble(form -> Math.log(ComposedWriter.solutions(form)) / Math.log(2))
                .average().orElseThrow();
        assertEquals(9.17, bits, 0.01, "bits of wording and order in the mean over forms");
    }

    @Test
    void splitsShareNoProblemAndNoFormThatIsHeldOut() {
        Map<Split, List<WordProblem>> made = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            made.put(split, new WordProblems(split, 150, 7, new Form.Worked("Think step by step."), Stories.COMPOSED)
                    .problems().toList());
        }
        Set<String> heldOut = forms.stream().filter(Composition::heldOut).map(Composition::name)
                .collect(Collectors.toSet());
        made.forEach((split, problems) -> problems.forEach(problem -> {
            assertEquals(split, problem.split());
            assertEquals(split == Split.HELD_OUT_TEMPLATES, heldOut.contains(problem.template()), problem.template());
        }));
        assertEquals(450, made.values().stream().flatMap(List::stream).map(WordProblem::question).distinct().count());
        assertTrue(made.get(Split.TRAIN).stream().map(WordProblem::template).distinct().count() > 90);
    }

    @Test
    void aSeedMakesTheSameProblemsAndALongerSetBeginsWithTheShorter() {
        assertEquals(texts(5), texts(9).subList(0, 5));
    }

    private static List<String> texts(int count) {
        try (Stream<TrainingRow> rows = new WordProblems(Split.TRAIN, count, 3, new Form.Worked("Solve."),
                Stories.COMPOSED).rows()) {
            return rows.map(TrainingRow::toString).toList();
        }
    }
}
