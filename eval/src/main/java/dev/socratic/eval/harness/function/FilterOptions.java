package dev.socratic.eval.harness.function;

import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `ExtendedRegexFilter`: a pattern, which of its matches counts, and what is taken out of a text before a second look.
///
/// @param pattern     `regex_pattern`
/// @param select      `group_select`: the number of the match, from the end where below 0
/// @param fallback    where nothing matches
/// @param anyCase     `ignore_case`
/// @param punctuation `ignore_punctuation`
/// @param ignored     `regexes_to_ignore`
record FilterOptions(PythonPattern pattern, int select, String fallback, boolean anyCase, boolean punctuation,
        List<PythonPattern> ignored) {

    static FilterOptions of(Map<String, Object> options) {
        List<PythonPattern> ignored = options.get("regexes_to_ignore") instanceof List<?> several
                ? several.stream().map(one -> PythonPattern.of(String.valueOf(one))).toList() : List.of();
        return new FilterOptions(
                PythonPattern.of(options.getOrDefault("regex_pattern", "#### (\\-?[0-9\\.\\,]+)").toString()),
                options.get("group_select") instanceof Long given ? Math.toIntExact(given) : 0,
                options.getOrDefault("fallback", "[invalid]").toString(),
                Boolean.TRUE.equals(options.get("ignore_case")),
                Boolean.TRUE.equals(options.get("ignore_punctuation")), ignored);
    }

    /// @return the match that counts, of several groups the first that has a text; nothing for an empty one
    Optional<String> match(PythonPattern any, String text) {
        List<List<String>> all = any.findAll(text);
        int place = select < 0 ? all.size() + select : select;
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (place < 0 || place >= all.size()) {
            throw new DataException("group_select", "the number of a match that each answer has",
                    "%s, where an answer has %s".formatted(select, all.size()), "write 0 or -1");
        }
        return all.get(place).stream().filter(group -> !group.isEmpty()).findFirst().map(PythonStrings::strip)
                .filter(found -> !found.isEmpty());
    }

    /// @return without what is to be ignored
    String ignoring(String text) {
        String left = text;
        for (PythonPattern one : ignored) {
            left = one.sub("", left, 0);
        }
        left = anyCase ? left.toLowerCase(Locale.ROOT) : left;
        return punctuation ? left.codePoints().filter(point -> !isPunctuation(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString() : left;
    }

    private static boolean isPunctuation(int point) {
        return switch (Character.getType(point)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
