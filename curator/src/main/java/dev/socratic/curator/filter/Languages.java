package dev.socratic.curator.filter;

import dev.socratic.curator.text.ScriptCounts;
import dev.socratic.curator.text.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which language a text is in, as far as script and function words tell.
///
/// Function words (articles, prepositions, pronouns) make up a third to a half of running text and differ between
/// languages (Ingle 1976; Grefenstette 1995 found them as good as trigrams from about 15 words on). A list is a fact
/// anybody can read and extend, which a trained model is not. Languages with a script of their own are told by the
/// script alone. Not told apart: languages of one script without a list.
final class Languages {
    private static final int LEAST_LETTERS = 8;
    private static final int LEAST_WORDS = 3;
    private static final Set<UnicodeScript> KANA = Set.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);
    private static final String RESOURCE = "function_words.txt";

    /// Languages told by their script alone.
    private static final Map<String, Set<UnicodeScript>> BY_SCRIPT = Map.ofEntries(
            Map.entry("ru", Set.of(UnicodeScript.CYRILLIC)),
            Map.entry("uk", Set.of(UnicodeScript.CYRILLIC)),
            Map.entry("bg", Set.of(UnicodeScript.CYRILLIC)),
            Map.entry("el", Set.of(UnicodeScript.GREEK)),
            Map.entry("he", Set.of(UnicodeScript.HEBREW)),
            Map.entry("ar", Set.of(UnicodeScript.ARABIC)),
            Map.entry("fa", Set.of(UnicodeScript.ARABIC)),
            Map.entry("hi", Set.of(UnicodeScript.DEVANAGARI)),
            Map.entry("bn", Set.of(UnicodeScript.BENGALI)),
            Map.entry("ta", Set.of(UnicodeScript.TAMIL)),
            Map.entry("th", Set.of(UnicodeScript.THAI)),
            Map.entry("ko", Set.of(UnicodeScript.HANGUL)),
            Map.entry("zh", Set.of(UnicodeScript.HAN)),
            Map.entry("ja", Set.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HAN)));

    private final Map<String, Set<String>> functionWords;
    private final Map<String, List<String>> languagesOf = new HashMap<>();

    private Languages(Map<String, Set<String>> functionWords) {
        this.functionWords = functionWords;
        functionWords.forEach((language, words) ->
                words.forEach(word -> languagesOf.computeIfAbsent(word, w -> new ArrayList<>()).add(language)));
    }

    static Languages load() {
        Map<String, Set<String>> words = new TreeMap<>();
        for (String line : resource().lines().toList()) {
            int colon = line.indexOf(':');
            if (!line.startsWith("#") && colon > 0) {
                words.put(line.substring(0, colon), new HashSet<>(Words.of(line.substring(colon + 1))));
            }
        }
        return new Languages(words);
    }

    Set<String> known() {
        Set<String> all = new TreeSet<>(functionWords.keySet());
        all.addAll(BY_SCRIPT.keySet());
        return all;
    }

    Set<UnicodeScript> scripts(String language) {
        return BY_SCRIPT.getOrDefault(language, Set.of(UnicodeScript.LATIN));
    }

    /// A language and how many of a text's different words are function words of it. Different ones, because a
    /// formula says `per` or a variable's name again and again.
    record Hits(String language, int words) {}

    int hits(String language, Set<String> words) {
        Set<String> list = functionWords.getOrDefault(language, Set.of());
        return (int) words.stream().filter(list::contains).count();
    }

    /// @return how many of the words are function words, by language
    private Map<String, Integer> hits(Set<String> words) {
        Map<String, Integer> hits = new TreeMap<>();
        for (String word : words) {
            for (String language : languagesOf.getOrDefault(word, List.of())) {
                hits.merge(language, 1, Integer::sum);
            }
        }
        return hits;
    }

    /// @return the other language with the most function words among these words, the first in the alphabet of equals
    Optional<Hits> bestOther(String expected, Set<String> words) {
        return hits(words).entrySet().stream()
                .filter(language -> !language.getKey().equals(expected))
                .map(language -> new Hits(language.getKey(), language.getValue()))
                .reduce((a, b) -> b.words() > a.words() ? b : a);
    }

    /// The language a text is in, where its words or letters say so: at least three different function words of one
    /// language and twice as many as of any other, or, in another script than Latin, at least eight letters of which
    /// more than half belong to it. Languages that share a script other than Latin are not told apart: the first in
    /// the alphabet stands for all of them.
    Optional<String> of(String text) {
        Map<UnicodeScript, Integer> scripts = ScriptCounts.of(text);
        int letters = scripts.values().stream().mapToInt(Integer::intValue).sum();
        if (letters < LEAST_LETTERS) {
            return Optional.empty();
        }
        if (2 * scripts.getOrDefault(UnicodeScript.LATIN, 0) <= letters) {
            return new TreeMap<>(BY_SCRIPT).entrySet().stream()
                    .filter(language -> 2 * ScriptCounts.share(scripts, language.getValue()) > letters)
                    .filter(language -> !language.getKey().equals("ja") || ScriptCounts.share(scripts, KANA) > 0)
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
        Set<String> words = new HashSet<>(Words.of(text));
        Optional<Hits> best = bestOther("", words).filter(hits -> hits.words() >= LEAST_WORDS);
        return best.filter(hits -> hits.words() >= 2 * bestOther(hits.language(), words).map(Hits::words).orElse(0))
                .map(Hits::language);
    }

    private static String resource() {
        try (InputStream in = Languages.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
