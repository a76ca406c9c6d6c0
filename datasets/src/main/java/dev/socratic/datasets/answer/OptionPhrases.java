package dev.socratic.datasets.answer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words of `option-phrases.txt` as parts of patterns.
///
/// @param keyword what may stand right before a letter: "option"
/// @param before  words before a letter that say it is the answer: "the correct option is"
/// @param holds   words behind a letter that do: "is correct"
/// @param then    words between a letter and the reason for it: "because"
/// @param verb    words behind a letter that say something about it, which may be anything: "is"
/// @param not     words that turn a statement round
record OptionPhrases(String keyword, String before, String holds, String then, Pattern verb, Pattern not) {
    static final OptionPhrases STANDARD = of(DataLines.of("option-phrases.txt"));
    private static final String START = "(?<![\\p{L}\\p{M}&&[^" + UnspacedScripts.TOUCHING + "]])";
    private static final String END = "(?![\\p{L}\\p{M}&&[^" + UnspacedScripts.TOUCHING + "]])";

    private static OptionPhrases of(List<String> lines) {
        Map<String, String> named = lines.stream()
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(':')),
                line -> anyOf(line.substring(line.indexOf(':') + 1))));
        String keyword = START + named.get("keywords") + END;
        String gap = "[\\s:*\"]{0,9}";
        String before = "(?:" + START + "(?:" + named.get("right") + "[\\s*]{0,3}){1,2}" + named.get("keywords")
                + "(?:\\s(?:to|for|here|among)(?:\\s\\p{L}{1,12}){0,5})?"
                + "|" + keyword + "(?:\\s" + named.get("right") + END + ")?)" + "\\s{0,3}(?:" + named.get("is") + END
                        + "|:)" + gap
                + "(?:(?:clearly|therefore|thus|indeed|actually|definitely|hence|also|donc|somit|daher)[\\s,:]{1,3})?"
                + "|" + START + named.get("chosen") + gap;
        return new OptionPhrases(
                keyword, "(?:" + before + ")", named.get("holds") + END, named.get("then") + END,
                Pattern.compile(named.get("verbs") + END, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                Pattern.compile("(?:(?<=n)'t|" + START + named.get("not") + ")" + END,
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }

    private static String anyOf(String commas) {
        return Arrays.stream(commas.split(",")).map(String::strip).filter(w -> !w.isEmpty()).distinct()
                .sorted(Comparator.comparingInt(String::length).reversed()).map(Pattern::quote)
                        .collect(Collectors.joining("|", "(?:", ")"));
    }
}
