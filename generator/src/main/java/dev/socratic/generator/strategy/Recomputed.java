package dev.socratic.generator.strategy;

import dev.socratic.datasets.answer.Arithmetic;
import dev.socratic.datasets.answer.StatedNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A worked solution as a computation over the numbers of its question.
///
/// `16 - 3 - 4 = 9`, `9 * 2 = 18` over a question with 16, 3, 4 and 2: each operand is a number of the question, a
/// result before it, or a constant. A value that is both a number of the question and a result, or that is changed and
/// also a constant somewhere, cannot be told apart, and neither can one that the question gives twice: then there is no
/// variant.
///
/// @param question  its text
/// @param solution  its text
/// @param inputs    numbers of the question that the solution uses, as values
/// @param equations in order
record Recomputed(String question, String solution, List<String> inputs, List<Equation> equations) {
    private static final String NUMBER = "\\d[\\d,]*(?:\\.\\d+)?";
    private static final Pattern EQUATION = Pattern.compile("([$(]?\\s*" + NUMBER + "[\\s)%]*(?:[-+*/x\u00d7\u00f7]\\s*"
            + "[$(]*\\s*" + NUMBER + "[\\s)%]*)+)=\\s*\\$?(" + NUMBER + ")");
    private static final Pattern OPERAND = Pattern.compile(NUMBER);
    private static final int MOST = 1_000_000;
    private static final int LONGEST = 10_000;

    /// @param left     what is computed
    /// @param computed the same as [Arithmetic] reads it
    /// @param right    what it comes to, as a value
    /// @param start    of the left side in the solution
    /// @param middle   where the result begins
    /// @param end      behind the result
    record Equation(String left, String computed, String right, int start, int middle, int end) {}

    /// A question with other numbers.
    ///
    /// @param numbers the old values and the new ones
    record Variant(String question, String solution, String answer, Map<String, String> numbers) {}

    /// @return empty where the solution cannot be traced
    static Optional<Recomputed> of(String question, String solution, String answer) {
        if (solution.length() > LONGEST) {
            return Optional.empty();
        }
        List<Equation> equations = new ArrayList<>();
        Matcher matcher = EQUATION.matcher(solution);
        while (matcher.find()) {
            String computed = computed(matcher.group(1));
            Optional<String> right = StatedNumbers.exact(matcher.group(2));
            if (right.isEmpty() || !Arithmetic.value(computed).equals(right)) {
                return Optional.empty();
            }
            equations.add(new Equation(matcher.group(1), computed, right.get(), matcher.start(1), matcher.start(2),
                    matcher.end(2)));
        }
        List<String> given = StatedNumbers.in(question).stream().map(StatedNumbers::value).toList();
        List<String> inputs = equations.stream().flatMap(equation -> operands(equation.computed()).stream())
                .distinct().filter(given::contains).filter(Recomputed::whole).toList();
        boolean twice = inputs.stream().anyMatch(value -> given.stream().filter(value::equals).count() > 1
                || equations.stream().anyMatch(equation -> equation.right().equals(value)));
        boolean used = operandsAreKnown(equations, inputs);
        boolean ends = !equations.isEmpty()
                && Optional.of(equations.getLast().right()).equals(StatedNumbers.exact(answer));
        return inputs.isEmpty() || twice || !used || !ends ? Optional.empty()
                : Optional.of(new Recomputed(question, solution, inputs, equations));
    }

    /// Every equation stands on inputs or results before it, but for constants of one digit and 100.
    private static boolean operandsAreKnown(List<Equation> equations, List<String> inputs) {
        List<String> known = new ArrayList<>(inputs);
        for (Equation equation : equations) {
            for (String operand : operands(equation.computed())) {
                boolean constant = operand.length() == 1 || operand.equals("100") || operand.equals("10");
                if (!known.contains(operand) && !constant) {
                    return false;
                }
            }
            known.add(equation.right());
        }
        return true;
    }

    private static String computed(String left) {
        return left.replace("$", "").replace(",", "").replace("%", "").replaceAll("[x\u00d7]", "*")
                .replace('\u00f7', '/');
    }

    private static List<String> operands(String computed) {
        return OPERAND.matcher(computed).results().map(found -> StatedNumbers.exact(found.group()))
                .flatMap(Optional::stream).toList();
    }

    private static boolean whole(String value) {
        return value.matches("[1-9]\\d{0,8}");
    }

    /// @return empty where the numbers drawn do not work out
    Optional<Variant> variant(SplittableRandom random) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String input : inputs) {
            int old = Integer.parseInt(input);
            values.put(input, Integer.toString(random.nextInt(Math.max(2, old / 2), 2 * old + 2)));
        }
        Map<String, String> results = new LinkedHashMap<>(values);
        StringBuilder worked = new StringBuilder();
        int from = 0;
        for (Equation equation : equations) {
            String left = substituted(equation.computed(), results);
            Optional<String> right = Arithmetic.value(left);
            if (right.isEmpty() || whole(equation.right()) && !whole(right.get())
                    || !whole(equation.right()) && !right.get().matches("\\d+(/\\d+)?")
                    || right.get().length() > Integer.toString(MOST).length()) {
                return Optional.empty();
            }
            worked.append(solution, from, equation.start()).append(substituted(equation.left(), results))
                    .append(solution, equation.start() + equation.left().length(), equation.middle())
                    .append(right.get());
            from = equation.end();
            results.put(equation.right(), right.get());
        }
        worked.append(substituted(solution.substring(from), results));
        return values.entrySet().stream().allMatch(entry -> entry.getKey().equals(entry.getValue()))
                ? Optional.empty()
                : Optional.of(new Variant(restated(values), worked.toString(), results.get(equations.getLast().right()),
                        values));
    }

    private static String substituted(String text, Map<String, String> values) {
        return OPERAND.matcher(text).replaceAll(found -> Matcher.quoteReplacement(
                StatedNumbers.exact(found.group()).map(value -> values.getOrDefault(value, found.group()))
                        .orElse(found.group())));
    }

    /// The question with the new numbers; one that it gives in words is written in digits.
    private String restated(Map<String, String> values) {
        String digits = substituted(question, values);
        Pattern words = Pattern.compile("\\b\\p{L}+(?:-\\p{L}+)?\\b");
        return words.matcher(digits).results().map(found -> found).collect(Collectors.collectingAndThen(
                Collectors.toList(), all -> {
                    StringBuilder text = new StringBuilder();
                    int from = 0;
                    for (var word : all) {
                        List<StatedNumbers> said = StatedNumbers.in(word.group());
                        boolean input = said.size() == 1 && values.containsKey(said.getFirst().value());
                        text.append(digits, from, word.start())
                                .append(input ? values.get(said.getFirst().value()) : word.group());
                        from = word.end();
                    }
                    return text.append(digits.substring(from)).toString();
                }));
    }
}
