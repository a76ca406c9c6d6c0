package dev.socratic.eval.harness.function;

import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// `normalize_final_answer` of Minerva: appendix D of Lewkowycz et al. 2022, arXiv:2206.14858, as lm-evaluation-harness
/// 0.4.13 mends it (units as words, roots with an index, thousands).
final class MinervaAnswers {
    private static final List<Map.Entry<String, String>> SUBSTITUTIONS = List.of(Map.entry("an ", ""),
            Map.entry("a ", ""), Map.entry(".$", "$"), Map.entry("\\$", ""), Map.entry("\\ ", ""),
            Map.entry(" ", ""), Map.entry("mbox", "text"), Map.entry(",\\text{and}", ","),
            Map.entry("\\text{and}", ","), Map.entry("\\text{m}", "\\text{}"));
    private static final List<String> REMOVED = List.of("square", "ways", "integers", "dollars", "mph", "inches",
            "ft", "hours", "km", "units", "\\ldots", "sue", "points", "feet", "minutes", "digits", "cents", "degrees",
            "cm", "gm", "pounds", "meters", "meals", "edges", "students", "childrentickets", "multiples", "\\text{s}",
            "\\text{.}", "\\text{\ns}", "\\text{}^2", "\\text{}^3", "\\text{\n}", "\\text{}", "\\mathrm{th}",
            "^\\circ", "^{\\circ}", "\\;", ",\\!", "{,}", "\"", "\\dots");
    private static final List<PythonPattern> UNITS = REMOVED.stream().filter(MinervaAnswers::isWord)
            .map(unit -> PythonPattern.of("(?<!\\\\)\\b" + unit + "\\b")).toList();
    private static final PythonPattern COMMANDS = PythonPattern.of("\\\\[a-zA-Z]+");
    private static final PythonPattern THOUSANDS = PythonPattern.of("-?\\d{1,3}(,\\d{3})+");
    /// Pattern, then replacement.
    private static final List<Map.Entry<PythonPattern, String>> SHAPES = List.of(
            shape("(.*?)(\\$)(.*?)(\\$)(.*)", "$\\3$"), shape("(\\\\text\\{)(.*?)(\\})", "\\2"),
            shape("(\\\\textbf\\{)(.*?)(\\})", "\\2"), shape("(\\\\overline\\{)(.*?)(\\})", "\\2"),
            shape("(\\\\boxed\\{)(.*)(\\})", "\\2"), shape("(frac)([^{])(.)", "frac{\\2}{\\3}"),
            shape("(sqrt)(\\[[^\\]]*\\])(\\w)", "\\1\\2{\\3}"), shape("(sqrt)(?!\\[)([^{])", "sqrt{\\2}"));

    private MinervaAnswers() {}

    private static Map.Entry<PythonPattern, String> shape(String pattern, String replacement) {
        return Map.entry(PythonPattern.of(pattern), replacement);
    }

    private static boolean isWord(String text) {
        return text.chars().allMatch(Character::isLetter);
    }

    static String normalised(String answer) {
        String text = PythonStrings.split(answer, "=").getLast();
        for (PythonPattern unit : UNITS) {
            text = unit.sub("", text, 0);
        }
        for (Map.Entry<String, String> one : SUBSTITUTIONS) {
            text = text.replace(one.getKey(), one.getValue());
        }
        for (String removed : REMOVED) {
            text = isWord(removed) ? outsideCommands(text, removed) : text.replace(removed, "");
        }
        for (Map.Entry<PythonPattern, String> shape : SHAPES) {
            text = shape.getKey().sub(shape.getValue(), text, 0);
        }
        text = text.replace("$", "");
        return THOUSANDS.matcher(text).matches() ? text.replace(",", "") : text;
    }

    /// So that "ft" does not spoil `\left`.
    private static String outsideCommands(String text, String word) {
        Matcher commands = COMMANDS.matcher(text);
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (commands.find()) {
            parts.add(text.substring(from, commands.start()).replace(word, ""));
            parts.add(commands.group());
            from = commands.end();
        }
        parts.add(text.substring(from).replace(word, ""));
        return String.join("", parts);
    }
}
