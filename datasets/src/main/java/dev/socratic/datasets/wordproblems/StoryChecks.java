package dev.socratic.datasets.wordproblems;

import dev.socratic.core.error.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What must hold for every story: whatever is used is defined, whatever is defined is used, every wording of a
/// sentence tells the same numbers.
final class StoryChecks {
    private static final Set<String> PEOPLE = Set.of("name", "he", "him", "his", "friend");
    private static final int MOST_NUMBERS = 6;

    private final Story story;
    private final String place;
    private final List<Problem> problems;
    private final Map<String, Story.Range> numbers;
    private final Set<String> words;

    private StoryChecks(Story story, String place, List<Problem> problems) {
        this.story = story;
        this.place = place + ": story '" + story.name() + "'";
        this.problems = problems;
        this.numbers = story.numbers().stream()
                .collect(Collectors.toMap(Story.Range::name, range -> range, (a, b) -> a));
        this.words = Stream.concat(PEOPLE.stream(), story.picks().stream().flatMap(pick -> pick.slots().stream()))
                .collect(Collectors.toSet());
    }

    static void check(Story story, String place, List<Problem> problems) {
        new StoryChecks(story, place, problems).check();
    }

    private void check() {
        if (story.sentences().isEmpty() || story.ask().wordings().isEmpty()) {
            problem("at least one 'story' sentence and an 'ask'", "none", "write both");
        }
        if (story.rules().size() < 2 || story.rules().size() > 4) {
            problem("2 to 4 steps", String.valueOf(story.rules().size()), "add or merge steps");
        }
        if (numbers.size() != story.numbers().size() || numbers.size() > MOST_NUMBERS) {
            problem("at most " + MOST_NUMBERS + " numbers with names of their own",
                    String.valueOf(story.numbers().size()), "rename or drop some");
        }
        numbers.keySet().stream().filter(words::contains).forEach(name ->
                problem("numbers and words with names of their own", "'" + name + "'",
                        "rename the number or the pick"));
        story.sentences().forEach(this::sameNumbers);
        sameNumbers(story.ask());
        Stream.concat(story.sentences().stream(), Stream.of(story.ask())).flatMap(s -> s.wordings().stream())
                .forEach(wording -> slots(wording, false));
        for (Story.Aside aside : story.asides()) {
            slots(aside.wording(), true);
            if (!numbersIn(aside.wording()).equals(Set.of("x")) || aside.to() - aside.from() < MOST_NUMBERS) {
                problem("an aside with the number {x} from a range of more than " + MOST_NUMBERS,
                        "'" + aside.wording() + "'", "write aside 2..20: ... {x} ...");
            }
        }
        rules();
        used();
    }

    private void sameNumbers(Story.Sentence sentence) {
        List<String> wordings = sentence.wordings();
        for (String wording : wordings) {
            if (!numbersIn(wording).equals(numbersIn(wordings.getFirst()))) {
                problem("the same numbers in every wording of a sentence", "'" + wording + "'",
                        "use " + numbersIn(wordings.getFirst()).stream().sorted().map(n -> "{" + n + "}")
                                .collect(Collectors.joining(" ")));
            }
        }
    }

    private Set<String> numbersIn(String wording) {
        return Slots.in(wording).stream().map(Slots.Slot::name).filter(Predicate.not(words::contains))
                .collect(Collectors.toSet());
    }

    private void slots(String wording, boolean aside) {
        for (Slots.Slot slot : Slots.in(wording)) {
            if (numbers.containsKey(slot.name())) {
                Story.Range range = numbers.get(slot.name());
                if (!slot.says(range.from(), range.to())) {
                    problem("'times' or 'part' of a number within 2..5",
                            "{%s %s}".formatted(slot.name(), slot.manner()), "write {k times} with k 2..5");
                }
            } else if (!(words.contains(slot.name()) && slot.manner().isEmpty())
                    && !(aside && slot.name().equals("x"))) {
                problem("a slot that is a number, a pick or one of name, he, him, his, friend", "{" + slot.name() + "}",
                        "define it or correct its name");
            }
        }
    }

    private void rules() {
        Set<String> known = new HashSet<>(numbers.keySet());
        for (int i = 0; i < story.rules().size(); i++) {
            Story.Rule rule = story.rules().get(i);
            for (String side : List.of(rule.left(), rule.right())) {
                if (!Character.isDigit(side.charAt(0)) && !known.contains(side)) {
                    problem("steps made of numbers and earlier results", "'" + side + "'", "define it above this step");
                }
            }
            boolean last = i == story.rules().size() - 1;
            if (last != rule.ask().isEmpty()) {
                problem("a question after '|' for every step but the last", "step '" + rule.result() + "'",
                        last ? "drop it: the last step's question is the story's own" : "add ' | How many ...?'");
            }
            rule.ask().ifPresent(wording -> slots(wording, false));
            if (!known.add(rule.result())) {
                problem("a result with a name of its own", "'" + rule.result() + "'", "rename it");
            }
        }
    }

    private void used() {
        Set<String> computed = story.rules().stream().flatMap(r -> Stream.of(r.left(), r.right()))
                .collect(Collectors.toSet());
        Set<String> told = Stream.concat(story.sentences().stream(), Stream.of(story.ask()))
                .filter(s -> !s.wordings().isEmpty()).flatMap(s -> numbersIn(s.wordings().getFirst()).stream())
                        .collect(Collectors.toSet());
        for (String number : numbers.keySet()) {
            if (!computed.contains(number) || !told.contains(number)) {
                problem("every number told in a sentence and used in a step", "'" + number + "'",
                        "use it or drop it; a number that does not matter is an aside");
            }
        }
        story.rules().stream().limit(Math.max(0, story.rules().size() - 1)).map(Story.Rule::result)
                .filter(Predicate.not(computed::contains))
                .forEach(unused ->
                        problem("every result used by a later step", "'" + unused + "'", "use it or drop the step"));
        String all = Stream.of(story.sentences().stream().flatMap(s -> s.wordings().stream()),
                story.ask().wordings().stream(),
                        story.rules().stream().flatMap(r -> r.ask().stream()), story.asides().stream()
                                .map(Story.Aside::wording))
                .flatMap(wordings -> wordings).collect(Collectors.joining(" "));
        for (Story.Pick pick : story.picks()) {
            if (pick.slots().stream().noneMatch(slot -> all.contains("{" + slot + "}"))) {
                problem("every pick used in a sentence", "'" + String.join("/", pick.slots()) + "'",
                        "use it or drop it");
            }
        }
    }

    private void problem(String expected, String got, String remedy) {
        problems.add(new Problem(place, expected, got, remedy));
    }
}
