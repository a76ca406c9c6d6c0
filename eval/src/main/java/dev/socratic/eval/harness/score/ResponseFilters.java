package dev.socratic.eval.harness.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.task.FunctionName;
import dev.socratic.eval.harness.task.TaskConfig.Pipeline;
import dev.socratic.eval.harness.task.TaskConfig.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A pipeline of filters over the answers to one request. Its name stands behind the metrics.
public final class ResponseFilters {
    /// The filters there are.
    public static final List<String> NAMES = List.of("take_first", "take_first_k", "majority_vote", "regex",
            "multi_choice_regex", "remove_whitespace", "lowercase", "uppercase", "map", "custom");
    private static final String FUNCTION = "filter_fn";
    private static final String INVALID = "[invalid]";
    private static final String CALLED = "!function ";

    private final Pipeline pipeline;
    private final Map<String, PythonPattern> patterns = new HashMap<>();

    public ResponseFilters(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /// @return what is wrong with the pipeline
    public static List<Problem> problems(Pipeline pipeline) {
        List<Problem> problems = new ArrayList<>();
        for (Step step : pipeline.steps()) {
            Optional<String> called = called(step);
            if (called.isPresent()) {
                if (Equivalents.of(called.get(), TaskFunction.Filter.class).isEmpty()) {
                    problems.add(new Problem(step.place(), "a filter, or a function with an equivalent here",
                            step.function(), "take one of %s; 'socratic tasks --functions' names the others".formatted(
                            NAMES)));
                }
            } else if (!NAMES.contains(step.function())) {
                problems.add(new Problem(step.place(), "a filter: one of " + NAMES, "'" + step.function() + "'",
                        "take one of them"));
            }
            if (step.function().equals("custom") && custom(step).isEmpty()) {
                problems.add(new Problem(step.place(), "filter_fn: a function with an equivalent here",
                        String.valueOf(step.options().get(FUNCTION)), "take filters of " + NAMES
                        + "; 'socratic tasks --functions' names those there are"));
            }
            if (called.isEmpty() && step.function().contains("regex")) {
                try {
                    PythonPattern.of(pattern(step));
                } catch (IllegalArgumentException wrong) {
                    problems.add(Problem.said(step.place(), wrong.getMessage()));
                }
            }
        }
        return problems;
    }

    private static Optional<String> called(Step step) {
        return step.function().startsWith(CALLED) ? Optional.of(step.function().substring(CALLED.length()))
                : Optional.empty();
    }

    /// @return its name
    public String name() {
        return pipeline.name();
    }

    /// @param responses texts, or a single likelihood
    /// @return a text, a list of texts or a likelihood
    public Object of(List<Object> responses, ObjectNode document) {
        Object value = responses;
        for (Step step : pipeline.steps()) {
            List<?> list = value instanceof List<?> several ? several : List.of(value);
            Optional<TaskFunction.Filter> own =
                    called(step).flatMap(key -> Equivalents.of(key, TaskFunction.Filter.class));
            value = own.isPresent() ? own.get().of(list, document, step.options()) : switch (step.function()) {
                case "take_first" -> list.getFirst();
                case "take_first_k" -> firstOnes(list, step);
                case "majority_vote" -> List.of(majority(list));
                case "regex" -> list.stream().map(one -> found(one, step)).toList();
                case "multi_choice_regex" -> list.stream().map(one -> option(one, step, document)).toList();
                case "remove_whitespace" -> list.stream().map(one -> stripped(text(one))).toList();
                case "lowercase" -> list.stream().map(one -> text(one).toLowerCase(Locale.ROOT)).toList();
                case "uppercase" -> list.stream().map(one -> text(one).toUpperCase(Locale.ROOT)).toList();
                case "custom" -> custom(step).orElseThrow(() -> new DataException(step.place(),
                        "a function with an equivalent here", String.valueOf(step.options().get(FUNCTION)),
                        "take another filter")).of(List.copyOf(list), document);
                case "map" -> list.stream().map(one -> mapped(text(one), step)).toList();
                default -> throw new DataException(step.place(), "a filter: one of " + NAMES,
                        "'" + step.function() + "'", "take one of them");
            };
        }
        return value;
    }

    private static Optional<TaskFunction.Answers> custom(Step step) {
        return Equivalents.of(String.valueOf(step.options().get(FUNCTION)).replace(FunctionName.TAG + " ", ""),
                TaskFunction.Answers.class);
    }

    private static List<?> firstOnes(List<?> list, Step step) {
        long k = step.options().get("k") instanceof Long given ? given : 1;
        if (list.size() < k) {
            throw new DataException(step.place(), "at least %s answers to each question".formatted(k),
                    String.valueOf(list.size()), "raise repeats to " + k);
        }
        return list.subList(0, (int) k);
    }

    /// Of equally many the one that came first.
    private static Object majority(List<?> list) {
        Map<Object, Long> counts = new LinkedHashMap<>();
        list.forEach(one -> counts.merge(one, 1L, Long::sum));
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        return counts.entrySet().stream().filter(entry -> entry.getValue() == most).findFirst().orElseThrow()
                .getKey();
    }

    private static String text(Object one) {
        return one instanceof String text ? text : String.valueOf(one);
    }

    private static String pattern(Step step) {
        return step.options().getOrDefault("regex_pattern", "#### (\\-?[0-9\\.\\,]+)").toString();
    }

    private static String fallback(Step step) {
        return step.options().getOrDefault("fallback", INVALID).toString();
    }

    private Object found(Object one, Step step) {
        return match(patterns.computeIfAbsent(pattern(step), PythonPattern::of), one, step)
                .map(text -> text.isEmpty() && blankGroups(one, step) ? fallback(step) : text)
                .orElse(fallback(step));
    }

    /// Where a pattern of several groups matched nothing with any of them.
    private boolean blankGroups(Object one, Step step) {
        List<List<String>> all = patterns.get(pattern(step)).findAll(text(one));
        List<String> groups = chosen(all, step).orElse(List.of());
        return groups.size() > 1 && groups.stream().allMatch(String::isEmpty);
    }

    private static Optional<String> match(PythonPattern pattern, Object one, Step step) {
        return chosen(pattern.findAll(one instanceof String text ? text : ""), step).map(groups ->
                stripped(groups.size() == 1 ? groups.getFirst()
                        : groups.stream().filter(group -> !group.isEmpty()).findFirst().orElse("")));
    }

    private static Optional<List<String>> chosen(List<List<String>> all, Step step) {
        long select = step.options().get("group_select") instanceof Long given ? given : 0;
        long place = select < 0 ? all.size() + select : select;
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (place < 0 || place >= all.size()) {
            throw new DataException(step.place(), "group_select: the number of a match that each answer has",
                    "%s, where an answer has %s".formatted(select, all.size()), "write 0 or -1");
        }
        return Optional.of(all.get((int) place));
    }

    /// A letter in the pattern's words, else the text of a choice, else a letter behind a colon.
    private Object option(Object one, Step step, ObjectNode document) {
        JsonNode choices = document.path("choices");
        Map<String, String> letters = new HashMap<>();
        List<String> texts = new ArrayList<>();
        Map<String, String> bare = new LinkedHashMap<>();
        char letter = 'A';
        for (JsonNode choice : choices) {
            String text = ignoring(stripped(choice.asText()), step);
            texts.add(text);
            letters.put(text, "(" + letter + ")");
            bare.put(String.valueOf(letter), "(" + letter + ")");
            letter++;
        }
        Optional<String> found = match(patterns.computeIfAbsent(pattern(step), PythonPattern::of), one, step);
        if (found.filter(text -> !text.isEmpty()).isPresent()) {
            return found.get();
        }
        texts.sort(Comparator.comparingInt((String text) -> PythonPattern.escape(text).length()).reversed());
        PythonPattern any = PythonPattern.of(texts.stream().map(PythonPattern::escape)
                .collect(Collectors.joining("|")));
        Optional<String> named = match(any, ignoring(text(one), step), step).filter(text -> !text.isEmpty());
        if (named.isPresent()) {
            return letters.getOrDefault(named.get(), named.get());
        }
        PythonPattern behind = PythonPattern.of(":[\\s]*(" + String.join("|", bare.keySet()) + ")");
        Optional<String> alone = match(behind, one, step).filter(text -> !text.isEmpty());
        return alone.map(text -> bare.getOrDefault(text, text)).orElse(fallback(step));
    }

    private static String ignoring(String text, Step step) {
        String left = text;
        if (step.options().get("regexes_to_ignore") instanceof List<?> ignored) {
            for (Object pattern : ignored) {
                left = PythonPattern.of(String.valueOf(pattern)).sub("", left, 0);
            }
        }
        if (Boolean.TRUE.equals(step.options().get("ignore_case"))) {
            left = left.toLowerCase(Locale.ROOT);
        }
        if (Boolean.TRUE.equals(step.options().get("ignore_punctuation"))) {
            left = left.codePoints().filter(point -> !punctuation(point))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        }
        return left;
    }

    private static boolean punctuation(int point) {
        return switch (Character.getType(point)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static Object mapped(String text, Step step) {
        Object other = step.options().getOrDefault("default_value", "None");
        Object found = step.options().get("mapping_dict") instanceof Map<?, ?> map && map.containsKey(text)
                ? map.get(text) : other;
        return found instanceof Optional<?> ? "None" : found;
    }

    private static String stripped(String text) {
        return text.strip();
    }
}
