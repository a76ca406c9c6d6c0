package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/// Filters of BIG-Bench Hard without examples: a choice by letter or by its words, a number in digits or in words, one
/// of two answers by what stands for it, sorted words.
final class BigBenchFilters {
    private static final PythonPattern CHOICES = PythonPattern.of("\\([A-Z]\\)([^\\n^(]*)");

    private BigBenchFilters() {}

    static Map<String, TaskFunction> all() {
        Map<String, TaskFunction> all = new HashMap<>();
        for (String folder : List.of("bbh/zeroshot/utils.", "bbh/cot_zeroshot/utils.")) {
            all.put(folder + "MultiChoiceRegexFilter", (TaskFunction.Filter) (answers, document, options) ->
                    each(answers, one -> choice(one, document, FilterOptions.of(options))));
            all.put(folder + "MapRegexFilter", (TaskFunction.Filter) (answers, document, options) ->
                    each(answers, one -> mapped(one, options)));
            all.put(folder + "NumberParseRegexFilter", (TaskFunction.Filter) (answers, document, options) ->
                    each(answers, one -> number(one, FilterOptions.of(options))));
            all.put(folder + "WordSortFilter", (TaskFunction.Filter) (answers, document, options) ->
                    each(answers, one -> sorted(one, document)));
        }
        return all;
    }

    private interface Step {
        String of(String answer);
    }

    private static List<String> each(List<?> answers, Step step) {
        return answers.stream().map(one -> step.of(String.valueOf(one))).toList();
    }

    /// Choices stand in the question, `(A) ...`, each up to the end of its line.
    private static String choice(String answer, ObjectNode document, FilterOptions options) {
        Optional<String> found = options.match(options.pattern(), answer);
        if (found.isPresent()) {
            return found.get();
        }
        Map<String, String> letters = new HashMap<>();
        List<String> texts = new ArrayList<>();
        StringBuilder bare = new StringBuilder();
        for (List<String> one : CHOICES.findAll(CompletionTasks.text(document, "input"))) {
            String text = options.ignoring(PythonStrings.strip(one.getFirst()));
            char letter = (char) ('A' + texts.size());
            texts.add(PythonPattern.escape(text));
            letters.put(text, "(" + letter + ")");
            bare.append(bare.isEmpty() ? "" : "|").append(letter);
        }
        String any = texts.stream().sorted((a, b) -> b.length() - a.length()).collect(Collectors.joining("|"));
        return options.match(PythonPattern.of(any), options.ignoring(answer))
                .map(text -> letters.getOrDefault(text, text))
                .or(() -> options.match(PythonPattern.of(":[\\s]*(" + bare + ")"), answer)
                        .map(text -> texts.isEmpty() ? text : "(" + text + ")"))
                .orElse(options.fallback());
    }

    /// Each pattern stands for a value; all of them together say which match of the answer is looked at.
    private static String mapped(String answer, Map<String, Object> given) {
        if (!(given.get("regex_pattern_to_value") instanceof Map<?, ?> values) || values.isEmpty()) {
            throw new DataException("regex_pattern_to_value", "a mapping of patterns to values", "none",
                    "write one below the filter");
        }
        FilterOptions options = FilterOptions.of(given);
        String any = values.keySet().stream().map(String::valueOf).collect(Collectors.joining("|"));
        Optional<String> whole = options.match(PythonPattern.of(any), options.ignoring(answer));
        return whole.flatMap(text -> values.entrySet().stream().filter(entry -> options.match(PythonPattern.of(
                String.valueOf(entry.getKey())), options.ignoring(text)).isPresent())
                .map(entry -> String.valueOf(entry.getValue())).findFirst()).orElse(options.fallback());
    }

    private static String number(String answer, FilterOptions options) {
        return options.match(options.pattern(), answer).or(() -> SpelledNumbers.find(answer, options.select()))
                .orElse(options.fallback());
    }

    /// The words of the list in the order in which the answer names each for the last time.
    private static String sorted(String answer, ObjectNode document) {
        List<String> parts = PythonStrings.split(CompletionTasks.text(document, "input"), "List:");
        if (parts.size() < 2) {
            throw new DataException("input", "a question with 'List:' before its words", "one without",
                    "take the row out, or mend it");
        }
        String any = PythonStrings.split(parts.get(1)).stream().map(word -> "\\b" + word + "\\b")
                .collect(Collectors.joining("|"));
        Matcher matcher = PythonPattern.of(any).matcher(answer);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.addFirst(matcher.group());
        }
        Set<String> last = new LinkedHashSet<>(found);
        return String.join(" ", new ArrayList<>(last).reversed());
    }
}
