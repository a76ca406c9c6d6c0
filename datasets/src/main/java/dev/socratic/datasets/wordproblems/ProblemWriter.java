package dev.socratic.datasets.wordproblems;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Draws one problem of a story: numbers that keep to [NumberRange] and belong to the wanted split, then people and
/// words, then wordings.
///
/// [Random] and its one-argument `nextInt` because their algorithm is part of the Java specification: a seed means
/// the same problems on every platform.
final class ProblemWriter {
    private static final int TRIES = 100_000;
    private static final int DISTRACTOR_ONE_IN = 4;

    private final StoryBook book;
    private final Random random;

    ProblemWriter(StoryBook book, Random random) {
        this.book = book;
        this.random = random;
    }

    WordProblem write(Story story, Split split) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List<SolutionStep> steps = drawNumbers(story, split, numbers);
        Map<String, String> values = drawWords(story);
        numbers.forEach((name, value) -> values.put(name, value.toString()));

        List<String> sentences = new ArrayList<>();
        for (Story.Sentence sentence : story.sentences()) {
            sentences.add(Slots.fill(one(sentence.wordings()), values));
        }
        Optional<String> distractor = random.nextInt(DISTRACTOR_ONE_IN) == 0
                ? Optional.of(aside(story, numbers, values))
                : Optional.empty();
        distractor.ifPresent(aside -> sentences.add(1 + random.nextInt(sentences.size()), aside));
        String ask = Slots.fill(one(story.ask().wordings()), values);
        sentences.add(ask);

        List<SubQuestion> subQuestions = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            String question = story.rules().get(i).ask().map(wording -> Slots.fill(wording, values)).orElse(ask);
            subQuestions.add(new SubQuestion(question, steps.get(i)));
        }
        return new WordProblem(
                story.name(), split, numbers, distractor, String.join(" ", sentences), subQuestions);
    }

    private List<SolutionStep> drawNumbers(Story story, Split split, Map<String, Integer> numbers) {
        for (int i = 0; i < TRIES; i++) {
            numbers.clear();
            for (Story.Range range : story.numbers()) {
                numbers.put(range.name(), between(range.from(), range.to()));
            }
            List<SolutionStep> steps = steps(story, numbers);
            if (steps.size() == story.rules().size() && Split.of(story, numbers) == split) {
                return steps;
            }
        }
        throw new IllegalStateException(
                "story '%s': numbers that keep to the limits; got none in %s tries; widen its ranges".formatted(
                        story.name(), TRIES));
    }

    /// @return the steps for these numbers, cut off before the first one outside of [NumberRange]
    static List<SolutionStep> steps(Story story, Map<String, Integer> numbers) {
        Map<String, Integer> known = new HashMap<>(numbers);
        List<SolutionStep> steps = new ArrayList<>();
        for (Story.Rule rule : story.rules()) {
            SolutionStep step = SolutionStep.of(value(rule.left(), known), rule.operation(),
                    value(rule.right(), known));
            if (!NumberRange.allow(step)) {
                break;
            }
            known.put(rule.result(), step.result());
            steps.add(step);
        }
        return steps;
    }

    private static int value(String side, Map<String, Integer> known) {
        return Character.isDigit(side.charAt(0)) ? Integer.parseInt(side) : known.get(side);
    }

    private Map<String, String> drawWords(Story story) {
        Map<String, String> values = new HashMap<>();
        int who = random.nextInt(book.people().size());
        int other = (who + 1 + random.nextInt(book.people().size() - 1)) % book.people().size();
        Story.Person person = book.people().get(who);
        values.put("name", person.name());
        values.put("he", person.he());
        values.put("him", person.him());
        values.put("his", person.his());
        values.put("friend", book.people().get(other).name());
        for (Story.Pick pick : story.picks()) {
            List<String> words = one(pick.choices());
            for (int i = 0; i < pick.slots().size(); i++) {
                values.put(pick.slots().get(i), words.get(i));
            }
        }
        return values;
    }

    /// The distractor's number differs from all that matter, so that nobody can take one for the other.
    private String aside(Story story, Map<String, Integer> numbers, Map<String, String> values) {
        boolean own = !story.asides().isEmpty() && random.nextBoolean();
        Story.Aside aside = one(own ? story.asides() : book.asides());
        int x = between(aside.from(), aside.to());
        while (numbers.containsValue(x)) {
            x = x == aside.to() ? aside.from() : x + 1;
        }
        Map<String, String> with = new HashMap<>(values);
        with.put("x", String.valueOf(x));
        return Slots.fill(aside.wording(), with);
    }

    private int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
