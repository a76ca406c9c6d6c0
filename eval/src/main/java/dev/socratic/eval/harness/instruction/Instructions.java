package dev.socratic.eval.harness.instruction;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The 25 kinds of instructions, by their names in the data set.
///
/// Deviation: where a row does not say what it asks for, theirs draws it, so that a verdict is chance; here that is
/// refused. A letter that is no letter (`#`) is drawn there and counted here.
public final class Instructions {
    /// Of NLTK 3.10, whose words have marks, unlike those of Python's `re`.
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final PythonPattern PLACE = PythonPattern.of("\\[.*?\\]");
    private static final PythonPattern STARS = PythonPattern.of("(?m)^\\s*\\*[^\\*].*$");
    private static final PythonPattern DASHES = PythonPattern.of("(?m)^\\s*-.*$");
    private static final PythonPattern DIVIDER = PythonPattern.of("\\s?\\*\\*\\*\\s?");
    private static final PythonPattern SINGLE = PythonPattern.of("\\*[^\\n\\*]*\\*");
    private static final PythonPattern DOUBLE = PythonPattern.of("\\*\\*[^\\n\\*]*\\*\\*");
    private static final PythonPattern TITLE = PythonPattern.of("<<[^\\n]+>>");
    private static final List<String> ANSWERS =
            List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");
    private static final String ANY_CASE = "(?i)";

    /// A kind.
    private interface Kind {
        boolean follows(String text, Wanted wanted);
    }

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("keywords:existence", (text, wanted) -> wanted.texts("keywords").stream().allMatch(word ->
                    PythonPattern.of(ANY_CASE + word).matcher(text).find())),
            Map.entry("keywords:frequency", (text, wanted) -> wanted.compares("relation", "frequency",
                    PythonPattern.of(ANY_CASE + PythonStrings.strip(wanted.text("keyword"))).findAll(text).size())),
            Map.entry("keywords:forbidden_words", (text, wanted) -> wanted.texts("forbidden_words").stream()
                    .noneMatch(word -> PythonPattern.of(ANY_CASE + "\\b" + word + "\\b").matcher(text).find())),
            Map.entry("keywords:letter_frequency", Instructions::letters),
            Map.entry("language:response_language", (text, wanted) -> LanguageGuess.of(text).map(language ->
                    language.equals(wanted.text("language"))).orElse(true)),
            Map.entry("length_constraints:number_sentences", (text, wanted) -> wanted.compares("relation",
                    "num_sentences", English.SENTENCES.of(text).size())),
            Map.entry("length_constraints:number_paragraphs", Instructions::paragraphs),
            Map.entry("length_constraints:number_words", (text, wanted) -> wanted.compares("relation", "num_words",
                    WORD.matcher(text).results().count())),
            Map.entry("length_constraints:nth_paragraph_first_word", Instructions::firstWord),
            Map.entry("detectable_content:number_placeholders", (text, wanted) ->
                    PLACE.findAll(text).size() >= wanted.number("num_placeholders")),
            Map.entry("detectable_content:postscript", Instructions::postscript),
            Map.entry("detectable_format:number_bullet_lists", (text, wanted) ->
                    STARS.findAll(text).size() + DASHES.findAll(text).size() == wanted.number("num_bullets")),
            Map.entry("detectable_format:constrained_response", (text, wanted) ->
                    ANSWERS.stream().anyMatch(text::contains)),
            Map.entry("detectable_format:number_highlighted_sections", Instructions::highlights),
            Map.entry("detectable_format:multiple_sections", (text, wanted) -> PythonPattern.of("\\s?"
                    + PythonStrings.strip(wanted.text("section_spliter")) + "\\s?\\d+\\s?").findAll(text).size()
                    >= wanted.number("num_sections")),
            Map.entry("detectable_format:json_format", (text, wanted) -> FencedJson.isJson(text)),
            Map.entry("detectable_format:title", (text, wanted) -> TITLE.findAll(text).stream().anyMatch(title ->
                    !PythonStrings.strip(title.getFirst().replaceAll("^<+|>+$", "")).isEmpty())),
            Map.entry("combination:two_responses", Instructions::twoAnswers),
            Map.entry("combination:repeat_prompt", (text, wanted) -> plain(text).startsWith(
                    plain(wanted.text("prompt_to_repeat")))),
            Map.entry("startend:end_checker", (text, wanted) -> PythonStrings.strip(PythonStrings.strip(text), "\"")
                    .toLowerCase(Locale.ROOT).endsWith(plain(wanted.text("end_phrase")))),
            Map.entry("startend:quotation", (text, wanted) -> {
                String bare = PythonStrings.strip(text);
                return bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"");
            }),
            Map.entry("change_case:capital_word_frequency", Instructions::capitals),
            Map.entry("change_case:english_capital", (text, wanted) -> PythonStrings.isUpper(text)
                    && isEnglish(text)),
            Map.entry("change_case:english_lowercase", (text, wanted) -> PythonStrings.isLower(text)
                    && isEnglish(text)),
            Map.entry("punctuation:no_comma", (text, wanted) -> !text.contains(",")));

    private Instructions() {}

    /// Read when first needed.
    private static final class English {
        static final SentenceBreaks SENTENCES = new SentenceBreaks(PunktParameters.english());
    }

    /// @param kind   such as `punctuation:no_comma`
    /// @param kwargs what it asks for
    /// @param text   what was written; an empty one follows nothing
    /// @throws DataException for a kind there is not, or one whose kwargs do not say what is wanted
    public static boolean follow(String kind, JsonNode kwargs, String text) {
        Kind known = KINDS.get(kind);
        if (known == null) {
            throw new DataException("instruction_id_list", "kinds of instructions: " + String.join(", ",
                    KINDS.keySet().stream().sorted().toList()), "'" + kind + "'", "take the row out, or mend it");
        }
        return !PythonStrings.strip(text).isEmpty() && known.follows(text, new Wanted(kind, kwargs));
    }

    private static String plain(String text) {
        return PythonStrings.strip(text).toLowerCase(Locale.ROOT);
    }

    private static boolean isEnglish(String text) {
        return LanguageGuess.of(text).map("en"::equals).orElse(true);
    }

    private static boolean letters(String text, Wanted wanted) {
        String letter = PythonStrings.strip(wanted.text("letter")).toLowerCase(Locale.ROOT);
        long count = text.toLowerCase(Locale.ROOT).codePoints().mapToObj(Character::toString).filter(letter::equals)
                .count();
        return wanted.compares("let_relation", "let_frequency", count);
    }

    private static boolean paragraphs(String text, Wanted wanted) {
        List<String> parts = parts(DIVIDER, text);
        int count = parts.size();
        for (int i = 0; i < parts.size(); i++) {
            if (PythonStrings.strip(parts.get(i)).isEmpty()) {
                if (i > 0 && i < parts.size() - 1) {
                    return false;
                }
                count--;
            }
        }
        return count == wanted.number("num_paragraphs");
    }

    private static boolean firstWord(String text, Wanted wanted) {
        List<String> parts = PythonStrings.split(text, "\n\n");
        long count = parts.stream().filter(part -> !PythonStrings.strip(part).isEmpty()).count();
        long nth = wanted.number("nth_paragraph");
        if (nth < 1 || nth > wanted.number("num_paragraphs")) {
            throw wanted.unknown("nth_paragraph", "a number from 1 to num_paragraphs");
        }
        String part = nth <= count ? PythonStrings.strip(parts.get((int) nth - 1)) : "";
        if (part.isEmpty()) {
            return false;
        }
        String word = PythonStrings.split(part).getFirst().replaceAll("^'+", "").replaceAll("^\"+", "")
                .replaceAll("[.,?!'\"].*", "").toLowerCase(Locale.ROOT);
        return count == wanted.number("num_paragraphs")
                && word.equals(wanted.text("first_word").toLowerCase(Locale.ROOT));
    }

    private static boolean postscript(String text, Wanted wanted) {
        String marker = PythonStrings.strip(wanted.text("postscript_marker"));
        String pattern = switch (marker) {
            case "P.P.S" -> "\\s*p\\.\\s?p\\.\\s?s.*$";
            case "P.S." -> "\\s*p\\.\\s?s\\..*$";
            default -> "\\s*" + marker.toLowerCase(Locale.ROOT) + ".*$";
        };
        return PythonPattern.of("(?m)" + pattern).matcher(text.toLowerCase(Locale.ROOT)).find();
    }

    private static boolean highlights(String text, Wanted wanted) {
        long count = SINGLE.findAll(text).stream().filter(found ->
                !PythonStrings.strip(PythonStrings.strip(found.getFirst(), "*")).isEmpty()).count();
        count += DOUBLE.findAll(text).stream().map(List::getFirst).filter(found ->
                !PythonStrings.strip(found.substring(2, found.length() - 2)).isEmpty()).count();
        return count >= wanted.number("num_highlights");
    }

    private static boolean twoAnswers(String text, Wanted wanted) {
        List<String> parts = PythonStrings.split(text, "******");
        List<String> answers = parts.stream().map(PythonStrings::strip).filter(part -> !part.isEmpty()).toList();
        boolean gaps = parts.stream().limit(parts.size() - 1L).skip(1).map(PythonStrings::strip)
                .anyMatch(String::isEmpty);
        return !gaps && answers.size() == 2 && !answers.getFirst().equals(answers.getLast());
    }

    private static boolean capitals(String text, Wanted wanted) {
        long count = English.SENTENCES.of(text).stream().flatMap(sentence -> TreebankWords.of(sentence).stream())
                .filter(PythonStrings::isUpper).count();
        return wanted.compares("capital_relation", "capital_frequency", count);
    }

    private static List<String> parts(PythonPattern divider, String text) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = divider.matcher(text);
        int from = 0;
        while (matcher.find()) {
            parts.add(text.substring(from, matcher.start()));
            from = matcher.end();
        }
        parts.add(text.substring(from));
        return parts;
    }
}
