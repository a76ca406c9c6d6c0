package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The words of `answer-phrases.txt` as patterns. Every repetition in them is bounded: none takes more than linear time
/// on any text.
///
/// @param finalAnswer "The final answer is", "Endgültige Antwort:", up to where the value begins
/// @param answerLine  a line that begins with "Answer:", or consists of such a heading
/// @param answerIs    "the answer is", "答案是"
/// @param suffix      words behind a value that are none of it: "です"
/// @param concluding  how a concluding sentence begins: "Therefore", "因此"
record AnswerPhrases(Pattern finalAnswer, Pattern answerLine, Pattern answerIs, Pattern suffix, Pattern concluding) {
    static final AnswerPhrases STANDARD = of(DataLines.of("answer-phrases.txt"));
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.MULTILINE;
    private static final String WORD_START = "(?<![\\p{L}\\p{M}])";
    private static final String WORD_END = "(?![\\p{L}\\p{M}])";
    /// Where a value may begin without a word or sign before it.
    private static final String VALUE = "(?=\\s{0,3}[-+$\\u20ac\\u00a3\\u00a5\\d\\\\(])";

    /// One language.
    ///
    /// @param touching whether its words touch each other
    private record Language(boolean touching, List<String> nouns, List<String> finals, List<String> between,
            List<String> behind) {
        static Language of(String line) {
            String[] parts = line.substring(line.indexOf(':') + 1).split(";", -1);
            return new Language(line.startsWith("+"), list(parts[0]), list(parts[1]), list(parts[2]), list(parts[3]));
        }

        String end() {
            return touching ? "" : WORD_END;
        }

        String copula() {
            return between.stream().filter(w -> !w.equals("-")).map(Pattern::quote).map(w -> w + end())
                    .collect(Collectors.joining("|", "(?:", ")"));
        }

        /// `noun` and what stands between it and the value.
        String announced() {
            boolean optional = between.contains("-");
            return anyOf(nouns) + end() + "[\\s*_\"]{0,9}(?:" + (optional && between.size() == 1 ? "" : copula() + "|")
                    + ":|="
                    + (optional ? "|" + VALUE : "") + ")[\\s*:]{0,9}";
        }

        String announcedFinal() {
            boolean optional = between.contains("-");
            String is = optional && between.size() == 1 ? "" : "\\s{" + (touching ? 0 : 1) + ",9}" + copula() + "|";
            return anyOf(finals) + end() + "(?:" + is + "\\*\\*|\\s{0,9}[:=]" + (optional ? "|" + VALUE : "")
                    + "){1,3}";
        }
    }

    private static AnswerPhrases of(List<String> lines) {
        List<Language> languages = lines.stream().filter(line -> line.matches("\\+?[a-z]{2}:.*")).map(Language::of)
                .toList();
        String hedges = "(?:" + anyOf(named(lines, "hedges")) + WORD_END + "|:)?\\s{0,9}";
        List<String> nouns = new ArrayList<>(named(lines, "lines"));
        languages.forEach(language -> Stream.of(language.nouns(), language.finals()).forEach(nouns::addAll));
        nouns.add("the answer");
        nouns.add("correct answer");
        nouns.add("the correct answer");
        nouns.add("the final answer");
        List<String> headings = nouns.stream().filter(noun -> noun.length() > 1).toList();
        String line = "^[ \\t*>#-]{0,9}" + first(Stream.concat(nouns.stream(), Stream.of("a"))) + "(?:" + anyOf(nouns)
                + "|a)[ \\t*]{0,9}:[*\\s]{0,9}"
                + "|^[ \\t>]{0,9}(?:#{1,6}|\\*\\*)[ \\t*]{0,9}(?:\\d{1,2}[.)][ \\t]{0,3})?" + anyOf(headings)
                        + "[* \\t:]{0,9}\\n[\\s*]{0,9}";
        String is = first(languages.stream().flatMap(l -> l.nouns().stream())) + union(languages, Language::announced)
                + hedges;
        String last = first(languages.stream().flatMap(l -> l.finals().stream()))
                + union(languages, Language::announcedFinal)
                + "\\s{0,9}(?:the (?:final )?answer is\\s{0,9}:?)?[\\s*]{0,9}" + hedges
                + "|^[ \\t>]{0,9}(?:#{1,6}|\\*\\*)[ \\t*]{0,9}(?:\\d{1,2}[.)][ \\t]{0,3})?"
                + anyOf(languages.stream().flatMap(l -> l.finals().stream()).toList()) + "[* \\t:]{0,9}\\n[\\s*]{0,9}";
        List<String> behind = languages.stream().flatMap(l -> l.behind().stream()).toList();
        List<String> concluding = named(lines, "concluding");
        return new AnswerPhrases(
                Pattern.compile(last, FLAGS),
                Pattern.compile(line, FLAGS),
                Pattern.compile(is, FLAGS),
                Pattern.compile("(?:" + anyOf(behind, false) + "|(?<=['\\d])'?" + anyOf(behind, true)
                        + ")(?=[\\s\"*]{0,3}(?:[.,;!?]|$))", FLAGS),
                Pattern.compile("(?:" + anyOf(concluding, true) + WORD_END + "|" + anyOf(concluding, false) + ")",
                        FLAGS));
    }

    private static List<String> named(List<String> lines, String name) {
        return lines.stream().filter(line -> line.startsWith(name + ":"))
                .flatMap(line -> list(line.substring(name.length() + 1)).stream()).toList();
    }

    private static List<String> list(String commas) {
        return Arrays.stream(commas.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private static String union(List<Language> languages, Function<Language, String> part) {
        String separate = languages.stream().filter(l -> !l.touching()).map(part).collect(Collectors.joining("|"));
        String touching = languages.stream().filter(Language::touching).map(part).collect(Collectors.joining("|"));
        return "(?:" + WORD_START + "(?:" + separate + ")|" + touching + ")";
    }

    /// A look at the next character spares most places of a text the walk through all languages.
    private static String first(Stream<String> words) {
        return words.map(w -> w.substring(0, w.offsetByCodePoints(0, 1))).distinct().map(Pattern::quote)
                .collect(Collectors.joining("", "(?=[", "])"));
    }

    /// @param latin those written in Latin letters, or the others
    private static String anyOf(List<String> words, boolean latin) {
        return anyOf(words.stream()
                .filter(w -> (Character.UnicodeScript.of(w.codePointAt(0)) == Character.UnicodeScript.LATIN) == latin)
                .toList());
    }

    /// Longer ones first: of "answer" and "answer is" the longer must win.
    private static String anyOf(List<String> words) {
        return words.stream().distinct().sorted(Comparator.comparingInt(String::length).reversed()).map(Pattern::quote)
                .collect(Collectors.joining("|", "(?:", ")"));
    }
}
