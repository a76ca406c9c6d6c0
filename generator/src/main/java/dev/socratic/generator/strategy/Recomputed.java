package dev.socratic.generator.strategy;

import dev.socratic.datasets.answer.Arithmetic;
import dev.socratic.datasets.answer.StatedNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A worked solution as a computation over the numbers of its question.
///
/// `16 - 3 - 4 = 9`, `9 * 2 = 18` over a question with 16, 3, 4 and 2: each operand is a number of the question, a
/// result before it, or a constant of one digit. A value that is both a number of the question and a result, or that
/// the question gives twice, cannot be told apart, and a number in the solution's prose that is neither would be stale:
/// then there is no variant. A number that a word may stand for as well (2 beside "half" or "twice", 7 beside "week",
/// percents) keeps its value: which of the two the solution means is not to be seen.
///
/// @param question  its text
/// @param solution  its text
/// @param inputs    numbers of the question that the solution uses and that may be others, as values
/// @param equations in order
record Recomputed(String question, String solution, List<String> inputs, List<Equation> equations) {
    private static final String NUMBER = "(?:\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+)";
    private static final Pattern EQUATION = Pattern.compile("([$(]?\\s*" + NUMBER + "[\\s)%]*(?:[-+*/x\u00d7\u00f7]\\s*"
            + "[$(]*\\s*" + NUMBER + "[\\s)%]*)+)=\\s*\\$?(" + NUMBER + ")");
    private static final Pattern OPERAND = Pattern.compile(NUMBER);
    private static final Pattern PERCENT = Pattern.compile("(" + NUMBER + ")\\s*(?:%|percent)");
    /// Words that stand for a number, by the values they may stand for.
    private static final Map<String, Pattern> IMPLIED = Map.ofEntries(
            words("2", "half|halves|twice|doubl\\w*|couple|pairs?|both|second|two-\\w+"),
            words("3", "thirds?|tripl\\w*|thrice|three-\\w+"), words("4", "quarter\\w*|fourths?|quadrupl\\w*"),
            words("5", "fifths?|weekdays?|nickels?"), words("6", "sixths?|half dozen"),
            words("7", "weeks?|weekly|days?"),
            words("8", "eighths?"), words("10", "tenths?|decades?|dimes?"),
            words("12", "dozens?|years?|months?|feet|foot"),
            words("16", "pounds?|ounces?"), words("20", "scores?"), words("24", "days?|hours?|daily"),
            words("25", "quarters?"), words("30", "months?"), words("52", "years?|weeks?"),
            words("60", "hours?|minutes?|seconds?"), words("100", "percent|cents?|met(?:er|re)s?|centur\\w*"),
            words("365", "years?"), words("1000", "kilo\\w*|thousands?"));
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

    private static Map.Entry<String, Pattern> words(String value, String words) {
        return Map.entry(value, Pattern.compile("(?i)\\b(?:" + words + ")\\b"));
    }

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
        List<String> used = equations.stream().flatMap(equation -> operands(equation.computed()).stream())
                .distinct().filter(given::contains).toList();
        List<String> inputs = used.stream().filter(Recomputed::whole).filter(value -> !kept(value, question)).toList();
        List<String> results = equations.stream().map(Equation::right).toList();
        boolean ambiguous = results.size() > Set.copyOf(results).size()
                || used.stream().anyMatch(value -> results.contains(value)
                || given.stream().filter(value::equals).count() > 1);
        boolean ends = !equations.isEmpty()
                && Optional.of(equations.getLast().right()).equals(StatedNumbers.exact(answer));
        return inputs.isEmpty() || ambiguous || !ends || !operandsAreKnown(equations, used)
                || !proseIsKnown(solution, equations, given, results) ? Optional.empty()
                : Optional.of(new Recomputed(question, solution, inputs, equations));
    }

    /// A word of the question may stand for the value as well, or it is a percentage.
    private static boolean kept(String value, String question) {
        return Optional.ofNullable(IMPLIED.get(value)).filter(words -> words.matcher(question).find()).isPresent()
                || PERCENT.matcher(question).results().anyMatch(found ->
                        StatedNumbers.exact(found.group(1)).filter(value::equals).isPresent());
    }

    /// Every equation stands on numbers of the question or results before it, but for constants of one digit, 10 and
    /// 100.
    private static boolean operandsAreKnown(List<Equation> equations, List<String> used) {
        List<String> known = new ArrayList<>(used);
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

    private static boolean proseIsKnown(
            String solution, List<Equation> equations, List<String> given, List<String> results) {
        StringBuilder prose = new StringBuilder(solution);
        for (Equation equation : equations) {
            for (int i = equation.start(); i < equation.end(); i++) {
                prose.setCharAt(i, ' ');
            }
        }
        return StatedNumbers.in(prose.toString()).stream().map(StatedNumbers::value)
                .allMatch(value -> given.contains(value) || results.contains(value));
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
        Map<String, String> now = new LinkedHashMap<>(values);
        for (Equation equation : equations) {
            Optional<String> right = Arithmetic.value(substituted(equation.computed(), now));
            if (right.isEmpty() || whole(equation.right()) && !whole(right.get())
                    || !whole(equation.right()) && !right.get().matches("\\d+(/\\d+)?")
                    || right.get().length() > Integer.toString(MOST).length()) {
                return Optional.empty();
            }
            now.put(equation.right(), right.get());
        }
        return values.entrySet().stream().allMatch(entry -> entry.getKey().equals(entry.getValue()))
                ? Optional.empty()
                : Optional.of(new Variant(restated(question, values), restated(solution, now),
                        now.get(equations.getLast().right()), values));
    }

    private static String substituted(String text, Map<String, String> values) {
        return OPERAND.matcher(text).replaceAll(found -> Matcher.quoteReplacement(
                StatedNumbers.exact(found.group()).map(value -> values.getOrDefault(value, found.group()))
                        .orElse(found.group())));
    }

    /// A text with the new numbers; one that it gives in words is written in digits.
    private static String restated(String old, Map<String, String> values) {
        String digits = substituted(old, values);
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
