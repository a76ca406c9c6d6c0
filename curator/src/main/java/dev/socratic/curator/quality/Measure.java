package dev.socratic.curator.quality;

import dev.socratic.core.config.Default;
import dev.socratic.curator.text.Ngrams;
import dev.socratic.curator.text.ScriptCounts;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/// A number of a text and the limits it has to keep. Both limits themselves stay; a share of nothing is 0.
public sealed interface Measure {
    /// Of a sentence, closing quotes and brackets behind it.
    Pattern END = Pattern.compile("(?s).*[.!?。！？।॥؟][\"'”’)\\]]*");

    Optional<Double> min();

    Optional<Double> max();

    /// @return the number
    double of(Document text);

    /// @return what tells this measure from others of its kind in one list: empty, or `_5`
    default String suffix() {
        return "";
    }

    /// How many words.
    record Words(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return text.words().size();
        }
    }

    /// Mean of the characters of words that hold a letter or a digit.
    record MeanWordLength(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return text.words().stream().filter(word -> word.chars().anyMatch(Character::isLetterOrDigit))
                    .mapToInt(String::length).average().orElse(0);
        }
    }

    /// Characters of the longest word.
    record LongestWord(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return text.words().stream().mapToInt(String::length).max().orElse(0);
        }
    }

    /// Occurrences of any of the symbols, over words.
    record SymbolsPerWord(List<String> symbols, Optional<Double> min, Optional<Double> max) implements Measure {
        public SymbolsPerWord {
            symbols = some("symbols", symbols);
        }

        @Override
        public double of(Document text) {
            return ratio(symbols.stream().mapToLong(text::count).sum(), text.words().size());
        }
    }

    /// Share of words that hold a letter.
    record AlphabeticWords(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return share(text.words(), word -> word.chars().anyMatch(Character::isLetter));
        }
    }

    /// How many of these words are in the text.
    record StopWords(@Default("[the, be, to, of, and, that, have, with]") List<String> words, Optional<Double> min,
            Optional<Double> max) implements Measure {
        public StopWords {
            words = some("words", words);
        }

        @Override
        public double of(Document text) {
            Set<String> found = new HashSet<>();
            text.words().forEach(word -> found.add(word.toLowerCase(Locale.ROOT).replaceAll("\\P{L}", "")));
            return words.stream().filter(found::contains).count();
        }
    }

    /// Share of lines that begin with one of these.
    record LinesBeginning(List<String> with, Optional<Double> min, Optional<Double> max) implements Measure {
        public LinesBeginning {
            with = some("with", with);
        }

        @Override
        public double of(Document text) {
            return share(text.lines(), line -> with.stream().anyMatch(line::startsWith));
        }
    }

    /// Share of lines that end with one of these.
    record LinesEnding(List<String> with, Optional<Double> min, Optional<Double> max) implements Measure {
        public LinesEnding {
            with = some("with", with);
        }

        @Override
        public double of(Document text) {
            return share(text.lines(), line -> with.stream().anyMatch(line::endsWith));
        }
    }

    /// Share of lines of at most so many characters.
    record ShortLines(int characters, Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return share(text.lines(), line -> line.length() <= characters);
        }
    }

    /// Line breaks over words.
    record NewlinesPerWord(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(text.text().chars().filter(c -> c == '\n').count(), text.words().size());
        }
    }

    /// How many sentences: ends of them (`.`, `!`, `?`, full-width and Indic ones too) before a blank or the end.
    record Sentences(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return text.words().stream().filter(word -> END.matcher(word).matches()).count();
        }
    }

    /// Share of lines that stood before.
    record DuplicateLines(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(repeated(text.lines(), line -> 1), text.lines().size());
        }
    }

    /// Share of paragraphs that stood before.
    record DuplicateParagraphs(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(repeated(text.paragraphs(), paragraph -> 1), text.paragraphs().size());
        }
    }

    /// Characters in lines that stood before, over characters of all lines.
    record DuplicateLineCharacters(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(repeated(text.lines(), String::length), text.characters());
        }
    }

    /// Characters in paragraphs that stood before, over characters of all lines.
    record DuplicateParagraphCharacters(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(repeated(text.paragraphs(), String::length), text.characters());
        }
    }

    /// [Ngrams#top]: share of the characters that the most frequent n-gram covers.
    record TopNgram(int n, Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return Ngrams.top(text.folded(), n).share();
        }

        @Override
        public String suffix() {
            return "_" + n;
        }
    }

    /// [Ngrams#duplicateShare]: share of the characters in n-grams that stood before.
    record DuplicateNgrams(int n, Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return Ngrams.duplicateShare(text.folded(), n);
        }

        @Override
        public String suffix() {
            return "_" + n;
        }
    }

    /// Most copies of one word, one after the other.
    record WordInARow(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            int longest = text.words().isEmpty() ? 0 : 1;
            int run = 1;
            for (int i = 1; i < text.words().size(); i++) {
                run = text.words().get(i).equals(text.words().get(i - 1)) ? run + 1 : 1;
                longest = Math.max(longest, run);
            }
            return longest;
        }
    }

    /// Occurrences of any of the phrases, whatever their case.
    ///
    /// @param name tells several lists of phrases apart
    record Phrases(String name, List<String> any, Optional<Double> min, Optional<Double> max) implements Measure {
        public Phrases {
            any = some("any", any);
        }

        @Override
        public double of(Document text) {
            return any.stream().mapToLong(text::count).sum();
        }

        @Override
        public String suffix() {
            return "_" + name;
        }
    }

    /// Whether the text begins with one of these: 1 or 0.
    record Begins(List<String> with, Optional<Double> min, Optional<Double> max) implements Measure {
        public Begins {
            with = some("with", with);
        }

        @Override
        public double of(Document text) {
            return with.stream().anyMatch(text.text().strip()::startsWith) ? 1 : 0;
        }
    }

    /// Whether the text ends with one of these: 1 or 0.
    record Ends(List<String> with, Optional<Double> min, Optional<Double> max) implements Measure {
        public Ends {
            with = some("with", with);
        }

        @Override
        public double of(Document text) {
            return with.stream().anyMatch(text.text().strip()::endsWith) ? 1 : 0;
        }
    }

    /// Characters that are no letter, digit or blank, over all characters.
    record SpecialCharacters(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ratio(text.text().codePoints()
                    .filter(c -> !Character.isLetterOrDigit(c) && !Character.isWhitespace(c)).count(),
                    text.text().codePointCount(0, text.text().length()));
        }
    }

    /// [ScriptCounts#mixedShare]: languages mixed in one text.
    record MixedScripts(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ScriptCounts.mixedShare(text.text());
        }
    }

    /// [ScriptCounts#foreignShare]: another language slipped in.
    record ForeignScripts(Optional<Double> min, Optional<Double> max) implements Measure {
        @Override
        public double of(Document text) {
            return ScriptCounts.foreignShare(text.text());
        }
    }

    private static List<String> some(String name, List<String> given) {
        if (given.isEmpty() || given.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "%s: at least one text, none of them empty; got %s".formatted(name, given));
        }
        return List.copyOf(given);
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private static double share(List<String> parts, Predicate<String> wanted) {
        return ratio(parts.stream().filter(wanted).count(), parts.size());
    }

    private static long repeated(List<String> parts, ToLongFunction<String> size) {
        Set<String> seen = new HashSet<>();
        return parts.stream().filter(part -> !seen.add(part)).mapToLong(size).sum();
    }
}
