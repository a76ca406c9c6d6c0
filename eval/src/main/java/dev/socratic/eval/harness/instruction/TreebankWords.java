package dev.socratic.eval.harness.instruction;

import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.List;
import java.util.Map;

/// Words of a sentence as the Penn Treebank cuts them and NLTK's `word_tokenize` improves on it: signs and clitics
/// stand alone.
final class TreebankWords {
    private static final String WHOLE = " \\g<0> ";
    private static final List<Map.Entry<PythonPattern, String>> BEFORE = List.of(
            step("([\u00ab\u201c\u2018\u201e]|[`]+)", " \\1 "), step("^\"", "``"), step("(``)", " \\1 "),
            step("([ \\(\\[{<])(\"|'{2})", "\\1 `` "),
            step("(?i)(?<!\\w)(')(?!(?:re|ve|ll|m|t|s|d|n)\\b)(?=\\w)", "\\1 "),
            step("([^\\.])(\\.)([\\]\\)}>\"' \u00bb\u201d\u2019 ]*+)\\s*$", "\\1 \\2 \\3 "),
            step("([:,])([^\\d])", " \\1 \\2"), step("([:,])$", " \\1 "), step("\\.{2,}", WHOLE),
            step("[;@#$%&]", WHOLE), step("[\u2012-\u2015]", WHOLE),
            step("([^\\.])(\\.)([\\]\\)}>\"']*)\\s*$", "\\1 \\2\\3 "), step("[?!]", WHOLE), step("([^'])' ", "\\1 ' "),
            step("[*]", WHOLE), step("[\\]\\[\\(\\)\\{\\}\\<\\>]", WHOLE), step("--", " -- "));
    private static final List<Map.Entry<PythonPattern, String>> BEHIND = List.of(
            step("([\u00bb\u201d\u2019])", " \\1 "), step("''", " '' "), step("\"", " '' "), step("\\s+", " "),
            step("([^' ])('[sS]|'[mM]|'[dD]|') ", "\\1 \\2 "),
            step("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "\\1 \\2 "), pair("can", "not"), pair("d", "'ye"),
            pair("gim", "me"), pair("gon", "na"), pair("got", "ta"), pair("lem", "me"),
            pair("more", "'n"), step("(?i)\\b(wan)(na)(?=\\s)", " \\1 \\2 "),
            step("(?i) ('t)(is)\\b", " \\1 \\2 "), step("(?i) ('t)(was)\\b", " \\1 \\2 "));

    private TreebankWords() {}

    private static Map.Entry<PythonPattern, String> step(String pattern, String replacement) {
        return Map.entry(PythonPattern.of(pattern), replacement);
    }

    private static Map.Entry<PythonPattern, String> pair(String first, String second) {
        return step("(?i)\\b(" + first + ")(" + second + ")\\b", " \\1 \\2 ");
    }

    static List<String> of(String sentence) {
        String text = sentence;
        for (Map.Entry<PythonPattern, String> step : BEFORE) {
            text = step.getKey().sub(step.getValue(), text, 0);
        }
        text = " " + text + " ";
        for (Map.Entry<PythonPattern, String> step : BEHIND) {
            text = step.getKey().sub(step.getValue(), text, 0);
        }
        return PythonStrings.split(text);
    }
}
