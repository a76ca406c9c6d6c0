package dev.socratic.datasets.wordproblems;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// Draws one problem of a [Composition], and one of the many ways to write its solution: the wording of each step, the
/// sides of sums and products, and the order of steps that do not need each other are drawn uniformly. So whoever
/// learns from such text is sure of the numbers and unsure of the words, and says so in its distributions.
final class ComposedWriter {
    private static final int TRIES = 100_000;

    private final StoryGrammar grammar;
    private final StoryBook book;
    private final Random random;

    ComposedWriter(StoryGrammar grammar, StoryBook book, Random random) {
        this.grammar = grammar;
        this.book = book;
        this.random = random;
    }

    WordProblem write(Composition form, Split split) {
        Map<String, Integer> numbers = drawn(form, split);
        Map<String, String> words = words();
        List<StoryGrammar.Part> parts = form.parts();
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            sentences.add(Slots.fill(one(parts.get(i).says()), with(words, numbers, i)));
        }
        List<Composition.Rule> rules = form.steps();
        Map<String, Integer> known = known(rules, numbers);
        List<SubQuestion> subQuestions = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Composition.Rule rule : order(rules)) {
            SolutionStep step = step(rule, known);
            lines.add(told(rule, step, words));
            subQuestions.add(new SubQuestion(Slots.fill(rule.told().asks(), words), step));
        }
        return new WordProblem(form.name(), split, numbers, Optional.empty(), String.join(" ", sentences), subQuestions,
                Optional.of(String.join("\n", lines)));
    }

    /// @return how many solutions may be written of a problem of this form, all of them as likely: wordings and sides
    ///         of each step, times the orders of all
    static long solutions(Composition form) {
        List<Composition.Rule> rules = form.steps();
        long all = orders(rules, List.of());
        for (Composition.Rule rule : rules) {
            all *= rule.told().tells().size() * (commutes(rule) ? 2 : 1);
        }
        return all;
    }

    private Map<String, Integer> drawn(Composition form, Split split) {
        List<Composition.Rule> rules = form.steps();
        for (int i = 0; i < TRIES; i++) {
            Map<String, Integer> numbers = new LinkedHashMap<>();
            form.numbers().forEach((name, range) ->
                    numbers.put(name, range.from() + random.nextInt(range.to() - range.from() + 1)));
            if (allowed(rules, numbers) && form.split(numbers) == split) {
                return numbers;
            }
        }
        throw new IllegalStateException(
                "composition '%s': numbers that keep to the limits; got none in %s tries; widen its ranges".formatted(
                        form.name(), TRIES));
    }

    private static boolean allowed(List<Composition.Rule> rules, Map<String, Integer> numbers) {
        Map<String, Integer> known = new HashMap<>(numbers);
        for (Composition.Rule rule : rules) {
            SolutionStep step = step(rule, known);
            if (!NumberRange.allow(step)) {
                return false;
            }
            known.put(rule.result(), step.result());
        }
        return true;
    }

    private static Map<String, Integer> known(List<Composition.Rule> rules, Map<String, Integer> numbers) {
        Map<String, Integer> known = new HashMap<>(numbers);
        rules.forEach(rule -> known.put(rule.result(), step(rule, known).result()));
        return known;
    }

    private static SolutionStep step(Composition.Rule rule, Map<String, Integer> known) {
        return SolutionStep.of(known.get(rule.left()), rule.operation(), known.get(rule.right()));
    }

    private String told(Composition.Rule rule, SolutionStep step, Map<String, String> words) {
        SolutionStep written = commutes(rule) && random.nextBoolean()
                ? SolutionStep.of(step.right(), step.operation(), step.left()) : step;
        Map<String, String> values = new HashMap<>(words);
        values.put("sum", written.toString());
        return Slots.fill(one(rule.told().tells()), values);
    }

    private static boolean commutes(Composition.Rule rule) {
        return rule.operation() == Operation.PLUS || rule.operation() == Operation.TIMES;
    }

    /// Every order in which each step comes behind those it needs is as likely as another.
    private List<Composition.Rule> order(List<Composition.Rule> rules) {
        List<Composition.Rule> left = new ArrayList<>(rules);
        List<Composition.Rule> order = new ArrayList<>();
        while (!left.isEmpty()) {
            long drawn = (long) (random.nextDouble() * orders(left, List.of()));
            for (Composition.Rule rule : ready(left)) {
                long behind = orders(left, List.of(rule));
                if (drawn < behind) {
                    order.add(rule);
                    left.remove(rule);
                    break;
                }
                drawn -= behind;
            }
        }
        return order;
    }

    /// @param first that come first
    /// @return in how many orders the rest may follow
    private static long orders(List<Composition.Rule> rules, List<Composition.Rule> first) {
        List<Composition.Rule> left = new ArrayList<>(rules);
        left.removeAll(first);
        return left.isEmpty() ? 1 : ready(left).stream().mapToLong(rule -> orders(left, List.of(rule))).sum();
    }

    private static List<Composition.Rule> ready(List<Composition.Rule> left) {
        List<String> open = left.stream().map(Composition.Rule::result).toList();
        return left.stream().filter(rule -> !open.contains(rule.left()) && !open.contains(rule.right())).toList();
    }

    private Map<String, String> words() {
        Map<String, String> words = new HashMap<>();
        int who = random.nextInt(book.people().size());
        int other = (who + 1 + random.nextInt(book.people().size() - 1)) % book.people().size();
        Story.Person person = book.people().get(who);
        words.putAll(Map.of("name", person.name(), "he", person.he(), "him", person.him(), "his", person.his(),
                "friend", book.people().get(other).name()));
        StoryGrammar.Setting setting = one(grammar.settings());
        pair(words, one(setting.goods()), "item", "items");
        pair(words, setting.boxes(), "box", "boxes");
        return words;
    }

    private static void pair(Map<String, String> words, String oneAndMany, String single, String several) {
        String[] both = oneAndMany.split("/");
        words.put(single, both[0]);
        words.put(several, both[1]);
    }

    /// @param part number of the part, whose numbers its sentences name
    private static Map<String, String> with(Map<String, String> words, Map<String, Integer> numbers, int part) {
        String end = Integer.toString(part);
        Map<String, String> values = new HashMap<>(words);
        values.putAll(numbers.entrySet().stream().filter(number -> number.getKey().endsWith(end)).collect(
                Collectors.toMap(number -> number.getKey().substring(0, number.getKey().length() - 1),
                        number -> number.getValue().toString())));
        return values;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
