package dev.socratic.eval.harness.score;

import dev.socratic.core.error.Problem;
import dev.socratic.core.python.PythonPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `exact_match` of lm-evaluation-harness: equal texts, once what a task ignores is taken out of both: each pattern in
/// turn, then case, then ASCII punctuation, then digits.
///
/// @param ignored     `regexes_to_ignore`
/// @param anyCase     `ignore_case`
/// @param punctuation whether it is ignored
/// @param numbers     whether they are
record ExactTexts(List<PythonPattern> ignored, boolean anyCase, boolean punctuation, boolean numbers) {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    static ExactTexts of(Map<String, Object> options) {
        List<PythonPattern> patterns = new ArrayList<>();
        Object given = options.get("regexes_to_ignore");
        if (given instanceof List<?> several) {
            several.forEach(one -> patterns.add(PythonPattern.of(String.valueOf(one))));
        } else if (given instanceof String one) {
            // there each character of the text would be a pattern of its own
            one.chars().forEach(sign -> patterns.add(PythonPattern.of(Character.toString(sign))));
        }
        return new ExactTexts(patterns, truth(options, "ignore_case"), truth(options, "ignore_punctuation"),
                truth(options, "ignore_numbers"));
    }

    /// @return what is wrong with the options
    static List<Problem> problems(Map<String, Object> options, String place) {
        try {
            of(options);
            return List.of();
        } catch (IllegalArgumentException wrong) {
            return List.of(Problem.said(place, wrong.getMessage()));
        }
    }

    private static boolean truth(Map<String, Object> options, String key) {
        return Boolean.TRUE.equals(options.get(key));
    }

    boolean equal(String written, String gold) {
        return left(written).equals(left(gold));
    }

    private String left(String text) {
        String left = text;
        for (PythonPattern pattern : ignored) {
            left = pattern.sub("", left, 0);
        }
        left = anyCase ? left.toLowerCase(Locale.ROOT) : left;
        StringBuilder out = new StringBuilder();
        left.chars().filter(sign -> !(punctuation && PUNCTUATION.indexOf(sign) >= 0
                || numbers && sign >= '0' && sign <= '9')).forEach(sign -> out.append((char) sign));
        return out.toString();
    }
}
